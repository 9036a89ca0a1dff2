"""The real program, with one more part in it: it answers what the walk asks through a pipe.

    python -m tests.walk.child SETTINGS-AS-JSON

Questions are JSON lines on stdin, `{"do": NAME, …}`; each is answered by one JSON line on stdout
that begins with a brace. What a user does comes from outside, by the X server, and not from here;
here is only told what there is on the screen, and prepared what a user would need minutes for.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import resource
import sys
import traceback
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from app.arguments import Arguments
from app.bridge.controller import Controller, ServerState
from app.ui.actions import ACTIONS, MENUS
from app.ui.application import make_application, run_window
from app.ui.window import MainWindow
from tests.support.starving import no_more_threads
from tests.support.watchdog import Frame, Watchdog
from tests.walk.look import controls, flaws, picture, place

Answer = dict[str, Any]
# For what the X server has sent before; who asks does not rely on it.
SETTLE_MS = 5


class Pipe(QObject):
    """Reads what is asked, and answers when the screen shows what was done before. GUI thread."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._answers = Answers(application)
        self._read = b""
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)

    def _on_readable(self) -> None:
        part = os.read(0, 1 << 20)
        if not part:
            self._notifier.setEnabled(False)
            return
        self._read += part
        *lines, self._read = self._read.split(b"\n")
        for line in lines:
            question = json.loads(line)
            # Not from here: what is asked for may begin an event loop of its own.
            QTimer.singleShot(SETTLE_MS, self, lambda asked=question: self._answer(**asked))

    def _answer(self, do: str, number: int, **rest: Any) -> None:
        try:
            answer = {"number": number, **getattr(self._answers, do)(**rest)}
        except Exception:  # noqa: BLE001 - whatever it was
            os.write(2, traceback.format_exc().encode())
            os._exit(1)  # nobody should wait for the answer
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


