"""What the console answers clients with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.output import complain
from app.frames.shelf import KitShelf
from app.paths import resource
from app.reply import reply_for
from app.reply.book import make_book
from app.reply.rules import RuleFault
from app.wording.rules import rule_fault_sentence

if TYPE_CHECKING:
    from app.net.answers import Reply
    from app.start import Run


def console_reply(run: Run) -> tuple[Reply | None] | None:
    """Return what answers clients; say what is wrong with the rules, and return None."""
    profile = run.settings.server
    if run.arguments.framing:
        profile = replace(profile, framing=run.arguments.framing)
    shelf = KitShelf(resource("kits"), run.places.kits_dir, run.settings.kits)
    if profile.reply_mode == "rules":
        try:
            make_book(profile, shelf.find)
        except RuleFault as fault:
            complain(rule_fault_sentence(fault))
            return None
    return (reply_for(profile, shelf.find),)
