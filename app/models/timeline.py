"""What the time line shows: rows of threads, and each thread's spans in a stretch of time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from copy import deepcopy
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol

from app.models.backlog import Backlog
from app.teaching.calls import Activity, Call, Lane, activity_of
from app.wording.lanes import lane_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.teaching.pairs import CallPairs

MOST_FLAT = 40  # lanes without groups
FEW = 12  # so many ended threads are listed without being asked for
BACKLOG = "backlog"  # the group of the row that is no thread's
_BEGIN, _END, _ID = attrgetter("begin_ns"), attrgetter("end_ns"), attrgetter("id")


class Span(NamedTuple):
    """What one thread did for a while."""

    begin_ns: int
    end_ns: int
    activity: Activity
    call: Call | None  # None: between calls, or many calls too short to be told apart


@dataclass(slots=True)
class Track:
    """One thread and its calls, oldest first."""

    lane: Lane
    calls: list[Call] = field(default_factory=list)

    def still(self) -> Track:
        """Return the same with the calls of now; it never grows."""
        return Track(self.lane, self.calls.copy())

    def spans(self, from_ns: int, to_ns: int, step_ns: int) -> Iterator[Span]:
        """Yield the spans between two moments, in order; those shorter than a step together.

        The work is bounded by the number of steps, not by the number of calls.
        """
        lane, calls = self.lane, self.calls
        to_ns = min(to_ns, lane.end_ns or to_ns)
        at = bisect_right(calls, from_ns, key=_END)
        now = max(from_ns, lane.begin_ns if not calls else min(calls[0].begin_ns, lane.begin_ns))
        while at < len(calls) and (call := calls[at]).begin_ns < to_ns:
            if call.begin_ns - now >= step_ns:
                if not lane.rests:
                    yield Span(now, call.begin_ns, Activity.WORKING, None)
                now = call.begin_ns
            if call.end_ns - now >= step_ns:
                yield Span(now, call.end_ns, activity_of(lane, call.name), call)
                now, at = call.end_ns, at + 1
                continue
            # Too short to be seen: go on to the first call that ends a step later.
            after = bisect_right(calls, now + step_ns, at, key=_END)
            end_ns = calls[after - 1].end_ns if after > at else call.end_ns
            alone = after - at <= 1
            activity = activity_of(lane, call.name) if alone or lane.rests else Activity.WORKING
            end_ns = max(end_ns, now + step_ns)
            yield Span(now, end_ns, activity, call if alone else None)
            now, at = end_ns, max(after, at + 1)
        yield from self._rest(now, to_ns)

    def _rest(self, now: int, to_ns: int) -> Iterator[Span]:
        """What it does since its last call."""
        opened = None if self.lane.end_ns else self.lane.open  # once: its thread goes on
        begin_ns = min(max(opened.begin_ns, now), to_ns) if opened is not None else to_ns
        if begin_ns > now and not self.lane.rests:
            yield Span(now, begin_ns, Activity.WORKING, None)
        if opened is not None and to_ns > begin_ns:
            yield Span(begin_ns, to_ns, activity_of(self.lane, opened.name), None)

    def call_at(self, moment_ns: int) -> Call | None:
        """Return the call that the thread was in at a moment."""
        at = bisect_left(self.calls, moment_ns, key=_END)
        if at < len(self.calls) and self.calls[at].begin_ns <= moment_ns:
            return self.calls[at]
        return None

    def closest(self, moment_ns: int) -> Call | None:
        """Return the call at a moment, or the one next to it, however far; None: it has none."""
        at = bisect_left(self.calls, moment_ns, key=_END)
        beside = self.calls[max(at - 1, 0) : at + 1]
        return min(beside, key=lambda call: _gap(call, moment_ns), default=None)

    def beside(self, call: Call | None, step: int) -> Call | None:
        """Return the call so many after `call`, or before it; None: there is none."""
        if call is None or not self.calls:
            return self.calls[-1] if self.calls else None
        at = bisect_left(self.calls, call.id, key=_ID) + step
        return self.calls[at] if 0 <= at < len(self.calls) else None

    def nearest(self, moment_ns: int, within_ns: int) -> Call | None:
        """Return the call at a moment, or the one next to it if that is near enough."""
        found = self.closest(moment_ns)
        return found if found is not None and _gap(found, moment_ns) <= within_ns else None


class Row(NamedTuple):
    """One line of the time line: a thread, the backlog, or the heading of a group."""

    track: Track | None
    group: str = ""  # BACKLOG, "peers", "running", "ended", or "server" with its number
    threads: int = 0  # in the group
    folded: bool = False
    title: str = ""  # of a server's group

    @property
    def name(self) -> str:
        """Of the thread, as it calls itself; or of the group."""
        return self.group or (self.track.lane.name if self.track else "")

    @property
    def can_fold(self) -> bool:
        """Whether it is a heading."""
        return self.group not in ("", BACKLOG)


class LaneServers(Protocol):
    """Whose threads the lanes are."""

    def titles(self) -> Mapping[int, str]:
        """Return what each open server is called, by its number; nothing where there is one."""

    def of(self, lane: Lane) -> int:
        """Return the number of a lane's server; 0: it is no server's."""


class Timeline:
    """Takes over what the recorder keeps. GUI thread."""

    def __init__(
        self, pairs: CallPairs, *, flat: bool = False, servers: LaneServers | None = None
    ) -> None:
        """`flat`: who stands still or has ended keeps its row, as long as there are few.

        `servers`: where there are several, each has a group of its threads that run.
        """
        self.pairs, self.backlog = pairs, Backlog()
        self._servers = servers
        self._recorder = pairs.recorder
        self._derived_id = 0
        self._flat = flat
        self._tracks: dict[int, Track] = {}
        self._seen_id = 0
        self._trimmed_id = 0
        self.folded: set[str] = set()
        self._opened: set[str] = set()  # groups unfolded by hand

    def still(self) -> Timeline:
        """Return what is known now, for another thread: it never changes."""
        copy = Timeline(self.pairs.still())
        copy.backlog = deepcopy(self.backlog)
        copy._tracks = {number: track.still() for number, track in self._tracks.items()}
        return copy

    @property
    def begin_ns(self) -> int:
        """When recording began."""
        return self._recorder.started_ns

    @property
    def now_ns(self) -> int:
        """The newest moment."""
        return self._recorder.now_ns

    @property
    def let_go(self) -> int:
        """How many calls were forgotten."""
        return self._recorder.let_go

    @property
    def oldest_ns(self) -> int:
        """From when on every call is kept."""
        if not self.let_go:
            return self.begin_ns
        first = self._recorder.call(self.let_go + 1)
        return first.end_ns if first is not None else self.begin_ns

    def update(self) -> bool:
        """Take over what is new; return whether threads came or went."""
        lanes = self._recorder.lanes()
        changed = len(lanes) != len(self._tracks)
        for lane in lanes:
            if lane.number not in self._tracks:
                self._tracks[lane.number] = Track(lane)
        for call in self._recorder.calls_after(self._seen_id):
            self._seen_id = call.id
            if (track := self._tracks.get(call.lane)) is not None:
                track.calls.append(call)
        if changed:
            kept = {lane.number for lane in lanes}
            for number in self._tracks.keys() - kept:
                del self._tracks[number]
        self._trim()
        self.pairs.update()
        if self.pairs.connections and self._derived_id != self._seen_id:
            self._derived_id = self._seen_id
            self.backlog.derive(self.pairs.connections)
        return changed

    def _trim(self) -> None:
        """Forget what the recorder forgot; not for every call."""
        let_go = self._recorder.let_go
        if let_go - self._trimmed_id < 2_000:
            return
        self._trimmed_id = let_go
        for track in self._tracks.values():
            del track.calls[: bisect_right(track.calls, let_go, key=_ID)]

    def track(self, lane_number: int) -> Track | None:
        """Return a thread by its number."""
        return self._tracks.get(lane_number)

    def lane_name(self, number: int) -> str:
        """Return the name of a thread by its number, in the language of now."""
        track = self._tracks.get(number)
        return lane_name(track.lane) if track is not None else ""

    def rows(self) -> list[Row]:
        """Return GUI, listener and sender, then the workers, then those that have ended."""
        if self._flat and len(self._tracks) <= MOST_FLAT:
            rows = [Row(track) for track in sorted(self._tracks.values(), key=_scene_rank)]
            listener = (at for at, row in enumerate(rows, 1) if row.name == "listener")
            below = next(listener, len(rows))
            return rows[:below] + self._backlog_row() + rows[below:]
        titles = self._servers.titles() if self._servers is not None else {}
        first, peers, running, ended = [], [], [], []
        served: dict[int, list[Track]] = {number: [] for number in titles}
        for track in self._tracks.values():
            server_id = self._server_of(track.lane) if titles else 0
            if track.lane.end_ns:
                ended.append(track)
            elif server_id in served:
                served[server_id].append(track)
            elif track.lane.client_id:
                running.append(track)
            elif track.lane.peer_port:
                peers.append(track)
            else:
                first.append(track)
        rows = [Row(track) for track in sorted(first, key=_rank)] + self._backlog_row()
        for number, tracks in served.items():
            rows += self._group(f"server{number}", sorted(tracks, key=_rank), titles[number])
        groups = {"peers": peers, "running": running, "ended": ended[::-1]}
        return rows + [row for name, group in groups.items() for row in self._group(name, group)]

    def _server_of(self, lane: Lane) -> int:
        return self._servers.of(lane) if self._servers is not None else 0

    def _backlog_row(self) -> list[Row]:
        return [Row(None, BACKLOG)] if self.backlog else []

    def _group(self, name: str, tracks: list[Track], title: str = "") -> list[Row]:
        if not tracks:
            return []
        folded = self.is_folded(name, len(tracks))
        heading = Row(None, name, len(tracks), folded, title)
        return [heading] if folded else [heading, *(Row(track) for track in tracks)]

    def is_folded(self, group: str, count: int) -> bool:
        """Whether only the heading is shown; many ended threads are, until they are asked for."""
        if group in self._opened:
            return False
        return group in self.folded or (group == "ended" and count > FEW)

    def fold(self, group: str, *, folded: bool) -> None:
        """Fold a group, or unfold it."""
        (self.folded.add if folded else self.folded.discard)(group)
        (self._opened.discard if folded else self._opened.add)(group)

    def activities(self) -> dict[Activity, int]:
        """Count what the running workers do now."""
        counts: dict[Activity, int] = {}
        for track in self._tracks.values():
            if track.lane.client_id and not track.lane.end_ns:
                activity = track.lane.activity
                counts[activity] = counts.get(activity, 0) + 1
        return counts


def _rank(track: Track) -> tuple[int, int]:
    order = ("GUI", "listener", "sender")
    name = track.lane.name
    return (order.index(name) if name in order else len(order), track.lane.number)


def _scene_rank(track: Track) -> tuple[bool, int]:
    """In the order of their first sight; what every server has stands below."""
    return track.lane.name in ("sender", "turnstile"), track.lane.number


def _gap(call: Call, moment_ns: int) -> int:
    return max(call.begin_ns - moment_ns, moment_ns - call.end_ns, 0)