class Answers:
    """What can be asked. GUI thread."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._watchdog = Watchdog(application, _is_loop)
        self._starved = contextlib.ExitStack()

    @property
    def _window(self) -> MainWindow:
        return next(w for w in self._application.topLevelWidgets() if isinstance(w, MainWindow))

    @property
    def _controller(self) -> Controller:
        return self._application.findChildren(Controller)[0]

    # -- looking ------------------------------------------------------------------------------

    def ready(self) -> Answer:
        """Answer when there is a window that has been painted."""
        handle = self._window.windowHandle()
        return {"ready": bool(handle and handle.isExposed() and self._window.isActiveWindow())}

    def late(self) -> Answer:
        """Tell when the event loop had to wait, since this was last asked."""
        return {"late": self._watchdog.take()}

    def count_widgets(self) -> Answer:
        """Tell how many widgets there are, shown or not."""
        return {"count": len(self._application.allWidgets())}

    def controls(self) -> Answer:
        """Tell all that can be clicked or read."""
        return {"controls": controls()}

    def flaws(self) -> Answer:
        """Tell what is cut off or lies outside the screen."""
        return {"flaws": flaws()}

    def picture(self, status: bool = False) -> Answer:
        """Tell everything by which a user could notice that something happened."""
        controller, seen = self._controller, picture(status=status)
        seen["settings"] = repr(
            {
                k: v
                for k, v in dataclasses.asdict(controller.settings).items()
                if k != "window_state"
            }
        )
        seen["server"] = str(controller.state)
        seen["clients"] = " ".join(sorted(map(str, controller.sessions)))
        return {"picture": seen}

    def action(self, name: str) -> Answer:
        """Tell how an action of the menus is now."""
        action = self._window.commands[name]
        plain = action.text().replace("&", "")
        return {
            "enabled": action.isEnabled(),
            "visible": action.isVisible(),
            "checked": action.isChecked(),
            "exclusive": action.actionGroup() is not None,
            "keys": [s.toString() for s in action.shortcuts()],
            "reason": "" if action.toolTip().replace("&", "") == plain else action.toolTip(),
        }

    def actions(self) -> Answer:
        """Tell the names of all actions, and which stand in a menu."""
        return {"names": [spec.name for spec in ACTIONS], "in_menus": _names(MENUS)}

    def in_menu(self, name: str) -> Answer:
        """Tell where to click next on the way to an action; `there`: it is the action itself."""
        wanted = self._window.commands[name]
        for widget in reversed(self._application.topLevelWidgets()):
            if isinstance(widget, QMenu) and widget.isVisible():
                for entry in widget.actions():
                    if entry is wanted:
                        return {"at": place(widget, widget.actionGeometry(entry)), "there": True}
        for widget in self._application.topLevelWidgets():
            if isinstance(widget, QMenu) and widget.isVisible():
                for entry in widget.actions():
                    if _leads_to(entry, wanted) and not _menu_of(entry).isVisible():
                        return {"at": place(widget, widget.actionGeometry(entry)), "there": False}
        bar: QMenuBar = self._window.menuBar()
        if not bar.isVisible():  # on the stage a button holds the menus
            button = self._part("Top").menu_button
            return {"at": place(button, button.rect()), "there": False}
        for entry in bar.actions():
            if _leads_to(entry, wanted):
                return {"at": place(bar, bar.actionGeometry(entry)), "there": False}
        return {"at": None, "there": False}

    def port(self) -> Answer:
        """Tell where the server listens."""
        controller = self._controller
        return {"port": controller.endpoints[0].port if controller.endpoints else 0}

    # -- what a user would do in minutes ---------------------------------------------------------

    def change(self, **settings: Any) -> Answer:
        """Change settings, as the menus do."""
        self._controller.change(**settings)
        return {}

    def size(self, width: int, height: int) -> Answer:
        """Give the window a size; 0 makes it as large as the screen."""
        window = self._window
        if width == 0:
            window.showMaximized()
        else:
            window.showNormal()
            window.resize(width, height)
            window.move(0, 0)
        return {}

    def has_size(self) -> Answer:
        """Tell where the window lies and its frame, and whether it is (yet) as large as it can."""
        window = self._window
        maximised = window.isMaximized()
        has = {
            "at": window.geometry().getRect(),
            "frame": window.frameGeometry().getRect(),
            "maximised": maximised,
            "large": maximised and window.width() > 0.95 * window.screen().size().width(),
        }
        return {"has": has}

    def serve(self) -> Answer:
        """Open the port, if it is closed."""
        if self._controller.state is ServerState.CLOSED:
            self._window.service.open()
        return {}

    def few_descriptors(self, most: int) -> Answer:
        """Let the program have no more than so many from now on."""
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        return {}

    def starve_threads(self) -> Answer:
        """Let no thread of Python's begin any more: there is no room for the stack it asks for."""
        self._starved.enter_context(no_more_threads())
        return {}

    def feed(self) -> Answer:
        """Give back what `starve_threads` took."""
        self._starved.close()
        return {}

    def show_old(self, path: str) -> Answer:
        """Show an old journal, as the menu does once a file was chosen."""
        self._window.archive.enter(Path(path))
        return {}

    def trigger(self, name: str) -> Answer:
        """Do what an action does; where the walk looks at something else."""
        # Not from here: a dialog would keep the answer until it is closed.
        action = self._window.commands[name]
        QTimer.singleShot(0, action, lambda: action.trigger())
        return {}

    def select_client(self, row: int) -> Answer:
        """Put the table's cursor into a row."""
        self._window.clients.table.selectRow(row)
        return {}

    def experiments(self) -> Answer:
        """Tell the ids of the experiments; their piece is shown."""
        return {"ids": [e.id for e in self._part("ExperimentsPiece").laboratory.experiments]}

    def choose_experiment(self, name: str) -> Answer:
        """Show an experiment, as its line in the list does."""
        self._part("ExperimentsPiece").choose(name)
        return {}

    def experiment(self) -> Answer:
        """Tell how the experiment stands, and what its page says."""
        piece = self._part("ExperimentsPiece")
        run = piece.laboratory.last_run(piece.page.experiment.id)
        return {
            "running": piece.laboratory.running is not None,
            "over": run is not None and run.is_over and not run.was_cancelled,
            "resting": not piece.page.run_button.isEnabled(),
            "text": piece.page.view.toPlainText(),
        }

    def open_lesson(self, key: str) -> Answer:
        """Show a lesson, as its line in the list does; tell its links, in their order."""
        piece = self._part("LessonsPiece")
        piece.open(key)
        found, before = [], ""
        for position in range(piece.reader.document().characterCount() - 1):
            cursor = piece.reader.textCursor()
            cursor.setPosition(position + 1)
            href = cursor.charFormat().anchorHref()
            if href and href != before:
                found.append({"href": href, "position": position + 1})
            before = href
        return {"links": found, "text": piece.reader.toPlainText()}

    def find_link(self, position: int) -> Answer:
        """Bring a link of the lesson into sight; tell where on the screen it begins."""
        reader = self._part("LessonsPiece").reader
        cursor = reader.textCursor()
        cursor.setPosition(position + 1)
        reader.setTextCursor(cursor)
        reader.ensureCursorVisible()
        rect = reader.cursorRect(cursor).adjusted(-2, 0, -2, 0)
        return {"at": place(reader.viewport(), rect), "href": reader.anchorAt(rect.center())}

    def _part(self, kind: str) -> Any:
        return next(w for w in self._window.findChildren(QWidget) if type(w).__name__ == kind)


def _is_loop(frame: Frame) -> bool:
    return frame.name == "run_window"


def _names(entries: Any) -> list[str]:
    found: list[str] = []
    for entry in entries:
        if isinstance(entry, tuple):
            found += _names(entry[1])
        elif entry != "-":
            found.append(entry)
    return found


def _leads_to(entry: QAction, action: QAction) -> bool:
    below = _menu_of(entry).actions() if entry.menu() else []
    return any(other is action or _leads_to(other, action) for other in below)


def _menu_of(entry: QAction) -> QMenu:
    return cast("QMenu", entry.menu())


def main() -> int:
    """Be the program until the window is closed."""
    application = make_application()
    wishes = {"host": "127.0.0.1", "port": 0, **json.loads(sys.argv[1])}
    pipe = Pipe(application)
    try:
        return run_window(Arguments(overrides=wishes))
    finally:
        pipe.deleteLater()


if __name__ == "__main__":
    sys.exit(main())
