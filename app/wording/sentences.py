"""Facts to sentences. An error says in one sentence what happened, why, and what to do."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from app.journal.errors import JournalBusy, JournalUnreadable
from app.net.facts import ListenError, ListenFault, PortHolder, SendReport, SendResult
from app.net.holder import lent_ports
from app.wording.amounts import (
    clock_text,
    exact_size_text,
    idle_text,
    moment_text,
    rate_text,
    size_text,
)
from app.wording.catalogue import tr
from app.wording.events import event_sentence
from app.wording.terms import (
    close_reason_text,
    encoding_label,
    quoted_text,
    send_result_text,
    without_stop,
)

if TYPE_CHECKING:
    from app.journal.journal import JournalHealth
    from app.text.compose import ComposeFault

__all__ = [
    "clock_text",
    "close_reason_text",
    "compose_fault_sentence",
    "encoding_label",
    "event_sentence",
    "exact_size_text",
    "idle_text",
    "journal_error_sentence",
    "journal_problem_sentence",
    "listen_error_sentence",
    "moment_text",
    "rate_text",
    "reply_fault_sentence",
    "send_result_text",
    "send_summary",
    "size_text",
]

_LINE_END = re.compile("\r\n|[\r\n]")
FIRST_FREE_PORT = 1024  # below it, systems ask for a privilege (IANA: system ports)


def listen_error_sentence(error: ListenError) -> str:
    """Say why the port could not be opened."""
    holder = error.holder or PortHolder("", 0)
    return tr(
        f"errors.listen_{_listen_case(error)}",
        host=error.endpoint.host,
        port=error.endpoint.port,
        where=error.endpoint,
        program=holder.program,
        pid=holder.pid,
        first=lent_ports()[0],
        reason=without_stop(error.system_text),
    )


def _listen_case(error: ListenError) -> str:
    if error.fault is ListenFault.PORT_IN_USE:
        if error.holder and error.holder.listens:
            return "port_held"
        first, last = lent_ports()
        lent = "_lent" if first <= error.endpoint.port <= last else ""
        return f"port_dialled{lent}" if error.holder else f"port_in_use{lent}"
    if error.fault is ListenFault.NO_PERMISSION and error.endpoint.port >= FIRST_FREE_PORT:
        return "port_reserved"
    if error.fault is ListenFault.BAD_TARGET and not error.system_text:
        return "no_target"
    return error.fault.value


def compose_fault_sentence(fault: ComposeFault, text: str = "") -> str:
    """Say what cannot be sent; `text` is what was typed, so that its lines can be counted."""
    return tr(
        f"errors.compose_{fault.kind}",
        where=_place(fault.position, text),
        fragment=quoted_text(fault.fragment),
        code=f"U+{ord(fault.fragment[0]):04X}" if fault.fragment else "",
        encoding=encoding_label(fault.encoding),
    )


def reply_fault_sentence(fault: ComposeFault) -> str:
    """Say why an automatic reply would not be sent."""
    return tr(
        f"setup.reply_{fault.kind}",
        fragment=quoted_text(fault.fragment),
        encoding=encoding_label(fault.encoding),
    )


def _place(position: int, text: str) -> str:
    *ends, last = [0, *(end.end() for end in _LINE_END.finditer(text, 0, position))]
    if _LINE_END.search(text):
        return tr("errors.place_line", line=len(ends) + 1, column=position - last + 1)
    return tr("errors.place", column=position + 1)


def send_summary(report: SendReport) -> str:
    """Say in one line what became of a send to all its clients."""
    counts = Counter(report.results.values())
    if not counts:
        return tr("events.send_nobody")
    parts = [
        tr(f"events.sends_{result.value}", n=counts[result])
        for result in SendResult
        if counts[result]
    ]
    summary = tr("events.list_comma").join(parts)
    return summary[0].upper() + summary[1:]


def journal_problem_sentence(health: JournalHealth) -> str:
    """Say that the journal cannot be written now; "" while it can."""
    if health.fault is None:
        return ""
    return tr(
        f"errors.journal_{health.fault}",
        size=size_text(health.waiting_bytes),
        reason=without_stop(health.problem or ""),
    )


def journal_error_sentence(error: Exception) -> str:
    """Say why a journal cannot be opened: a JournalError, an OSError."""
    if isinstance(error, JournalBusy):
        return tr("errors.journal_busy", name=error.path.name)
    if isinstance(error, JournalUnreadable):
        reason = without_stop(error.system_text)
        return tr(f"errors.journal_{error.fault.value}", name=error.path.name, reason=reason)
    if isinstance(error, OSError) and error.strerror:
        return tr("errors.journal_system", reason=without_stop(error.strerror))
    return tr("errors.journal_system", reason=without_stop(str(error)))
