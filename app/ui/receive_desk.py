"""Where receiving to files meets the window: begun, told, stopped, and ended with the journal."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCursor

from app.ui.files import show_folder
from app.ui.widgets import FootBanner
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.servers import server_title
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bridge.controller import Controller
    from app.evidence.receiving import ReceiveState, Receiving
    from app.journal.refs import ClientRef
    from app.ui.receiving.dialog import ReceiveWish
    from app.ui.window import MainWindow

LOOK_MS = 500
LAST_WRITE_S = 5.0  # at the program's end; a network drive may be gone
MIB = 1024 * 1024


class _Work(NamedTuple):
    """One that goes on."""

    receiving: Receiving
    whose: Callable[[], str]

    @property
    def folder(self) -> str:
        return str(self.receiving.order.folder)


class ReceiveDesk(QObject):
    """Any number at once, in one banner. GUI thread."""

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window)
        self._window, self._controller = window, controller
        self._works: list[_Work] = []
        self._shown: tuple[int, bool] | None = None  # how many, and whether one cannot write
        self._toast = FootBanner(window.log.view)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.refresh)
        window.clients.receive_requested.connect(self.ask)
        controller.keeper.closing.connect(self.finish_all)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands do."""
        return {"receive": self.ask}

    def why_not(self) -> dict[str, str]:
        """They always can."""
        return {}

    # -- beginning ---------------------------------------------------------------------------

    def ask(self, client: ClientRef | None = None) -> None:
        """Ask what is wanted of one client, or of all of the selected server; and begin."""
        from app.ui.receiving.dialog import ReceiveDialog

        whose = self._words_for(client)
        dialog = ReceiveDialog(whose(), self._controller.settings, self._window)
        wish = dialog.wish if dialog.exec() else None
        dialog.deleteLater()
        if wish is not None:
            self._controller.change(**wish._asdict())
            self.begin(wish, client, whose)

    def _words_for(self, client: ClientRef | None) -> Callable[[], str]:
        if client is not None:
            return lambda: tr("receive.of_client", id=client.number)
        title = server_title(self._controller.settings.server, self._controller.endpoints)
        return lambda: tr("receive.of_server", server=title)

    def begin(self, wish: ReceiveWish, client: ClientRef | None, whose: Callable[[], str]) -> None:
        """Write from now on."""
        from app.evidence.receiving import ReceiveOrder, Receiving
        from app.journal.entry import Kind
        from app.journal.errors import JournalError
        from app.wording.sentences import journal_error_sentence

        if client is not None and client not in self._controller.sessions:
            self._controller.orders.miss([client])
            return
        kinds = {"received": {Kind.IN}, "sent": {Kind.OUT}, "both": {Kind.IN, Kind.OUT}}
        order = ReceiveOrder(
            Path(wish.receive_folder),
            frozenset(map(int, kinds[wish.receive_what])),
            client.number if client is not None else 0,
            0 if client is not None else self._controller.settings.server.server_id,
            wish.receive_rotate_mb * MIB,
            wish.receive_rotate_min * 60,
        )
        try:
            receiving = Receiving(self._controller.ensure_journal(), order)
            receiving.start()
        except (JournalError, OSError, RuntimeError) as error:  # no more threads
            words = journal_error_sentence(error)
            self._window.notices.say_error(lambda: words)
            return
        self._works.append(_Work(receiving, whose))
        self._look.start()
        self.refresh()

    # -- going on ----------------------------------------------------------------------------

    @property
    def states(self) -> list[ReceiveState]:
        """How far each is that goes on."""
        return [work.receiving.state for work in self._works]

    def refresh(self) -> None:
        """Say how far they are, and what became of those that have ended."""
        for work in [work for work in self._works if not work.receiving.is_alive()]:
            self._works.remove(work)
            self._tell_end(work)
        notices = self._window.notices
        if not self._works:
            self._look.stop()
            self._shown = None
            notices.hide_receiving()
            return
        problem = next((work for work in self._works if work.receiving.state.problem), None)
        shown = (len(self._works), problem is not None)
        words = partial(_problem_words, problem) if problem is not None else self._words
        if shown == self._shown:
            notices.change_receiving(words)
            return
        self._shown = shown
        stop = self._stop_one if len(self._works) == 1 else self._choose_stop
        notices.show_receiving(words, is_problem=problem is not None, open_=self._open, stop=stop)

    def _words(self) -> str:
        states = self.states
        size = size_text(sum(state.size_bytes for state in states))
        files = sum(state.files for state in states)
        if len(self._works) > 1:
            return tr("receive.running_several", count=len(states), size=size, n=files)
        (work,) = self._works
        facts = {"whose": work.whose(), "folder": work.folder, "size": size, "n": files}
        return tr("receive.running", **facts) + _missing(states[0])

    def _open(self) -> None:
        if self._works:
            self._show_folder(self._works[-1].folder)

    def _show_folder(self, folder: str) -> None:
        show_folder(Path(folder), lambda words: self._window.notices.say_error(lambda: words))

    # -- ending ------------------------------------------------------------------------------

    def _stop_one(self) -> None:
        self.stop(self._works[0].receiving)

    def _choose_stop(self) -> None:
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self._window)
        for work in self._works:
            size = size_text(work.receiving.state.size_bytes)
            facts = {"whose": work.whose(), "folder": work.folder, "size": size}
            words = tr("receive.stop_this", **facts).replace("&", "&&")
            menu.addAction(words).triggered.connect(
                lambda _on=False, receiving=work.receiving: self.stop(receiving)
            )
        menu.addSeparator()
        menu.addAction(tr("receive.stop_all")).triggered.connect(lambda: self.stop_all())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())

    def stop(self, receiving: Receiving) -> None:
        """Take what has come until now, and end; `refresh` says what became of it."""
        receiving.finish()
        self._look.start(50)
        QTimer.singleShot(LOOK_MS, self._look, lambda: self._look.setInterval(LOOK_MS))

    def stop_all(self) -> None:
        """End all of them."""
        for work in self._works:
            self.stop(work.receiving)

    def finish_all(self) -> None:
        """The journal is about to be closed: take the rest, and wait until it is written."""
        for work in self._works:
            work.receiving.finish()
        for work in self._works:
            work.receiving.join(LAST_WRITE_S)
        self.refresh()

    def _tell_end(self, work: _Work) -> None:
        state, folder = work.receiving.state, work.folder
        if state.unwritten:
            reason = without_stop(state.problem)
            self._window.notices.say_error(
                lambda: tr("receive.unwritten", folder=folder, reason=reason)
            )
            return

        def words() -> str:
            facts = {"whose": work.whose(), "size": size_text(state.size_bytes), "n": state.files}
            return tr("receive.done", folder=folder, **facts) + _missing(state)

        show = partial(self._show_folder, folder)
        self._toast.offer(words, lambda: tr("receive.open"), show)


def _problem_words(work: _Work) -> str:
    reason = without_stop(work.receiving.state.problem)
    return tr("receive.problem", folder=work.folder, reason=reason)


def _missing(state: ReceiveState) -> str:
    if not state.missing_bytes:
        return ""
    return " " + tr("receive.missing", size=size_text(state.missing_bytes))
