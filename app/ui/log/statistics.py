"""The window of the statistics: figures, plots, saved as picture and CSV."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.frame_series import Points
from app.models.statistics import Figures, LogStatistics, Statistics, value_of
from app.ui.dialogs import fit_dialog
from app.ui.files import file_to_save
from app.ui.log.plot import PlotView
from app.ui.widgets import FieldError, PlainLabel
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.models.log_rows import LogRows

LIVE_MS = 1_000  # between two looks at what has arrived
PLOTS = ("messages", "bytes", "sizes", "answers")
COLUMNS = (
    "who", "received", "sent", "bytes_in", "bytes_out", "per_s", "bytes_per_s", "size_p50",
    "size_p99", "answer_p50", "answer_p99",
)  # fmt: skip


class StatisticsWindow(QDialog):
    """Stays beside the log; ends with it, or when another journal is shown. GUI thread."""

    def __init__(self, rows: LogRows, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("statistics.title"))
        self._rows = rows
        self._task: LogStatistics | None = None
        self.found: Statistics | None = None
        self.scope, self.plot = QComboBox(), QComboBox()
        for name in ("all", "shown"):
            self.scope.addItem(tr(f"statistics.scope_{name}"), name)
        for name in PLOTS:
            self.plot.addItem(tr(f"statistics.plot_{name}"), name)
        self.scope.activated.connect(lambda: self.count())
        self.plot.activated.connect(lambda: self._show_plot())
        self.state = PlainLabel("", role="secondary")
        self.cancel = QPushButton(tr("statistics.stop"))
        self.cancel.clicked.connect(self._on_stop)
        self.table = QTreeWidget()
        self.view = PlotView("statistics.none")
        self._error = FieldError()
        self._lay_out()
        self._live = QTimer(self, interval=LIVE_MS)
        self._live.timeout.connect(self._look)
        self._live.start()
        self.count()

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        for name, box in (("scope", self.scope), ("plot", self.plot)):
            label = PlainLabel(tr(f"statistics.{name}"), role="secondary")
            label.setBuddy(box)
            box.setAccessibleName(tr(f"statistics.{name}"))
            above.addWidget(label)
            above.addWidget(box, 1)
        above.addWidget(self.state, 1)
        above.addWidget(self.cancel)
        self.table.setHeaderLabels([tr(f"statistics.column_{name}") for name in COLUMNS])
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setAccessibleName(tr("statistics.title"))
        self.table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(False)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.view)
        split.addWidget(self.table)
        split.setChildrenCollapsible(False)
        hint = PlainLabel(tr("statistics.hint"), role="secondary")
        hint.setWordWrap(True)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.picture = buttons.addButton(tr("statistics.save_picture"), role)
        self.picture.clicked.connect(lambda: self._save(picture=True))
        self.csv = buttons.addButton(tr("statistics.save_csv"), role)
        self.csv.clicked.connect(lambda: self._save(picture=False))
        buttons.addButton(QDialogButtonBox.StandardButton.Close).clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.addLayout(above)
        column.addWidget(split, 1)
        for widget in (hint, self._error, buttons):
            column.addWidget(widget)
        fit_dialog(self, QSize(860, 560))

    # -- counting ----------------------------------------------------------------------------

    def count(self) -> None:
        """Count anew, in the background."""
        self.stop_task()
        self.found = None
        rows = self._rows
        if rows.new_reader is not None and rows.reader is not None:
            shown = self.scope.currentData() == "shown"
            clients = rows.filter.clients if shown else None
            last_id = rows.reader.last_id
            self._task = LogStatistics(rows.new_reader, clients, last_id, self)
            self._task.delivered.connect(self._on_found)
            self._task.progressed.connect(self._on_progress)
            self._task.failed.connect(self._on_failed)
            self._task.start()
        self.cancel.setEnabled(self._task is not None)
        self._show()

    def stop_task(self) -> None:
        """Leave no thread behind."""
        if self._task is not None:
            self._task.stop()
            self._task = None

    def _on_stop(self) -> None:
        self.stop_task()
        self.cancel.setEnabled(False)
        self.state.setText(tr("statistics.stopped"))

    def _look(self) -> None:
        reader = self._rows.reader
        if self._task is not None and reader is not None:
            self._task.follow(reader.last_id)

    def _on_progress(self, done: int, total: int) -> None:
        if self.sender() is self._task and not (self.found and self.found.complete):
            self.state.setText(tr("statistics.counting", percent=done * 100 // max(total, 1)))

    def _on_failed(self, reason: str) -> None:
        self._error.show_error(tr("statistics.failed", reason=without_stop(reason)))

    def _on_found(self, found: Statistics) -> None:
        if self.sender() is self._task:
            self.found = found
            self._show()

    # -- what is shown -----------------------------------------------------------------------

    def _show(self) -> None:
        found = self.found
        parties = found.parties if found is not None else ()
        if found is not None and found.complete:
            n = parties[0].received + parties[0].sent
            self.state.setText(tr("statistics.ready", n=n))
        while self.table.topLevelItemCount() > len(parties):
            self.table.takeTopLevelItem(self.table.topLevelItemCount() - 1)
        for row, party in enumerate(parties):
            item = self.table.topLevelItem(row)
            if item is None:
                item = QTreeWidgetItem()
                self.table.addTopLevelItem(item)
                for at in range(1, len(COLUMNS)):
                    item.setTextAlignment(at, Qt.AlignmentFlag.AlignRight)
            for at, text in enumerate(cells(party)):
                item.setText(at, text)
        for button in (self.picture, self.csv):
            button.setEnabled(bool(parties) and bool(parties[0].received + parties[0].sent))
        self._show_plot()

    def _show_plot(self) -> None:
        found, name = self.found, self.plot.currentData()
        lines: list[Points] = []
        place: Callable[[float], str] | None = None
        if found is not None and name in ("messages", "bytes"):
            lines = [found.messages if name == "messages" else found.bytes]
        elif found is not None:
            lines = [_histogram(found.sizes if name == "sizes" else found.answers)]
            place = _size_at if name == "sizes" else _time_at
        self.view.show_lines([line for line in lines if line.times], place)
        self.view.setAccessibleName(self.plot.currentText())

    # -- saving ------------------------------------------------------------------------------

    def _save(self, *, picture: bool) -> None:
        kinds = "PNG (*.png)" if picture else "CSV (*.csv)"
        name = f"{tr('statistics.name')}{'.png' if picture else '.csv'}"
        title = tr("statistics.save_picture" if picture else "statistics.save_csv")
        chosen = file_to_save(self, title, name, kinds)
        if chosen is not None:
            self.save_to(chosen[0], picture=picture)

    def save_to(self, path: Path, *, picture: bool) -> None:
        """Write the plot, or the figures, into a file; says so where that fails."""
        saved = self.view.grab().save(str(path), "PNG") if picture else self._write_csv(path)
        self._error.show_error("" if saved else tr("statistics.not_saved", name=path.name))

    def _write_csv(self, path: Path) -> bool:
        from app.evidence.table import csv_pieces, defused
        from app.evidence.whole import whole_file

        parties = self.found.parties if self.found is not None else ()
        names = [defused(tr(f"statistics.column_{name}")) for name in COLUMNS]
        rows = [[defused(who(party)), *numbers(party)] for party in parties]
        try:
            with whole_file(path, lambda: False) as file:
                file.write(b"".join(csv_pieces(names, [rows])))
        except OSError:
            return False
        return True

    def done(self, result: int) -> None:
        """The window closes."""
        self._live.stop()
        self.stop_task()
        super().done(result)


def who(party: Figures) -> str:
    """Say whose figures these are."""
    return tr(f"statistics.{party.kind}", number=party.number)


def numbers(party: Figures) -> list[str]:
    """Return all figures but whose they are, as they are written into a file."""
    exact = [party.received, party.sent, party.bytes_in, party.bytes_out]
    rounded = [party.per_s, party.bytes_per_s, party.size_p50, party.size_p99]
    answers = [party.answer_p50_ms, party.answer_p99_ms] if party.answers else []
    found = [*map(str, exact), *(f"{value:.1f}" for value in rounded)]
    return [*found, *(f"{value:.2f}" for value in answers), *[""] * (2 - len(answers))]


def cells(party: Figures) -> list[str]:
    """Return what a row of the table shows."""
    found = [who(party), *numbers(party)]
    for at, value in ((3, party.bytes_in), (4, party.bytes_out), (6, round(party.bytes_per_s))):
        found[at] = size_text(value)
    return found


def _histogram(counts: Mapping[int, int]) -> Points:
    known = sorted({at + by for at in counts for by in (-1, 0, 1)})
    return Points(
        0, array("d", map(float, known)), array("d", (float(counts.get(at, 0)) for at in known))
    )


def _size_at(at: float) -> str:
    return size_text(round(value_of(at))) if at >= 0 else "0"


def _time_at(at: float) -> str:
    us = value_of(max(at, 0.0))
    return f"{us:.0f} µs" if us < 1_000 else f"{us / 1_000:.3g} ms"
