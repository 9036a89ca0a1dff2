"""The real program with its real window, led by a pipe instead of hands. Started by `driven`.

    python -m tests.bench.driven_window JOURNAL SETTINGS-AS-JSON

Orders are JSON lines on stdin, `{"do": NAME, …}`; each is answered by one JSON line, in order, and
times in answers are monotonic seconds, which all processes of a machine share. The first line says
where the server listens and which X window is ours. The program ends with stdin.

It adds nothing to the program but a notifier on stdin and, while an order waits for something, a
timer: what is measured is what a user has.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from app.arguments import Arguments
from app.bridge.controller import ServerState
from app.paths import find_places
from app.text.compose import ComposeOptions
from app.ui.application import Program, make_application
from app.ui.collector import calm_collector

LOOK_MS = 10
Answer = dict[str, Any]


class Pipe(QObject):
    """Reads orders, has them done one after another, and answers. GUI thread."""

    def __init__(self, program: Program, end: Callable[[], object]) -> None:
        super().__init__(program)
        self._orders = Orders(program)
        self._end = end
        self._read = b""
        self._waits: Callable[[], Answer | None] | None = None
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._on_look)

    def _on_readable(self) -> None:
        part = os.read(0, 1 << 20)
        if not part:
            self._notifier.setEnabled(False)
            self._end()
            return
        self._read += part
        *lines, self._read = self._read.split(b"\n")
        for line in lines:
            order = json.loads(line)
            self._waits = getattr(self._orders, f"do_{order.pop('do')}")(**order)
            self._look.start()
            self._on_look()

    def _on_look(self) -> None:
        answer = self._waits() if self._waits else None
        if answer is not None:
            self._waits = None
            self._look.stop()
            say(answer)


class Orders(QObject):
    """What can be asked for. Each order returns a function that answers when it is done."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._controller = program.controller
        self._window = program.window
        self._paints: list[tuple[float, int]] = []
        self._watching = False

    # -- looking ---------------------------------------------------------------------------

    def do_report(self) -> Callable[[], Answer]:
        """Count clients and bytes as the table and the journal have them now."""
        return self._facts

    def _facts(self) -> Answer:
        rows, journal = self._window.clients.rows, self._controller.journal
        assert journal is not None
        return {
            "online": rows.online_count,
            "offline": rows.offline_count,
            "bytes_in": journal.bytes_in,
            "bytes_out": journal.bytes_out,
            "last_id": journal.last_id,
            "at_s": time.monotonic(),
        }

    def do_await_online(self, count: int) -> Callable[[], Answer | None]:
        """Answer when the table has so many rows that say online."""
        rows = self._window.clients.rows
        return lambda: self._facts() if rows.online_count >= count else None

    def do_await_offline(self) -> Callable[[], Answer | None]:
        """Answer when every row of the table says offline."""
        rows = self._window.clients.rows
        return lambda: self._facts() if rows.online_count == 0 else None

    def do_watch_log(self) -> Callable[[], Answer]:
        """Remember from now on when the log was painted, and up to which entry."""
        if not self._watching:
            self._watching = True
            self._window.log.view.viewport().installEventFilter(self)
        self._paints.clear()
        return dict

    def do_paints(self) -> Callable[[], Answer]:
        """Tell what was remembered: pairs of a time and the newest entry shown."""
        return lambda: {"paints": self._paints}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a paint of the log once it has reached the screen."""
        if event.type() == QEvent.Type.Paint:
            # The window flushes within the event that paints; a zero timer comes after it.
            QTimer.singleShot(0, self, self._note)
        return False

    def _note(self) -> None:
        shown = self._window.log.view.visible_rows
        if shown:
            self._paints.append((time.monotonic(), shown[-1].id))

    # -- doing what a user does ------------------------------------------------------------

    def do_host(self) -> Callable[[], Answer | None]:
        """Enter the class, and have its first starter serve new clients."""
        for name in ("piece_myserver", "run_program"):
            self._window.commands[name].trigger()
        stop = self._window.commands["stop_program"]
        return lambda: {} if stop.isEnabled() else None

    def do_close_port(self) -> Callable[[], Answer | None]:
        """Press F5, and Yes to the question; answer when the port and every worker are gone."""
        begun: list[float] = []
        QTimer.singleShot(0, self, lambda: self._say_yes(begun))
        self._window.commands["toggle_server"].trigger()  # returns when the question is answered
        if not begun:
            begun.append(time.monotonic())  # nobody was online: no question

        def closed() -> Answer | None:
            if self._controller.state is not ServerState.CLOSED:
                return None
            return {"from_s": begun[0], "at_s": time.monotonic()}

        return closed

    def _say_yes(self, begun: list[float]) -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            return
        for button in box.buttons():
            if box.buttonRole(button) == QMessageBox.ButtonRole.DestructiveRole:
                begun.append(time.monotonic())
                button.click()

    def do_type(self, text: str) -> Callable[[], Answer]:
        """Type a text for all clients, and let it stand there."""
        self._window.composer.target.choose([])
        self._window.composer.editor.replace_text(text)
        return dict

    def do_press_send(self) -> Callable[[], Answer]:
        """Press Send; tell when."""
        at_s = time.monotonic()
        self._window.composer.send()
        return lambda: {"at_s": at_s, "returned_s": time.monotonic()}

    def do_send(self, text: str, times: int, ports: list[int]) -> Callable[[], Answer]:
        """Send `text` so many times over, as one text, to the clients with these peer ports."""
        wanted = set(ports)
        ids = [i for i, s in self._controller.sessions.items() if s.endpoint.port in wanted]
        at_s = time.monotonic()
        report = self._controller.send(text * times, ComposeOptions(encoding=""), ids)
        return lambda: {"at_s": at_s, "clients": len(ids), "send_id": report.send_id}


def say(answer: Answer) -> None:
    """Answer an order."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def die(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Show what went wrong in an order and end: nobody should wait for the answer."""
    sys.__excepthook__(kind, fault, trace)
    os._exit(1)


def main() -> int:
    """Be the program until stdin ends."""
    sys.excepthook = die
    journal, settings = Path(sys.argv[1]), json.loads(sys.argv[2])
    app = make_application()
    wishes = {"host": "127.0.0.1", "port": 0, "language": "en", "theme": "light", **settings}
    program = Program(app, Arguments(listen=True, journal=journal, overrides=wishes), find_places())

    def say_where(state: ServerState) -> None:
        if state is ServerState.OPEN:
            view = program.window.log.view
            corner = view.mapTo(program.window, view.rect().topLeft())
            log = [corner.x(), corner.y(), view.width(), view.height()]
            port = program.controller.endpoints[0].port
            say({"port": port, "window": int(program.window.winId()), "log": log})

    program.controller.state_changed.connect(say_where)
    program.started.connect(partial(calm_collector, program))
    program.start()
    pipe = Pipe(program, program.window.end)
    try:
        return app.exec()
    finally:
        program.stop()
        pipe.deleteLater()


if __name__ == "__main__":
    sys.exit(main())
