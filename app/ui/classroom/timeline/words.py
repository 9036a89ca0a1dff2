"""What the time line tells of a row, a call or a moment: in its tips, and aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.teaching.call_text import call_text, whole_text
from app.teaching.calls import PLAYER, Activity, activity_of
from app.wording import tr
from app.wording.amounts import duration_text
from app.wording.lanes import lane_name, partner_texts

if TYPE_CHECKING:
    from app.models.timeline import Row, Timeline, Track
    from app.teaching.calls import Call


def heading_text(row: Row) -> str:
    """The name of a group, and how many threads it has."""
    if row.title:
        return tr("timeline.group_server", server=row.title, n=row.threads)
    return tr(f"timeline.group_{row.group}", n=row.threads)


def call_words(track: Track, call: Call, timeline: Timeline) -> list[str]:
    """Whose call it is, what it was, how long it took, when it began, and what led where."""
    lasted = tr("timeline.lasted", time=duration_text(call.end_ns - call.begin_ns))
    since = tr("timeline.at", time=duration_text(call.begin_ns - timeline.begin_ns))
    partners = partner_texts(call, timeline.pairs, timeline.lane_name)
    return [lane_name(track.lane), whole_text(call), f"{lasted} · {since}", *partners]


def backlog_words(timeline: Timeline, moment_ns: int) -> list[str]:
    """How many wait to be accepted at a moment, and what that means."""
    backlog = timeline.backlog
    count = backlog.at(moment_ns)
    words = tr("timeline.nobody_waits")
    if count:
        words = tr(f"timeline.{'full' if backlog.is_full(count) else 'waiting'}", n=count)
    most = tr("timeline.most", n=backlog.most)
    return [tr("timeline.backlog"), f"{words} · {most}", tr("timeline.backlog_tip")]


def moment_words(track: Track, moment_ns: int, now_ns: int, timeline: Timeline) -> list[str]:
    """What a thread does where no call has returned: it is in one, or between two."""
    lane, opened = track.lane, track.lane.open
    if moment_ns < timeline.begin_ns:
        return [lane_name(lane), tr("timeline.not_recorded")]  # it may have run for long
    if opened is not None and opened.begin_ns <= moment_ns <= now_ns:
        so_far = tr("timeline.so_far", time=duration_text(now_ns - opened.begin_ns))
        doing = tr(f"timeline.{activity_of(lane, opened.name).value}")
        return [lane_name(lane), call_text(opened), f"{doing} · {so_far}"]
    runs = lane.begin_ns <= moment_ns <= (lane.end_ns or now_ns)
    return [lane_name(lane), tr(f"timeline.{Activity.WORKING if runs else 'not_there'}")]


def activity_words(track: Track) -> list[str]:
    """What a thread does now."""
    words = [lane_name(track.lane), tr(f"timeline.{track.lane.activity.value}")]
    return [*words, tr("timeline.player_tip")] if track.lane.name == PLAYER else words


def row_words(row: Row, timeline: Timeline, now_ns: int) -> list[str]:
    """A row without a call: what is there now, or whether the group is folded."""
    if row.track is not None:
        return activity_words(row.track)
    if not row.can_fold:
        return backlog_words(timeline, now_ns)
    return [heading_text(row), tr("timeline.folded" if row.folded else "timeline.unfolded")]
