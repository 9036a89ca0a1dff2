"""What the journal keeps of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.journal.entry import ClientRecord

if TYPE_CHECKING:
    from app.net.session import Session


def record_of(session: Session) -> ClientRecord:
    """Return what is known of a client that is online."""
    return ClientRecord(
        session.client_id,
        *session.endpoint,
        session.encoding,
        session.opened_ns,
        note=session.note,
        server_id=session.server_id,
        local_host=session.local.host,
        local_port=session.local.port,
        role=session.role,
        peer_id=session.peer_id,
    )
