"""Sessions without sockets, for what thousands of them do to the table."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.journal.entry import Role
from app.journal.refs import ClientRef
from app.net.facts import ClientState, CloseReason, Endpoint
from tests.support.refs import ref

SECOND_NS = 1_000_000_000


class FakeClock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now_ns = 1_000 * SECOND_NS

    def __call__(self) -> int:
        return self.now_ns

    def advance(self, seconds: float) -> None:
        self.now_ns += int(seconds * SECOND_NS)


@dataclass(eq=False)
class FakeSession:
    """The attributes of a Session."""

    client_id: int
    endpoint: Endpoint = field(default=Endpoint("127.0.0.1", 0))
    encoding: str = "gbk"
    note: str = ""
    state: ClientState = ClientState.ONLINE
    bytes_in: int = 0
    bytes_out: int = 0
    waiting_bytes: int = 0
    unacknowledged: tuple[int, int] | None = None
    last_active_mono_ns: int = 1_000 * SECOND_NS
    opened_ns: int = 1_700_000_000 * SECOND_NS
    reason: CloseReason | None = None
    unsent_bytes: int = 0
    is_demo: bool = False
    server_id: int = 1
    server_kind: str = "tcp"
    server_name: str = ""
    local: Endpoint = field(default=Endpoint("127.0.0.1", 8080))
    role: Role = Role.CLIENT
    peer_id: int = 0

    @property
    def ref(self) -> ClientRef:
        return ref(self.client_id)

    @property
    def thread_name(self) -> str:
        return f"worker-{self.client_id} {self.endpoint}"

    def leave(self, reason: CloseReason = CloseReason.FIN) -> None:
        self.state, self.reason = ClientState.OFFLINE, reason


def sessions(count: int, first_id: int = 1) -> list[FakeSession]:
    return [
        FakeSession(i, Endpoint(f"10.0.{i // 250}.{i % 250}", 20_000 + i % 40_000))
        for i in range(first_id, first_id + count)
    ]
