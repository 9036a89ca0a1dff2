"""The roll and a poll as CSV (RFC 4180), for a teacher's spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING

from app.evidence.table import defused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.teaching.roll.poll import Poll
    from app.teaching.roll.roll import Pupil

_ROLL = ("number", "name", "since", "presence", "bytes", "answer")
_POLL = ("answer", "words", "count", "percent")


def roll_csv(pupils: Iterable[Pupil], answers: Mapping[int, str]) -> str:
    """Return a row for each pupil. What a spreadsheet would take for a formula is quoted."""
    return _csv(
        _ROLL,
        (
            (
                pupil.session.client_id,
                defused(pupil.name),
                datetime.fromtimestamp(pupil.since_ns / 1e9).astimezone().isoformat(" ", "seconds"),
                pupil.presence.value,
                pupil.bytes_in,
                defused(answers.get(pupil.key, "")),
            )
            for pupil in pupils
        ),
    )


def poll_csv(poll: Poll) -> str:
    """Return the question, if there is one, then a row for each answer."""
    rows = [
        (share.choice.letter, defused(share.choice.words), share.votes, share.percent)
        for share in poll.shares()
    ]
    head = _csv((defused(poll.question),), ()) if poll.question else ""
    return head + _csv(_POLL, rows)


def file_bytes(text: str) -> bytes:
    """Return CSV as a file's content: a spreadsheet knows UTF-8 by its mark only."""
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace")


def _csv(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
