"""The window of a plot: live, zoomed, saved as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.models.frame_series import FrameSeries
from app.text.visible import escaped
from app.ui.dialogs import fit_dialog
from app.ui.log.plot import PlotView
from app.ui.widgets import FieldError, PlainLabel
from app.wording import tr

if TYPE_CHECKING:
    from app.models.log_rows import LogRows

LIVE_MS = 500  # between two looks at what has arrived


class PlotWindow(QDialog):
    """Stays beside the log; ends with it, or when another journal or framing is shown."""

    def __init__(self, rows: LogRows, field: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{tr('plot.title')}: {escaped(field)}")
        self._rows, self._plan, self._key = rows, rows.plan, rows.reader and rows.reader.key
        self.view = PlotView()
        self._error = FieldError()
        self._task: FrameSeries | None = None
        new_reader, plan = rows.new_reader, rows.plan
        if new_reader is not None and plan is not None:
            table, _, _ = rows.frame_table()
            self._task = FrameSeries(new_reader, table, plan, field, self)
            self._task.delivered.connect(self.view.add)
            self._task.start()
        self._live = QTimer(self, interval=LIVE_MS)
        self._live.timeout.connect(self._look)
        self._live.start()
        hint = PlainLabel(tr("plot.hint"), role="secondary")
        hint.setWordWrap(True)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole.ActionRole
        buttons.addButton(tr("plot.all"), role).clicked.connect(self.view.show_all)
        buttons.addButton(tr("plot.save"), role).clicked.connect(self._save)
        buttons.addButton(QDialogButtonBox.StandardButton.Close).clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.view, 1)
        for widget in (hint, self._error, buttons):
            column.addWidget(widget)
        fit_dialog(self, QSize(720, 420))

    def _look(self) -> None:
        rows = self._rows
        if rows.plan != self._plan or rows.reader is None or rows.reader.key is not self._key:
            self.close()
        elif self._task is not None and not rows.is_filling:
            self._task.go_on(rows.frame_table()[0])

    def _save(self) -> None:
        from app.ui.files import file_to_save

        chosen = file_to_save(self, tr("plot.save"), "plot.png", "PNG (*.png)")
        saved = chosen is None or self.view.grab().save(str(chosen[0]), "PNG")
        self._error.show_error("" if saved else tr("plot.not_saved", name=chosen and chosen[0]))

    def stop(self) -> None:
        """Leave no thread behind."""
        self._live.stop()
        if self._task is not None:
            self._task.stop()
            self._task = None

    def done(self, result: int) -> None:
        """The window closes."""
        self.stop()
        super().done(result)
