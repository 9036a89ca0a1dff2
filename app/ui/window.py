"""The main window: puts the parts together and connects them to the controller."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QMainWindow,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.bridge.controller import Controller, ServerState
from app.ui.archive import Archive
from app.ui.clients import ClientPanel
from app.ui.commands import Commands
from app.ui.composer import ComposerPanel
from app.ui.empty import Welcome
from app.ui.fit import FRAME, Middle, ScreenFit
from app.ui.framing_desk import FramingDesk
from app.ui.log import LogPanel
from app.ui.notices import Notices
from app.ui.prepared.desk import CommandDesk
from app.ui.presence import Presence
from app.ui.rules.desk import RuleDesk
from app.ui.sending import Sending
from app.ui.servers import Servers
from app.ui.service import Service
from app.ui.setup import SetupColumn
from app.ui.stage.door import Door
from app.ui.state import Kept, pack, unpack
from app.ui.status import StatusStrip
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.journal.journal import Journal
    from app.journal.refs import ClientRef
    from app.net.session import Session
    from app.paths import Places


class MainWindow(QMainWindow):
    """Everything the user sees. GUI thread."""

    def __init__(self, controller: Controller, places: Places) -> None:
        super().__init__()
        self._controller = controller
        self._places = places
        self.setup = SetupColumn(controller.settings)
        self.clients = ClientPanel()
        self.log = LogPanel()
        self.composer = ComposerPanel(
            places.config_dir / "history.jsonl",
            controller.settings,
            encoding_of=controller.orders.encoding_of,
            address_of=self._address_of,
        )
        self.notices = Notices()
        self.service = Service(self, controller, self.notices, self.setup.commit_fields)
        self.servers = Servers(
            controller, self.setup, self.clients, self.composer.target, self.service
        )
        self.status = StatusStrip(controller)
        self._ends = False  # nobody is asked any more
        self._welcome = Welcome()
        self.clients.set_empty_widget(self._welcome)
        self._presence = Presence(self._show_online, self)
        self.archive = Archive(controller, self.clients, self.log, self.notices, places.journal_dir)
        self.frames = FramingDesk(controller, self.log, self.notices, self.archive, places)
        self._lay_out()
        splitters = (self._columns, self._rows)
        self._fit = ScreenFit(self, self._middle, splitters)
        self.classroom = Door(self, controller, fit=self._fit, places=places, splitters=splitters)
        self.rules = RuleDesk(self, controller)
        self.sending = Sending(self, controller)
        self.prepared = CommandDesk(self, controller, places)
        self.commands = Commands(self, controller)
        self._connect_parts()
        self._connect_controller()
        self._kept = self._parts_to_keep()
        self._restore()
        self.retranslate()
        self._show_state(controller.state)
        self._on_fleet()
        self.commands.look()

    # -- building --------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._rows = QSplitter(Qt.Orientation.Vertical)
        for part, stretch in ((self.clients, 2), (self.log, 5), (self.composer, 0)):
            self._rows.addWidget(part)
            self._rows.setStretchFactor(self._rows.count() - 1, stretch)
            self._rows.setCollapsible(self._rows.count() - 1, False)
        self._rows.setSizes([170, 400, 130])
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(4, 4, 12, 4)
        column.setSpacing(4)
        column.addWidget(self.notices)
        column.addWidget(self._rows, 1)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.addWidget(self.setup)
        self._middle = Middle(right)
        self._columns.addWidget(self._middle)
        self._columns.setStretchFactor(1, 1)
        self._columns.setCollapsible(1, False)
        self._columns.setSizes([250, 1030])
        centre = QWidget()
        self._centre = QVBoxLayout(centre)
        self._centre.setContentsMargins(0, 0, 0, 0)
        self._centre.addWidget(self._columns)
        self.setCentralWidget(centre)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.log.detail_dock)
        self.log.detail_dock.hide()
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.status, 1)
        self.resize(QSize(1280, 760).boundedTo(self.screen().availableSize() - FRAME))
        parts: tuple[tuple[str, QWidget], ...] = (
            ("setup", self.setup), ("clients", self.clients), ("log", self.log),
            ("composer", self.composer), ("columns", self._columns), ("rows", self._rows),
        )  # fmt: skip
        for name, widget in parts:
            widget.setObjectName(name)

    def _connect_parts(self) -> None:
        self.setup.setting_changed.connect(self._on_setting)
        self.setup.open_clicked.connect(self.service.open)
        self.setup.close_clicked.connect(self.service.close)
        self.setup.complained.connect(self._on_complaint)
        clients, controller = self.clients, self._controller
        clients.disconnect_requested.connect(self.service.disconnect)
        clients.disconnect_all_requested.connect(self.service.disconnect_all)
        clients.cleared.connect(controller.forget_clients)
        clients.restored.connect(controller.remember_clients)
        clients.encoding_chosen.connect(self.archive.set_encoding)
        clients.note_changed.connect(controller.orders.set_note)
        clients.missed.connect(controller.orders.miss)
        clients.show_only_requested.connect(self.log.show_only)
        clients.send_to_requested.connect(self._send_to)
        clients.replay_requested.connect(self.service.replay)
        clients.compare_requested.connect(self.service.compare)
        clients.selection_changed.connect(self.composer.target.set_selected)
        clients.selection_changed.connect(self.log.tools.clients.set_selected)
        self.composer.setting_changed.connect(self._on_setting)
        self.log.mode_changed.connect(lambda mode: controller.change(log_mode=mode))
        self.log.tools.finder.way_chosen.connect(lambda way, on: controller.change(**{way: on}))
        self.log.follow_changed.connect(lambda on: controller.change(follow_tail=on))
        self.log.output.chosen.connect(lambda settings: controller.change(**settings))
        self._welcome.open_requested.connect(self.service.open)
        self._welcome.demo_requested.connect(lambda: self.service.start_demo())

    def _connect_controller(self) -> None:
        controller = self._controller
        controller.state_changed.connect(self._show_state)
        controller.fleet.state_changed.connect(self._on_fleet)
        controller.open_failed.connect(self.setup.show_listen_error)
        controller.journal_opened.connect(self._on_new_journal)
        controller.open_failure_explained.connect(self.setup.explain_listen_error)
        controller.clients_joined.connect(self._on_joined)
        controller.clients_left.connect(self._on_left)
        controller.entries_arrived.connect(self.archive.on_entries)
        controller.ticked.connect(self._on_tick)
        controller.ticked.connect(self.log.tools.clients.refresh)
        controller.send_finished.connect(self.composer.show_report)
        controller.troubled.connect(self.notices.show_trouble)
        controller.journal_health_changed.connect(self.notices.show_health)
        controller.encoding_hint.connect(self._on_hint)
        controller.orders.encoding_changed.connect(self.archive.on_encoding_changed)
        controller.orders.encoding_changed.connect(lambda _clients: self.composer.recheck())
        controller.orders.refused.connect(self.notices.say_refused)
        controller.settings_changed.connect(self._on_settings)

    # -- the stage -------------------------------------------------------------------------

    def show_in_centre(self, stage: QWidget | None) -> None:
        """Show the stage in the place of everything else, or everything else again."""
        self._columns.setVisible(stage is None)
        if stage is not None:
            self._centre.addWidget(stage)
            stage.show()

    # -- the server and its clients -------------------------------------------------------

    def _show_state(self, state: ServerState) -> None:
        self.setup.set_state(state)
        self._welcome.show_state(state, self._controller.endpoints)
        if state is ServerState.OPEN:
            self.notices.hide_complaint()
        self._presence.tell()

    def _on_fleet(self) -> None:
        self.composer.set_open(any(post.is_open for post in self._controller.fleet.posts.values()))

    def _on_complaint(self) -> None:
        """Say it here too while the settings column, where it belongs, is folded away."""
        complaint = self.setup.complaint
        if self.setup.visibleRegion().isEmpty():
            self.notices.show_complaint(lambda: self.setup.complaint or complaint)

    def _on_new_journal(self, journal: Journal) -> None:
        self.composer.set_journal(journal.key)
        self.archive.on_new_journal()

    def _on_joined(self, sessions: Sequence[Session]) -> None:
        self.service.demos.mark(sessions)
        self.archive.on_joined(sessions)
        self._presence.joined(sessions)

    def _on_left(self, sessions: Sequence[Session]) -> None:
        self.archive.on_left(sessions)
        self._presence.left(sessions)

    def _show_online(self, clients: set[ClientRef]) -> None:
        self.composer.target.set_online(clients)
        self.servers.refresh()
        self.status.refresh()

    def _address_of(self, client: ClientRef) -> str:
        session = self._controller.sessions.get(client)
        return str(session.endpoint) if session else ""

    def _send_to(self, clients: Sequence[ClientRef]) -> None:
        self.composer.target.choose(clients)
        self.commands["focus_composer"].trigger()

    # -- settings and looks ----------------------------------------------------------------

    def _on_setting(self, name: str, value: object) -> None:
        self._controller.change(**{name: value})

    def _on_settings(self) -> None:
        settings = self._controller.settings
        names = {"log": settings.log_mode, "theme": settings.theme, "language": settings.language}
        for group, value in names.items():
            self.commands[f"{group}_{value}"].setChecked(True)
        self.composer.set_default_encoding(settings.server.encoding)
        self.log.set_mode(settings.log_mode)
        self.log.tools.finder.set_ways(settings)
        self.log.set_follow(settings.follow_tail)
        self.frames.show_settings(settings)
        self.log.output.show_settings(settings)
        self.setup.show_settings(settings)

    def _on_tick(self) -> None:
        self.clients.tick()
        self.status.refresh()

    def _on_hint(self, client: ClientRef, encoding: str) -> None:
        if not self.archive.shown:
            orders = self._controller.orders
            take = partial(orders.set_encoding, [client], encoding)
            self.notices.show_hint(client.number, orders.encoding_of(client), encoding, take)

    # -- keeping and ending ----------------------------------------------------------------

    def _parts_to_keep(self) -> dict[str, Kept]:
        return self.classroom.kept() | {
            "setup": Kept(self._save_setup, self._restore_setup),
            "window": Kept(self.saveGeometry, self.restoreGeometry),
            "columns": Kept(self._columns.saveState, self._columns.restoreState),
            "rows": Kept(self._rows.saveState, self._rows.restoreState),
            "clients": Kept(self.clients.save_layout, self.clients.restore_layout),
        }

    def _save_setup(self) -> QByteArray:
        return QByteArray(b"hidden" if self.setup.isHidden() else b"shown")

    def _restore_setup(self, saved: QByteArray) -> None:
        self.setup.setVisible(saved != b"hidden")

    def _restore(self) -> None:
        if not unpack(self._controller.settings.window_state, self._kept):
            self.notices.say_damaged(["window_state"])
        self.commands["show_setup"].setChecked(not self.setup.isHidden())
        self._on_settings()

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change; full screen, by whatever way."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.WindowStateChange:
            self.commands["full_screen"].setChecked(self.isFullScreen())
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setWindowTitle(tr("window.title"))
        self.commands.retranslate()

    def end(self) -> None:
        """Close without a question: the system or a test wants the program to end."""
        self._ends = True
        while (dialog := QApplication.activeModalWidget()) is not None and dialog.close():
            pass
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while several clients are online; then keep the layout and let the program end."""
        app = QApplication.instance()
        saving = isinstance(app, QApplication) and app.isSavingSession()
        if not (self._ends or saving or self.service.may_quit()):
            event.ignore()
            return
        self.classroom.enter(False)
        self._controller.change(window_state=pack(self._kept))
        self.classroom.shut_down()
        self.service.demos.close()
        self.archive.close()
        self.log.shut_down()
        self.composer.shut_down()
        self.prepared.shut_down()
        self.rules.close()
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self.notices.wait()
        event.accept()
