"""Switches the recording of calls on while somebody looks at it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Signal

from app.bridge.controller import ServerState
from app.bridge.feed import Feed

if TYPE_CHECKING:
    from app.bridge.controller import Controller
    from app.journal.journal import Journal
    from app.journal.refs import JournalKey
    from app.teaching.recorder import CallRecorder

GUI_LANE = "GUI"


class Classroom(QObject):
    """Owns the recorder. GUI thread.

    Whoever shows calls `hold`s the classroom while visible and `release`s it when hidden: calls
    are recorded from the first hold to the last release, and cost nothing otherwise.
    """

    started = Signal()  # `recorder` is a new one, and empty
    stopped = Signal()
    news = Signal()  # calls or threads are new; at most once in Feed's FRAME_MS

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._recorder: CallRecorder | None = None
        self._journal: JournalKey | None = None  # whose clients the recorded calls name
        self.slow_motion_ms = 0
        self._controller = controller
        self._holders: set[object] = set()
        self._feed = Feed(self)
        self._feed.frame.connect(self.news)
        controller.state_changed.connect(self._on_state)
        controller.journal_opened.connect(self._on_journal)

    @property
    def recorder(self) -> CallRecorder:
        """What was recorded last; nothing before the first time."""
        if self._recorder is None:
            # The first paint needs none.
            from app.teaching.recorder import CallRecorder

            self._recorder = CallRecorder()
        return self._recorder

    @property
    def is_recording(self) -> bool:
        """Whether calls are recorded now."""
        return bool(self._holders)

    def hold(self, holder: object) -> None:
        """Record from now on, at least until this holder's `release`."""
        self._holders.add(holder)
        if len(self._holders) == 1:
            self._start()

    def release(self, holder: object) -> None:
        """This holder does not look any more."""
        if holder in self._holders:
            self._holders.remove(holder)
            if not self._holders:
                self._stop()

    def set_slow_motion(self, delay_ms: int) -> None:
        """Hold each worker up so long before and after every recv; 0: full speed.

        Takes effect while calls are recorded.
        """
        self.slow_motion_ms = delay_ms
        if delay_ms and self.is_recording:
            self.recorder.slow_down(delay_ms / 1000)
        else:
            self.recorder.hurry()

    def _start(self) -> None:
        from app.teaching.recorder import CallRecorder

        self._recorder = CallRecorder(self._feed.poke)
        journal = self._controller.journal
        self._journal = journal.key if journal is not None else None
        threads = {threading.main_thread().ident or 0: (GUI_LANE, 0)}
        threads |= self._controller.fleet.threads()
        self.recorder.start(threads)
        self.set_slow_motion(self.slow_motion_ms)
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.aboutToBlock.connect(self._on_about_to_block)
        dispatcher.awake.connect(self._on_awake)
        self.started.emit()

    def _stop(self) -> None:
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.aboutToBlock.disconnect(self._on_about_to_block)
        dispatcher.awake.disconnect(self._on_awake)
        self.recorder.stop()
        self.stopped.emit()

    def _on_journal(self, journal: Journal) -> None:
        """Clients are counted anew: a recorder's calls name those of one journal only."""
        if self.is_recording and self._journal is not None:
            self._stop()
            self._start()
        self._journal = journal.key

    def _on_about_to_block(self) -> None:
        self.recorder.calling("wait_for_events", None, ())

    def _on_awake(self) -> None:
        self.recorder.returned("wait_for_events", None, (), None)

    def _on_state(self, state: ServerState) -> None:
        if state is ServerState.CLOSING:
            self.recorder.hurry()  # nobody waits for a worker in slow motion
        elif state is ServerState.OPEN:
            self.set_slow_motion(self.slow_motion_ms)
