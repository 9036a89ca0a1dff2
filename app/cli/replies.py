"""What the console answers clients with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.output import complain
from app.reply import reply_for
from app.reply.book import make_book
from app.reply.rules import RuleFault
from app.wording.rules import rule_fault_sentence

if TYPE_CHECKING:
    from app.frames.shelf import KitShelf
    from app.net.answers import Reply
    from app.start import Run


def console_replies(run: Run, shelf: KitShelf) -> dict[int, Reply | None] | None:
    """Return what answers the clients of each server; say what is wrong with rules, return None."""
    replies: dict[int, Reply | None] = {}
    for profile in run.profiles:
        framed = replace(profile, framing=run.framings[profile.server_id] or profile.framing)
        if framed.reply_mode == "rules":
            try:
                make_book(framed, shelf.find)
            except RuleFault as fault:
                complain(rule_fault_sentence(fault))
                return None
        replies[profile.server_id] = reply_for(framed, shelf.find)
    return replies
