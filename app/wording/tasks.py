"""What is said of tasks: in the log, and in their list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.net.tasks.facts import TaskEnd, TaskKind, TaskState
from app.wording.amounts import exact_size_text, size_text
from app.wording.catalogue import tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.journal.refs import ClientRef
    from app.net.tasks.task import Task

_ENDS = set(TaskEnd)
_KINDS = set(TaskKind)


def end_text(why: str, error: str) -> str:
    """Say why a task ended."""
    key = f"tasks.end_{why}" if why in _ENDS else "tasks.end_unknown"
    return tr(key, error=without_stop(error))


def period_text(every_ms: int) -> str:
    """Return `250 ms`, `1.5 s`, `90 s`."""
    return f"{every_ms} ms" if every_ms < 1000 else f"{every_ms / 1000:g} s"


def task_sentence(detail: Mapping[str, Any]) -> str:
    """Say what an event tells of a task."""
    deed, does, name = _text(detail, "deed"), _text(detail, "does"), _text(detail, "task")
    if deed == "started" and does in _KINDS:
        every, path, steps = _number(detail, "every_ms"), _text(detail, "path"), "steps"
        facts = {"every": period_text(every), "path": path, "n": _number(detail, steps)}
        return tr(f"tasks.started_{does}", task=name, **facts)
    if deed == "skips":
        return tr("tasks.skips", task=name)
    if deed == "sent":
        return _sent(detail)
    return _ended(detail, name) if deed == "ended" else tr("tasks.unknown", task=name)


def _sent(detail: Mapping[str, Any]) -> str:
    digest, changed = _text(detail, "sha256"), detail.get("changed") is True
    key = "sent_changed" if changed else "sent_digest" if digest else "sent"
    size = exact_size_text(_number(detail, "size_bytes"))
    where = {"path": _text(detail, "path"), "at": _number(detail, "at"), "digest": digest}
    return tr(f"tasks.{key}", size=size, **where)


def _ended(detail: Mapping[str, Any], name: str) -> str:
    why = end_text(_text(detail, "why"), _text(detail, "error"))
    if _text(detail, "does") == TaskKind.FILE:
        return tr("tasks.ended_file", task=name, why=why, size=size_text(_number(detail, "done")))
    skipped, sent = _number(detail, "skipped"), _number(detail, "sent")
    key = "tasks.ended_skipped" if skipped else "tasks.ended"
    return tr(key, task=name, why=why, n=sent, skipped=skipped)


def _text(detail: Mapping[str, Any], name: str) -> str:
    value = detail.get(name)
    return "" if value is None else str(value)


def _number(detail: Mapping[str, Any], name: str) -> int:
    value = detail.get(name)
    return value if isinstance(value, int) else 0


# -- their list ----------------------------------------------------------------------------------


def state_text(state: TaskState, end: TaskEnd | None, error: str) -> str:
    """Say where a task stands, or why it ended."""
    if end is not None:
        return tr("tasks.state_ended", why=end_text(end, error))
    return tr(f"tasks.state_{state.value}")


def target_text(clients: tuple[ClientRef, ...] | None, server: str) -> str:
    """Say whom it is for; `server` is named where there are several."""
    if clients is None:
        return tr("tasks.all_of", server=server) if server else tr("tasks.all")
    if len(clients) == 1:
        return f"#{clients[0].number}"
    return tr("tasks.clients", n=len(clients))


def progress_text(task: Task) -> str:
    """Say how far it is: of a file in bytes, else in rounds."""
    if task.kind is TaskKind.FILE:
        percent = task.done * 100 // task.total if task.total else 0
        return f"{size_text(task.done)} / {size_text(task.total)} · {percent} %"
    rounds = f"{task.done:,} / {task.total:,}" if task.total else f"{task.done:,}"
    facts = task.facts()
    if task.kind is TaskKind.SEQUENCE:
        return tr("tasks.step", rounds=rounds, step=facts["step"], steps=facts["steps"])
    return tr("tasks.every", rounds=rounds, every=period_text(_number(facts, "every_ms")))
