"""How a check of an exercise went, in sentences; what was sent and seen, as text and as hex."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.teaching.exercises.checks import Do
from app.teaching.exercises.playing import Fault
from app.text.decoder import decode
from app.text.hexa import format_hex
from app.text.visible import runs
from app.wording.catalogue import language, tr

if TYPE_CHECKING:
    from app.teaching.exercises.checks import Check, Step
    from app.teaching.exercises.playing import Seen, Verdict
    from app.teaching.programs.program import Call, ProgramFault
    from app.teaching.programs.stopping import StandsIn

_SHOWN_BYTES = 24  # of long data, so many around the place that matters


def check_title(check: Check) -> str:
    """Return a check's title in the language of now, or in the other one."""
    return check.titles.get(language(), next(iter(check.titles.values())))


def bytes_text(data: bytes, encoding: str, at: int = 0) -> str:
    """Return `你好 (C4 E3 BA C3)`, shortened around `at`; control characters by their names."""
    if not data:
        return tr("verdicts.nothing")
    begin = max(0, min(at - _SHOWN_BYTES // 2, len(data) - _SHOWN_BYTES))
    part = data[begin : begin + _SHOWN_BYTES]
    text = "".join(run.text for run in runs(decode(part, encoding)))
    before, behind = "…" if begin else "", "…" if begin + len(part) < len(data) else ""
    shown = f"{before}{text}{behind} ({before}{format_hex(part)}{behind})"
    return shown if len(data) <= _SHOWN_BYTES else tr("verdicts.long", shown=shown, n=len(data))


def step_text(step: Step, encoding: str) -> str:
    """Return what a step is: `A → 你好 (C4 E3 BA C3)`."""
    key = step.do.value.replace("-", "_")
    data = bytes_text(step.data, encoding) if step.data else ""
    return tr(f"verdicts.do_{key}", client=step.client, data=data, ms=step.ms)


def verdict_sentence(verdict: Verdict) -> str:
    """Say where what was seen parted from what was expected; "" if it did not."""
    return _sentence(verdict.seen[-1], verdict.check.encoding) if verdict.fault else ""


def _sentence(seen: Seen, encoding: str) -> str:
    step, fault = seen.step, seen.fault
    key = f"verdicts.{fault}"
    if fault is Fault.OTHER_BYTES and step.do is Do.END:
        key = "verdicts.more_bytes"
    elif fault is Fault.TOO_LATE and not seen.data:
        key = "verdicts.nothing_came"
    elif fault in (Fault.ENDED, Fault.RESET) and step.do is Do.SEND:
        key = f"verdicts.{fault}_sending"
    return tr(
        key,
        client=step.client,
        wanted=bytes_text(step.data, encoding, seen.parted_at),
        got=bytes_text(seen.data, encoding, seen.parted_at),
        at=seen.parted_at + 1,
        have=f"{len(seen.data):,}",
        total=f"{len(step.data):,}",
        seconds=f"{step.ms / 1000:g}",
    )


def fault_sentence(fault: ProgramFault) -> str:
    """Say why a program can't be used, or what it raised."""
    key = f"verdicts.program_{fault.case}"
    if not fault.line and fault.case != "no_handle":
        key = f"{key}_nowhere"
    return tr(key, line=fault.line, words=fault.words)


def calls_text(calls: tuple[Call, ...]) -> str:
    """Return the student's own calls, a line each, the failing one last."""
    return "\n".join(
        tr("verdicts.call", function=call.function, line=call.line, text=call.text)
        for call in calls
    )


def forced_sentence(place: StandsIn) -> str:
    """Say which line had to be ended by force."""
    return tr("verdicts.forced", **_place(place))


def standing_sentence(place: StandsIn) -> str:
    """Say which line can't be ended."""
    key = "verdicts.standing" if place.line else "verdicts.standing_nowhere"
    return tr(key, **_place(place))


def _place(place: StandsIn) -> dict[str, object]:
    return {"line": place.line, "text": place.text, "thread": place.thread.split(" ")[0]}
