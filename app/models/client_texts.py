"""What a row of the client table says, and when it says something else."""

from __future__ import annotations

from typing import NamedTuple

from app.models.client_columns import SIZES, Column
from app.models.client_row import Client, RecordedClient
from app.net.facts import ClientState
from app.wording import tr
from app.wording.amounts import exact_size_text, idle_text, moment_text, size_text
from app.wording.sentences import close_reason_text, encoding_label
from app.wording.servers import server_text

_NS_PER_S = 1_000_000_000
_SHORT_LIVED_S = 60  # below it every second shows, above only minutes


class Shown(NamedTuple):
    """One row as it stands on the screen."""

    facts: tuple[object, ...]  # what may change, as precisely as it shows
    texts: tuple[str, ...]  # by Column
    state: ClientState
    is_demo: bool


def idle_s(client: Client, now_mono_ns: int) -> int:
    """Return the seconds since bytes last came in or went out; -1 if that is not known."""
    active_ns = client.last_active_mono_ns
    if active_ns is None:
        return -1
    seconds = max(0, now_mono_ns - active_ns) // _NS_PER_S
    return seconds if seconds < _SHORT_LIVED_S else seconds // _SHORT_LIVED_S * _SHORT_LIVED_S


def facts_of(client: Client, now_mono_ns: int) -> tuple[object, ...]:
    """Return all that may change. Equal facts have equal texts, so none need be made."""
    return (
        client.state,
        client.encoding,
        client.bytes_in,
        client.bytes_out,
        client.waiting_bytes,
        idle_s(client, now_mono_ns),
        client.reason,
        client.unsent_bytes,
        client.note,
        client.server_name,
    )


def shown(client: Client, now_mono_ns: int) -> Shown:
    """Return the row of `client` as it is to stand on the screen now."""
    texts = tuple(cell_text(client, column, now_mono_ns) for column in Column)
    return Shown(facts_of(client, now_mono_ns), texts, client.state, client.is_demo)


def differing(one: Shown, other: Shown) -> list[Column]:
    """Return the columns whose cells look different in two states of a row."""
    if one.state is not other.state:  # it colours the whole row
        return list(Column)
    return [column for column in Column if one.texts[column] != other.texts[column]]


def cell_text(client: Client, column: Column, now_mono_ns: int) -> str:
    """Return the text of one cell; "" where nothing is known."""
    match column:
        case Column.NUMBER:
            return str(client.client_id)
        case Column.ADDRESS:
            return str(client.endpoint)
        case Column.STATE:
            return tr(f"clients.state_{client.state}")
        case Column.ENCODING:
            return encoding_label(client.encoding)
        case Column.BYTES_IN | Column.BYTES_OUT | Column.WAITING:
            return _size(client, column)
        case Column.IDLE:
            seconds = idle_s(client, now_mono_ns)
            return "" if seconds < 0 else idle_text(seconds)
        case Column.REASON:
            return _reason(client)
        case Column.THREAD:
            return client.thread_name
        case Column.SINCE:
            return moment_text(client.opened_ns)
        case Column.NOTE:
            return client.note
        case Column.SERVER:
            return server_text(client.server_kind, client.local.port, client.server_name)


def size_bytes(client: Client, column: Column) -> int | None:
    """Return the bytes that a column of SIZES shows."""
    if column is Column.BYTES_IN:
        return client.bytes_in
    return client.bytes_out if column is Column.BYTES_OUT else client.waiting_bytes


def _size(client: Client, column: Column) -> str:
    size = size_bytes(client, column)
    if size is None:
        return ""
    return "0" if column is Column.WAITING and size == 0 else size_text(size)


def _reason(client: Client) -> str:
    if client.state is not ClientState.OFFLINE:
        return ""
    if client.reason is None:
        # A session's reason may follow its state by a moment; a record's never comes.
        return tr("clients.reason_unknown") if isinstance(client, RecordedClient) else ""
    reason = close_reason_text(client.reason)
    if not client.unsent_bytes:
        return reason
    return tr("clients.reason_unsent", reason=reason, size=size_text(client.unsent_bytes))


def cell_tip(client: Client, column: Column, now_mono_ns: int) -> str:
    """Return a cell's tooltip as plain text: the exact number, the meaning, or the whole text."""
    if column in SIZES:
        size = size_bytes(client, column)
        return tr("clients.size_unknown_tip") if size is None else exact_size_text(size)
    if column is Column.STATE:
        size, seconds = client.unacknowledged or (0, 0)
        size_s = {"size": size_text(size), "seconds": seconds}
        return tr(f"clients.state_{client.state}_tip", **size_s)
    if column is Column.ENCODING:
        return tr("clients.encoding_tip")
    if column is Column.ADDRESS and client.is_demo:
        return tr("clients.demo_tip", where=client.endpoint)
    return cell_text(client, column, now_mono_ns)


def accessible_text(client: Client, column: Column, now_mono_ns: int) -> str:
    """Return what a screen reader says: the cell's text, and what is only drawn."""
    text = cell_text(client, column, now_mono_ns)
    if column is Column.ADDRESS and client.is_demo:
        return f"{text} {tr('clients.demo_mark')}"
    return text
