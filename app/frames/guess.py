"""Which protocol some bytes are: the kit whose frames they are, and hardly anything else's.

A kit is named only where the bytes begin with one of its frames, hold nothing but its frames (the
last may be unfinished), none of them has a fault, and the kit itself is `sure` of one: what many
other bytes would pass for, too, is never suggested.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.frames.kits import Kit

ENOUGH_FRAMES = 64  # more tell nothing new


def guess_kit(kits: Iterable[Kit], sample: bytes) -> Kit | None:
    """Return the kit whose frames `sample` is, from a frame's first byte on; None: nobody's.

    Not in the GUI thread: every kit is asked.
    """
    best: tuple[int, Kit] | None = None
    for kit in kits:
        covered = _covered(kit, sample)
        if covered and (best is None or covered > best[0]):
            best = covered, kit
    return best[1] if best is not None else None


def _covered(kit: Kit, sample: bytes) -> int:
    """Return how many bytes are right frames of a kit; 0 where any speak against it."""
    if kit.rule is None or kit.decoder is None or kit.surer is None:
        return 0
    at = frames = 0
    sure = False
    while at < len(sample) and frames < ENOUGH_FRAMES:
        taken = kit.split(sample[at:])
        if taken < 0:
            return 0
        if taken == 0:
            break
        frame = sample[at : at + taken]
        fields = kit.decode(frame)
        if any(field.is_wrong for field in fields) or not (fields or frame.isspace()):
            return 0
        sure = sure or kit.is_sure(frame)
        at += taken
        frames += 1
    return at if sure else 0
