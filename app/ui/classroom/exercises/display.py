"""The run of a check on display: the first one that fails stays, to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.bridge.feed import Feed
from app.ui.classroom.exhibit import facts_of
from app.ui.classroom.lab_exhibit import LabExhibit
from app.wording import tr
from app.wording.verdicts import check_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.journal.reader import Reader
    from app.journal.refs import ClientRef
    from app.net.reception import Reception
    from app.net.session import Session
    from app.teaching.exercises.trying import Sitting
    from app.ui.classroom.desk import Desk


class CheckExhibit(LabExhibit):
    """One check's server, its clients and their threads, while it goes on and afterwards."""

    def __init__(self, sitting: Sitting) -> None:
        super().__init__(sitting.lab)
        self.sitting = sitting

    @property
    def is_alive(self) -> bool:
        """Whether it goes on."""
        return not self._lab.has_ended

    @property
    def reader(self) -> Reader | None:
        """Its journal."""
        return self._open_reader

    @property
    def sessions(self) -> Mapping[ClientRef, Session]:
        """The clients that its server welcomed."""
        return {session.ref: session for session in list(self.sitting.server.welcomed)}

    def encoding_of(self, client_id: int) -> str:
        """Return how a client's bytes are read: as the check does."""
        return self.sitting.check.encoding

    def title(self) -> str:
        """Return which check it is, in the language of now."""
        return tr("exercises.on_display", check=check_title(self.sitting.check))

    def facts(self) -> list[str]:
        """Return how it stands."""
        if not self.is_alive:
            return [tr("classroom.experiment_over")]
        return facts_of(self.sitting.server.server)

    @property
    def server(self) -> Reception | None:
        """The one of this check."""
        return self.sitting.server.server


class CheckDisplay(QObject):
    """Shows each check as it goes on. GUI thread, but for `begins` and the feed's `poke`."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._looks = False  # somebody wants to see this run
        self._shown: CheckExhibit | None = None
        self._unseen: list[Sitting] = []  # they have begun, and nobody has taken them up yet
        self.calls = Feed(self)
        self.calls.frame.connect(self._on_calls)

    def begin(self) -> None:
        """All checks are played anew."""
        self.put_away()
        self._looks, self._shown = True, None

    def begins(self, sitting: Sitting) -> None:
        """A check begins; `show` should follow. Thread: the one that checks."""
        self._unseen.append(sitting)

    def show(self, sitting: Sitting) -> None:
        """Show a check that has begun, unless one that failed is looked at, or something else."""
        if sitting not in self._unseen:  # let go already
            return
        self._unseen.remove(sitting)
        if self._shown is not None and self._desk.exhibit is not self._shown:
            self._looks = False  # the user went back
        if self._looks:
            self._shown = CheckExhibit(sitting)
            self._desk.show_exhibit(self._shown)
        else:
            sitting.lab.let_go()

    def ended(self, *, passed: bool) -> None:
        """The newest check is over."""
        self._looks = self._looks and passed
        self._on_calls()

    def put_away(self) -> None:
        """Nobody looks any more: show the user's own server again."""
        self._looks = False
        self._drop()
        if self._shown is not None and self._desk.exhibit is self._shown:
            self._desk.show_exhibit(None)

    def _drop(self) -> None:
        while self._unseen:
            self._unseen.pop().lab.let_go()

    def _on_calls(self) -> None:
        if self._shown is not None and self._desk.exhibit is self._shown:
            self._desk.news.emit()
