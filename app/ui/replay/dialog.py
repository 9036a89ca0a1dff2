"""A replay: where to, how fast, how far; then both runs side by side."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from app.journal.entry import Endpoint
from app.journal.refs import ClientRef
from app.models.log_task import reader_like
from app.models.replaying import Replaying
from app.models.task import TaskSlot
from app.teaching.crowd import DIALLED
from app.teaching.replay import Carrier, Replayed, Target, carrier_of, read_target, total_bytes
from app.ui.dialogs import fit_dialog
from app.ui.widgets import FieldError, PlainLabel
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from app.bridge.controller import Controller
    from app.journal.reader import Reader
    from app.ui.demos import Demos
    from app.ui.replay.desk import Runs
    from app.ui.window import MainWindow

SPEEDS = (1, 2, 5, 10, 100, 0)


class ReplayDialog(QDialog):
    """One client's run once more. Closed, it stops. GUI thread."""

    changed = Signal()  # a replay has begun or ended

    def __init__(
        self,
        runs: Runs,
        reader: Reader,
        client: ClientRef,
        controller: Controller,
        demos: Demos,
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("replay.title", number=client.number))
        self._runs, self._client, self._controller = runs, client, controller
        self._demos, self._window = demos, window
        self._new_reader = partial(reader_like, reader)
        self._run = runs.run(client)  # now: later another journal may be shown
        self._carrier = carrier_of(reader, client.number)
        self._total = total_bytes(reader, client.number)
        self._task: Replaying | None = None
        self._came_from: Endpoint | None = None
        self._where = ""
        self._slot = TaskSlot(self)
        self._slot.progressed.connect(self._on_progress)
        self._slot.done.connect(self._on_done)
        self._slot.failed.connect(self._on_failed)
        controller.clients_joined.connect(self._show_state)
        self._make_parts(reader)
        self._lay_out()
        self._show_state()

    def _make_parts(self, reader: Reader) -> None:
        record = reader.client(self._client.number)
        address = str(Endpoint(record.host, record.port)) if record is not None else ""
        key = "replay.what" if self._total else "replay.nothing"
        self._what = PlainLabel(
            tr(
                key,
                number=self._client.number,
                address=address,
                journal=reader.path.name,
                size=size_text(self._total),
            )
        )
        self._what.setWordWrap(True)
        self.target = QComboBox()
        self.target.setEditable(True)
        self.target.addItems(self._own_servers())
        self.target.setToolTip(tr("replay.target_tip"))
        self.target.setAccessibleName(tr("replay.target"))
        self.speed = QComboBox()
        self.speed.setAccessibleName(tr("replay.speed"))
        for speed in SPEEDS:
            key = f"replay.speed_{speed if speed < 2 else 'n'}"
            self.speed.addItem(tr(key, times=speed), speed)
        self.error = FieldError()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1_000)
        self.bar.setTextVisible(False)
        self.said = PlainLabel("")
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _own_servers(self) -> list[str]:
        """Return the open servers' addresses; the one of the client's kind first."""
        found = []
        for post in self._controller.fleet.posts.values():
            if post.is_open and post.endpoints:
                kind = post.profile.kind if post.profile.kind in set(Carrier) else Carrier.TCP
                host, port = post.endpoints[0]
                found.append(f"{kind}://{Endpoint(DIALLED.get(host, host), port)}")
        return sorted(found, key=lambda address: not address.startswith(self._carrier))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("replay.target"), self.target)
        form.addRow("", self.error)
        form.addRow(tr("replay.speed"), self.speed)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.buttons: dict[str, QPushButton] = {}
        for name, act in (
            ("begin", self.begin),
            ("pause", self._pause),
            ("stop", self._stop),
            ("compare", self._compare),
        ):
            self.buttons[name] = buttons.addButton(tr(f"replay.{name}"), role)
            self.buttons[name].clicked.connect(act)
        self.buttons["pause"].setCheckable(True)
        buttons.addButton(QDialogButtonBox.StandardButton.Close).clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self._what)
        column.addLayout(form)
        for widget in (self.bar, self.said):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(buttons)
        fit_dialog(self, QSize(520, 300))

    # -- what the user orders --------------------------------------------------------------

    def begin(self) -> None:
        """Begin, if the address is one."""
        text = self.target.currentText()
        try:
            carrier, endpoint = read_target(text)
        except ValueError:
            words = tr("replay.bad_target", value=text) if text.strip() else tr("replay.no_server")
            self.error.show_error(words, self.target)
            return
        self.error.show_error("", self.target)
        self._where, self._came_from = str(endpoint), None
        target = Target(Carrier(carrier) if carrier else self._carrier, endpoint)
        speed = float(self.speed.currentData())
        note = tr("replay.note", number=self._client.number)

        def on_socket(own: Endpoint) -> None:  # in the task's thread: a signal would come too late
            self._came_from = own
            self._demos.expect(own, note)

        client = self._client.number
        self._task = Replaying(self._new_reader, client, target, speed, on_socket, self)
        self._on_progress(0, self._total)
        self._slot.start(self._task)
        self._show_state()

    def _pause(self, paused: bool) -> None:
        if self._task is not None:
            self._task.control.pause(paused)
            self.buttons["pause"].setText(tr("replay.go_on" if paused else "replay.pause"))

    def _stop(self) -> None:
        if self._task is not None:
            self._task.control.stop()

    def _compare(self) -> None:
        from app.ui.replay.compare import CompareDialog

        replayed = self._replayed()
        right = self._runs.run(replayed) if replayed is not None else None
        left = self._runs.run(self._client) or self._run  # by the framing of now, if it is shown
        if left is not None and right is not None:
            if replayed is not None and replayed.journal is not self._client.journal:
                right = replace(right, framing=left.framing)
            CompareDialog(left, right, self._window).show()

    # -- what follows from it --------------------------------------------------------------

    def _replayed(self) -> ClientRef | None:
        """Return the replay as a client of a server of our own, the newest from there."""
        sessions = self._controller.sessions.items()
        found = [ref for ref, session in sessions if session.endpoint == self._came_from]
        return found[-1] if found else None

    def _on_progress(self, done: int, total: int) -> None:
        self.bar.setValue(done * 1_000 // max(total, 1))
        key = "replay.paused" if self.buttons["pause"].isChecked() else "replay.running"
        self.said.setText(tr(key, done=size_text(done), total=size_text(total)))

    def _on_done(self, result: Replayed | None) -> None:
        if result is None:
            self.said.setText(tr("replay.stopped"))
        else:
            chunks, size, sha, _, whole = result
            self._on_progress(size, self._total)
            key = "replay.done" if whole else "replay.cut_off"
            self.said.setText(tr(key, n=chunks, size=size_text(size), sha=sha))
        self._show_state()

    def _on_failed(self, reason: str) -> None:
        reason = without_stop(reason or tr("replay.no_answer"))
        self.said.setText(tr("replay.failed", where=self._where, reason=reason))
        self._show_state()

    def _show_state(self, *_: object) -> None:
        busy = self._slot.is_busy
        if not busy:
            self._task = None
            self.buttons["pause"].setChecked(False)
            self.buttons["pause"].setText(tr("replay.pause"))
        self.buttons["begin"].setEnabled(not busy and self._total > 0)
        self.buttons["compare"].setEnabled(not busy and self._replayed() is not None)
        for name in ("pause", "stop"):
            self.buttons[name].setEnabled(busy)
        for field in (self.target, self.speed):
            field.setEnabled(not busy)
        self.changed.emit()

    def done(self, result: int) -> None:
        """The window closes: nothing more is sent."""
        self._slot.stop()
        super().done(result)
