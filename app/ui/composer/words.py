"""What the composer says about the text and the target. No Qt in here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.wording import tr
from app.wording.terms import encoding_label, quoted_text

if TYPE_CHECKING:
    from app.text.compose import ComposeFault
    from app.ui.composer.check import Check
    from app.ui.composer.target import Obstacle


def why_not(obstacle: Obstacle, client_id: int | None) -> str:
    """Say in a few words why Send is disabled; `client_id` is the one client that is meant."""
    return tr(f"composer.why_{obstacle.value}", id=client_id)


def what_to_do(obstacle: Obstacle, client_id: int | None) -> str:
    """Say in a sentence why Send is disabled and what to do."""
    return tr(f"composer.do_{obstacle.value}", id=client_id)


def size_words(outcome: Check) -> str:
    """Say how many bytes would go to each client; "" for none."""
    if outcome.least_bytes == outcome.most_bytes:
        size = tr("composer.bytes", n=outcome.most_bytes) if outcome.most_bytes else ""
        if size and outcome.checksum:
            return f"{size} · {tr('checksum.preview', value=outcome.checksum)}"
        return size
    return tr("composer.bytes_range", least=outcome.least_bytes, most=outcome.most_bytes)


def unexpected_words(outcome: Check, suffix: str = "") -> list[str]:
    """Say what goes out otherwise than it may look; with suffix "_tip", in a sentence each."""
    said = []
    if outcome.line_ends:
        said.append(tr(f"composer.note_line_ends{suffix}", ends=outcome.line_ends))
    if outcome.literal:
        said.append(tr(f"composer.note_literal{suffix}", fragment=outcome.literal))
    return said


def fault_note(fault: ComposeFault) -> str:
    """Say quietly what is wrong with what is being typed."""
    return tr(
        f"composer.live_{fault.kind}",
        fragment=quoted_text(fault.fragment),
        encoding=encoding_label(fault.encoding),
    )
