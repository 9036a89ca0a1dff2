"""Keeps what the threads really did: the tracer of the classroom."""

from __future__ import annotations

import sys
import threading
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from app.net import trace
from app.net.trace import USER, Show
from app.net.traced_socket import TracedSocket
from app.teaching.calls import PLAYER, Call, Lane, Line, OpenCall, kept
from app.teaching.clock import Clock
from app.teaching.peers import PeerSocket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import FrameType

MOST_CALLS = 50_000  # kept; some 25 MB
MOST_LANES = 20_000
# Whoever shows the news makes events: the news of those would never end.
QUIET = ("wait_for_events",)
# The sources on show: who made a call is said by the lines of these.
SHOWN_MODULES = frozenset(
    f"app.net.{name}" for name in ("listening", "server", "session", "outlet", "sender")
)
_TOLD_BY = frozenset(("app.net.trace", "app.net.traced_socket", "app.net.wire"))


_PLACES: dict[tuple[Line, ...], tuple[Line, ...]] = {}


class CallRecorder:
    """A `Tracer` with a memory of bounded size. It says what it let go.

    `start`, `stop`: GUI thread. The tracer's methods: every thread, each for itself. The rest: any.
    """

    def __init__(
        self,
        on_news: Callable[[], None] = lambda: None,
        show: Show = USER,
        clock: Clock | None = None,
    ) -> None:
        """`clock` tells when calls begin and end; by default time.monotonic_ns."""
        self.clock = clock or Clock()
        self.started_ns = 0
        self.ended_ns = 0  # 0: it goes on
        self.delay_s = 0.0  # slow motion: before and after each recv
        self._on_news, self._show = on_news, show
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=MOST_CALLS)
        self._last_id = 0
        self._lanes: dict[int, Lane] = {}  # by number
        self._running: dict[int, Lane] = {}  # by thread ident
        self._peers: dict[PeerSocket, Lane] = {}  # by `who`, also those that are closed
        self._last_lane = 0
        self._has_peers = False
        self._hurry = threading.Event()

    # -- for whoever looks -------------------------------------------------------------------

    def start(self, threads: Mapping[int, tuple[str, int]]) -> None:
        """Be told from now on; `threads` (ident to name, client) run already."""
        self.started_ns = self.clock.now_ns()
        self._hurry.clear()
        trace.set_tracer(self, self._show)
        frames = sys._current_frames()
        for ident, (name, client_id) in threads.items():
            with self._lock:
                # A thread that told of itself meanwhile has a lane, and perhaps is out of its call.
                if ident not in self._running and ident in frames:
                    self._stand(self._add_lane(ident, name, client_id), ident, frames[ident])
        self._on_news()

    def stop(self) -> None:
        """Be told no more; what was kept stays."""
        if self._show.tracer is self:
            trace.set_tracer(None, self._show)
        self.ended_ns = self.clock.now_ns()
        self.delay_s = 0.0
        self._hurry.set()
        with self._lock:
            self._running.clear()
            self._peers.clear()
        self._on_news()

    @property
    def now_ns(self) -> int:
        """The newest moment of what is recorded."""
        return self.ended_ns or self.clock.now_ns()

    def runs(self, ident: int) -> bool:
        """Whether a thread is one of those that are seen."""
        return ident in self._running

    def lane_of(self, ident: int) -> int:
        """Return the number of the lane of a thread that runs; 0: it is not seen."""
        lane = self._running.get(ident)
        return lane.number if lane is not None else 0

    def hurry(self) -> None:
        """Let threads that are held up in slow motion go on at once."""
        self.delay_s = 0.0
        self._hurry.set()

    def slow_down(self, delay_s: float) -> None:
        """Hold each client's thread up before and after every recv."""
        self._hurry.clear()
        self.delay_s = delay_s

    @property
    def last_id(self) -> int:
        """The id of the newest call; 0: none yet. As many calls were told of."""
        return self._last_id

    @property
    def let_go(self) -> int:
        """How many calls were forgotten because there were too many."""
        return self._last_id - len(self._calls)

    def calls_after(self, call_id: int) -> list[Call]:
        """Return the kept calls with higher ids, oldest first."""
        with self._lock:
            wanted = min(self._last_id - call_id, len(self._calls))
            found = [self._calls[-n] for n in range(1, wanted + 1)] if wanted < 1000 else None
            return found[::-1] if found is not None else list(self._calls)[-wanted:]

    def call(self, call_id: int) -> Call | None:
        """Return one call; None if it was let go."""
        with self._lock:
            index = call_id - self._last_id - 1
            return self._calls[index] if -len(self._calls) <= index < 0 else None

    @property
    def has_peers(self) -> bool:
        """Whether clients with lanes of their own were ever seen."""
        return self._has_peers

    def newest(self, name: str, who: PeerSocket | int | str, count: int) -> tuple[int, ...]:
        """Return the ids of the newest calls of a peer, for a client (its id) or in a lane.

        Only of those that did what they were called for.
        """
        with self._lock:
            peer = self._peers.get(who.who) if isinstance(who, PeerSocket) else None
            lanes = {lane.number for lane in self._lanes.values() if lane.name == who}
            mine = (
                call.id
                for call in reversed(self._calls)
                if call.name == name
                and not isinstance(call.result, BaseException)
                and (
                    call.client_id == who
                    or call.lane in lanes
                    or (peer is not None and call.lane == peer.number)
                )
            )
            return tuple(islice(mine, count))

    def lanes(self) -> list[Lane]:
        """Return every thread that was seen, in the order of their first sight."""
        with self._lock:
            return list(self._lanes.values())

    # -- the tracer: in the thread that it is about ------------------------------------------

    def thread_begins(self, name: str, client_id: int) -> None:
        """See `Tracer`."""
        with self._lock:
            self._add_lane(threading.get_ident(), name, client_id)
        self._on_news()

    def thread_ends(self) -> None:
        """See `Tracer`."""
        with self._lock:
            lane = self._running.pop(threading.get_ident(), None)
            if lane is not None:
                lane.end_ns, lane.open = self.clock.now_ns(), None
        self._on_news()

    def calling(self, name: str, owner: object, arguments: tuple[object, ...]) -> None:
        """See `Tracer`."""
        lane = self._lane(owner)
        if name == "recv" and not lane.rests:
            self._dawdle(lane)
        if isinstance(owner, threading.Thread):
            arguments = (owner.name,)
        lane.open = OpenCall(
            name, *_owner(owner), _kept_all(arguments), self.clock.now_ns(),
            _lines(sys._getframe(1)),
        )  # fmt: skip
        if name not in QUIET:
            self._on_news()

    def returned(
        self, name: str, owner: object, arguments: tuple[object, ...], result: object
    ) -> None:
        """See `Tracer`."""
        end_ns = self.clock.now_ns()
        lane = self._lane(owner)
        opened, lane.open = lane.open, None
        if opened is None or opened.name != name:  # it began before anybody looked
            lines = _lines(sys._getframe(1))
            opened = OpenCall(name, *_owner(owner), _kept_all(arguments), self.started_ns, lines)
        fileno = opened.fileno if opened.fileno >= 0 else _owner(owner)[1]
        if name == "connect" and isinstance(owner, PeerSocket):
            lane.peer_port = owner.getsockname()[1]  # before anybody sees the call
        self._keep(lane, opened, fileno, kept(result), end_ns)
        if isinstance(owner, PeerSocket):
            # Who has listened stays; who has connected goes with its one connection.
            if name == "close" and owner.who is owner and lane.peer_port:
                lane.end_ns = self.clock.now_ns()
        elif name == "recv":
            self._dawdle(lane)
        if name not in QUIET:
            self._on_news()

    # -- inside --------------------------------------------------------------------------------

    def _stand(self, lane: Lane, ident: int, frame: FrameType | None) -> None:
        """Let a thread be in the call in which it is."""
        if (found := trace.standing.get(ident)) is not None:
            name, owner, arguments = found
            lane.open = OpenCall(
                name, *_owner(owner), _kept_all(arguments), self.started_ns, _lines(frame)
            )

    def _keep(self, lane: Lane, opened: OpenCall, fileno: int, result: object, end_ns: int) -> None:
        with self._lock:
            self._last_id += 1
            self._calls.append(
                Call(
                    self._last_id, lane.number, opened.name, opened.client_id, fileno,
                    opened.arguments, result, opened.begin_ns, end_ns, opened.lines,
                )
            )  # fmt: skip

    def _dawdle(self, lane: Lane) -> None:
        """Slow motion. No lock is held around recv, so nobody else is held up."""
        if self.delay_s:
            lane.open = opened = OpenCall(
                "slow_motion", lane.client_id, -1, (), self.clock.now_ns()
            )
            self._on_news()
            self._hurry.wait(self.delay_s)
            self._keep(lane, opened, -1, None, self.clock.now_ns())
            lane.open = None

    def _lane(self, owner: object) -> Lane:
        if isinstance(owner, PeerSocket):
            return self._peers.get(owner.who) or self._add_peer(owner.who)
        ident = threading.get_ident()
        lane = self._running.get(ident)
        if lane is None:
            with self._lock:
                lane = self._add_lane(ident, _name_of(ident), 0)
        return lane

    def _add_peer(self, peer: PeerSocket) -> Lane:
        with self._lock:
            lane = self._peers[peer] = self._new_lane(peer.name, 0, rests=True)
            self._has_peers = True
        return lane

    def _add_lane(self, ident: int, name: str, client_id: int) -> Lane:
        lane = self._running[ident] = self._new_lane(name, client_id, rests=name == PLAYER)
        return lane

    def _new_lane(self, name: str, client_id: int, *, rests: bool) -> Lane:
        self._last_lane += 1
        lane = Lane(self._last_lane, name, client_id, self.clock.now_ns(), rests=rests)
        self._lanes[lane.number] = lane
        if len(self._lanes) > MOST_LANES:
            ended = (number for number, lane in self._lanes.items() if lane.end_ns)
            self._lanes.pop(next(ended, lane.number), None)
        return lane


def _name_of(ident: int) -> str:
    if ident == threading.main_thread().ident:
        return "GUI"
    return next((t.name for t in threading.enumerate() if t.ident == ident), "thread")


def _owner(owner: object) -> tuple[int, int]:
    if isinstance(owner, TracedSocket):
        return owner.client_id, owner.fileno()
    return (0, owner.fileno()) if isinstance(owner, PeerSocket) else (0, -1)


def _kept_all(values: Iterable[object]) -> tuple[object, ...]:
    return tuple(kept(value) for value in values)


def _lines(frame: FrameType | None) -> tuple[Line, ...]:
    """Where in the shown sources the call stands, innermost first."""
    found = []
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module in SHOWN_MODULES:
            found.append(Line(module, frame.f_lineno))
        elif module not in _TOLD_BY and found:
            break
        frame = frame.f_back
    lines = tuple(found)
    # Few places make all calls. A tuple for each call would be ten times the garbage collector's
    # work, which holds up every thread for as long as it takes.
    return _PLACES.setdefault(lines, lines)
