"""The program with a window: from the command line's wishes to the event loop and back."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, qVersion
from PySide6.QtWidgets import QApplication

from app import APP_NAME, __version__
from app.bridge.controller import Controller, ServerState
from app.paths import find_places
from app.report import log
from app.report.crash import die, reported
from app.settings import Settings, merged
from app.settings_file import store_settings
from app.start import begin, listening_line
from app.ui.alarm import Alarm
from app.ui.collector import calm_collector
from app.ui.ending import EndingSignals
from app.ui.first_paint import FirstPaint
from app.ui.qt_words import QtWords
from app.ui.theme import theme
from app.ui.window import MainWindow
from app.wording import language_of, set_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.arguments import Arguments
    from app.journal.journal import Journal
    from app.paths import Places
    from app.report.crash import CrashReport

APP_USER_MODEL_ID = "Portside.Portside"  # Windows: Company.Product
STORE_DELAY_MS = 500  # a dragged splitter changes its setting fifty times a second


def run_window(arguments: Arguments) -> int:
    """Show the window and serve until it is closed; return the exit code. Main thread."""
    app = make_application()
    places = find_places(portable=arguments.portable)
    with reported(places.reports_dir, arguments.log_level, qt=qVersion()) as report:
        program = Program(app, arguments, places)
        program.controller.fleet.state_changed.connect(partial(_announce, program.controller))
        program.started.connect(partial(calm_collector, program))
        program.started.connect(partial(_take_up, program.window, places, arguments, report))
        alarm = Alarm(program, report)
        trouble = program.window.notices.show_trouble
        alarm.raised.connect(trouble, Qt.ConnectionType.QueuedConnection)
        if arguments.crash:
            program.started.connect(die)
        program.start()
        try:
            return app.exec()
        finally:
            program.stop()
            alarm.close()


def _take_up(
    window: MainWindow, places: Places, arguments: Arguments, report: CrashReport | None
) -> None:
    """Begin the log, and offer what is known of an earlier crash: after the first picture."""
    from app.models.task import Task, TaskSlot
    from app.scratch import clear_scratch
    from app.ui.reports import ReportOffer
    from app.ui.stage.warming import Warming

    Warming(window)
    TaskSlot(window).start(Task("scratch-clear", lambda _task: clear_scratch()))
    log.begin_log(places.reports_dir, arguments.log_level)
    if report is not None:
        report.hold()
    ReportOffer(places.reports_dir, window.notices).look()


def make_application() -> QApplication:
    """Return the process's one QApplication, which the desktop knows by our name and icon."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(APP_NAME)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("portside")
    app.setWindowIcon(theme().application_icon())
    if sys.platform == "win32":
        _take_taskbar_identity()
    return app


def _take_taskbar_identity() -> None:
    """Be one program for the task bar, also from source, where python.exe would be it.

    The Start menu's entry has the same id (Microsoft: Application User Model IDs).
    """
    import ctypes

    shell32 = getattr(ctypes, "windll").shell32  # noqa: B009 - mypy off Windows knows no windll
    shell32.SetCurrentProcessExplicitAppUserModelID(APP_USER_MODEL_ID)


def _announce(controller: Controller, server_id: int) -> None:
    """Tell who started us where the server listens."""
    posts = controller.fleet.posts
    post = posts.get(server_id)
    if post is not None and post.state is ServerState.OPEN and sys.stdout is not None:
        for endpoint in post.endpoints:
            line = listening_line(post.profile.kind, endpoint, is_alone=len(posts) == 1)
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def looks_of(settings: Settings) -> tuple[str, str, int]:
    """Return what the program's looks depend on."""
    return settings.language, settings.theme, settings.type_percent


class Program(QObject):
    """Ties settings, language, looks, controller and window together. GUI thread."""

    started = Signal()
    """The first picture is on the screen, and what waited for it is done."""

    def __init__(self, app: QApplication, arguments: Arguments, places: Places) -> None:
        super().__init__(app)
        self._arguments = arguments
        self._places = places
        self._run = begin(arguments, places)
        self._stored, settings = self._run.stored, self._run.settings
        self._last = settings
        self._words = QtWords("en", self)
        with theme().sheet_last():
            self._apply_looks(settings)
            self.controller = Controller(settings, self._new_journal, self)
            self.controller.fleet.certificate_dir = str(places.config_dir)
            self.window = MainWindow(self.controller, places)
        self.window.notices.say_damaged([p.name or p.path.name for p in self._run.problems])
        self._store_timer = QTimer(self, singleShot=True, interval=STORE_DELAY_MS)
        self._store_timer.timeout.connect(self._store)
        self.controller.settings_changed.connect(self._on_settings_changed)
        self._signals = EndingSignals(self.window.end, self)

    def start(self) -> None:
        """Show the window; whatever the first picture does not need comes after it."""
        FirstPaint(self.window, self._after_first_paint)
        self.window.show()

    def _after_first_paint(self) -> None:
        from app.net.process import switch_threads_soon
        from app.ui.firewall import FirewallWord, firewall_asks
        from app.ui.heap import give_back

        give_back()
        # So long each frame waits, several times, beside a thread that searches or fills a filter.
        switch_threads_soon()
        if firewall_asks():
            FirewallWord(self.controller, self.window.notices).look()
        if self._arguments.journal is not None:
            self.window.service.try_journal()
        if self._arguments.listen:
            self.window.service.open_all(profile.server_id for profile in self._run.profiles)
        else:
            self.window.servers.reopen()
        if self._arguments.journal is None:
            self.window.archive.offer_crashed()
        self.started.emit()

    def stop(self) -> None:
        """Close the port and the journal, and keep the settings."""
        self.controller.shutdown()
        self._store()
        self._signals.close()

    def _new_journal(self, on_news: Callable[[], None]) -> Journal:
        return self._run.open_journal(on_news, self.controller.settings.journal_limit_bytes)

    def _on_settings_changed(self, settings: Settings) -> None:
        before, self._last = self._last, settings
        self._stored = merged(self._stored, before, settings)
        if looks_of(before) != looks_of(settings):
            self._apply_looks(settings)
        self._store_timer.start()

    def _apply_looks(self, settings: Settings) -> None:
        language = language_of(settings.language)
        set_language(language)
        theme().set_mode(settings.theme)
        theme().set_type_percent(settings.type_percent)
        # Installing a translator sends LanguageChange to every widget: that is what makes our
        # own words change too.
        QApplication.removeTranslator(self._words)
        self._words.deleteLater()
        self._words = QtWords(language, self)
        QApplication.installTranslator(self._words)

    def _store(self) -> None:
        self._store_timer.stop()
        try:
            store_settings(self._places.settings_path, self._stored)
        except OSError as error:
            log.warning(f"settings not stored: {error.strerror}")
            if sys.stderr is not None:
                sys.stderr.write(f"settings not stored: {error}\n")
