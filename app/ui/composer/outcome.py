"""The outcome of a send in words: one line, and client by client. No Qt in here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.net.facts import SendReport, SendResult
from app.wording import tr
from app.wording.sentences import send_result_text

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMED = 3  # clients named in the line, before it only counts
_LISTED = 20  # lines of the details


def is_smooth(report: SendReport) -> bool:
    """Whether every client got everything."""
    return all(result is SendResult.SENT for result in report.results.values())


def report_line(report: SendReport) -> str:
    """Say in one line who got it, and name those who did not (yet)."""
    if not report.results:
        return tr("composer.report_nobody")
    parts = []
    for result in SendResult:
        client_ids = [i for i, r in report.results.items() if r is result]
        if client_ids:
            parts.append(_part(result, sorted(client_ids)))
    return tr("composer.report_join").join(parts)


def _part(result: SendResult, client_ids: Sequence[int]) -> str:
    if result is SendResult.SENT and len(client_ids) > 1:
        return tr("composer.report_sent_many", n=len(client_ids))
    return tr(f"composer.report_{result.value}", who=_who(client_ids))


def _who(client_ids: Sequence[int]) -> str:
    named = tr("composer.report_comma").join(f"#{i}" for i in client_ids[:_NAMED])
    more = len(client_ids) - _NAMED
    return named if more <= 0 else tr("composer.report_and_more", named=named, n=more)


def report_details(report: SendReport, address_of: Callable[[int], str]) -> str:
    """One line for each client, those who did not get it first; the rest is counted."""
    order = list(SendResult)
    ranked = sorted(report.results.items(), key=lambda item: (-order.index(item[1]), item[0]))
    lines = [
        f"#{client_id} {address_of(client_id)}".rstrip() + f"  {send_result_text(result)}"
        for client_id, result in ranked[:_LISTED]
    ]
    if len(ranked) > _LISTED:
        lines.append(tr("composer.details_more", n=len(ranked) - _LISTED))
    return "\n".join(lines)
