"""What the pieces of the classroom share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.classroom.exhibit import OwnServer, Spoken

if TYPE_CHECKING:
    from app.bridge.classroom import Classroom
    from app.bridge.controller import Controller
    from app.journal.entry import Entry
    from app.journal.refs import EntryRef
    from app.paths import Places
    from app.teaching.pairs import CallPairs
    from app.ui.actions import Actions
    from app.ui.classroom.exhibit import Exhibit
    from app.ui.clients import ClientPanel
    from app.ui.log import LogPanel
    from app.ui.service import Service


class Desk(QObject):
    """The window's parts that a piece may use, and what one piece tells the others. GUI thread."""

    piece_wanted = Signal(str)  # show the piece of this name
    call_chosen = Signal(int, object)  # a call's id; the piece that chose it ignores its own
    experiment_chosen = Signal(str)  # an experiment's id: show it, chosen, not run
    spoken_changed = Signal(object)  # Spoken: what the words on show are about
    moment_wanted = Signal(object)  # a moment was dragged to, of the recorder's clock
    exhibit_changed = Signal()  # another server is on display, or its calls are recorded anew
    news = Signal()  # calls or threads of what is on display are new

    def __init__(
        self,
        controller: Controller,
        classroom: Classroom,
        *,
        log: LogPanel,
        clients: ClientPanel,
        service: Service,
        places: Places,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.controller = controller
        self.classroom = classroom
        self.log = log
        self.clients = clients
        self.service = service
        self.places = places
        self._own = OwnServer(controller, classroom)
        self._exhibit: Exhibit = self._own
        self.exhibit_changed.connect(lambda: self._keep_chosen(0, None))
        classroom.started.connect(self._on_own_started)
        classroom.news.connect(self._on_own_news)
        self.commands: Actions  # by the door, before a piece is made
        self.chosen_call = 0  # its id, for a piece that is made later; 0: none yet
        self.call_chosen.connect(self._keep_chosen)
        self.spoken = Spoken()  # for a piece that is made later
        self.exhibit_changed.connect(lambda: self.speak_of(Spoken()))
        self._pairs: CallPairs | None = None  # made when it is first asked for

    @property
    def exhibit(self) -> Exhibit:
        """The server whose threads, calls, bytes and log the pieces show."""
        return self._exhibit

    def show_exhibit(self, exhibit: Exhibit | None) -> None:
        """Show another server in every piece, and let the former go; None: the user's own again."""
        before, wanted = self._exhibit, exhibit or self._own
        if wanted is not before:
            self._exhibit = wanted
            self.exhibit_changed.emit()
            before.let_go()

    @property
    def pairs(self) -> CallPairs:
        """Which of its calls brought about which."""
        if self._pairs is None or self._pairs.recorder is not self._exhibit.recorder:
            from app.teaching.pairs import CallPairs

            self._pairs = CallPairs(self._exhibit.recorder)
        return self._pairs

    def speak_of(self, spoken: Spoken) -> None:
        """Let every piece mark what the words on show are about."""
        if spoken != self.spoken:
            self.spoken = spoken
            self.spoken_changed.emit(spoken)

    def _on_own_started(self) -> None:
        if self._exhibit.is_own:
            self.exhibit_changed.emit()

    def _on_own_news(self) -> None:
        if self._exhibit.is_own:
            self.news.emit()

    def live_entry(self, entry: EntryRef) -> Entry | None:
        """Return an entry of what is on display; None for one of another. Raises JournalError."""
        reader = self._exhibit.reader
        mine = reader is not None and reader.key is entry.journal
        return reader.entry(entry.number) if reader is not None and mine else None

    def _keep_chosen(self, call_id: int, _by: object) -> None:
        self.chosen_call = call_id
