"""The list of the experiments: a title, one line, and what came of the last run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.experiments import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.teaching.experiments.catalogue import Experiment
    from app.teaching.experiments.performance import Performance

_ID, _LINE, _MARK = (Qt.ItemDataRole.UserRole + at for at in range(3))
_MARKS = {"runs": ("▶", "link"), "holds": ("✓", "received"), "fails": ("✗", "error")}
_WRAPS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class Chooser(Worded, QListWidget):
    """Tells which one is chosen, by a click or Enter. GUI thread."""

    chosen = Signal(str)

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        super().__init__()
        self.setItemDelegate(_Delegate(self))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        for experiment in experiments:
            item = QListWidgetItem(self)
            item.setData(_ID, experiment.id)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        theme().changed.connect(self.scheduleDelayedItemsLayout)
        self.dress()

    def show_chosen(self, experiment_id: str) -> None:
        """Mark the one that is on the page; tells nobody."""
        for row in range(self.count()):
            if self.item(row).data(_ID) == experiment_id:
                self.setCurrentRow(row)

    def show_runs(self, run_of: Callable[[str], Performance | None]) -> None:
        """Mark what runs, and what came of the others."""
        for row in range(self.count()):
            item = self.item(row)
            mark = _mark_of(run_of(item.data(_ID)))
            if item.data(_MARK) != mark:
                item.setData(_MARK, mark)
                self._speak(item)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_ID))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("laboratory.list"))
        for row in range(self.count()):
            item = self.item(row)
            item.setText(f"{row + 1}. {words_of(item.data(_ID), 'title')}")
            item.setData(_LINE, words_of(item.data(_ID), "line"))
            self._speak(item)
        self.scheduleDelayedItemsLayout()

    def _speak(self, item: QListWidgetItem) -> None:
        mark = item.data(_MARK)
        known = [item.text(), item.data(_LINE), tr(f"laboratory.{mark}") if mark else ""]
        item.setData(Qt.ItemDataRole.AccessibleTextRole, "\n".join(filter(None, known)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other lines in another width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def minimumSizeHint(self) -> QSize:
        """Any size is enough: it breaks its lines, and scrolls."""
        return QSize(theme().px(120), theme().px(60))


def _mark_of(run: Performance | None) -> str:
    if run is None or run.was_cancelled:
        return ""
    if not run.is_over:
        return "runs"
    went_well = run.result is not None and all(row.holds is not False for row in run.result.rows)
    return "holds" if went_well else "fails"


class _Delegate(QStyledItemDelegate):
    """Draws a title with its mark, and the line below, broken where it must be."""

    def __init__(self, view: Chooser) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as its words need in the list's width."""
        whole = QRect(0, 0, self._view.viewport().width(), 10_000)
        title, line = self._places(whole, index)
        return QSize(whole.width(), line.bottom() + 1 + _gap() if line.height() else title.bottom())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one."""
        self.initStyleOption(option, index)
        option.text = ""
        style, view = self._view.style(), self._view
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)
        title, line = self._places(option.rect, index)
        painter.save()
        painter.setFont(_title_font())
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.drawText(title, int(_WRAPS), index.data(Qt.ItemDataRole.DisplayRole))
        mark, token = _MARKS.get(index.data(_MARK), ("", "text"))
        painter.setPen(theme().colour(token))
        room = QRect(title.right(), title.top(), option.rect.right() - title.right() - _gap(), 9999)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop), mark)
        painter.setFont(theme().ui_font())
        painter.setPen(theme().colour("secondary"))
        painter.drawText(line, int(_WRAPS), index.data(_LINE))
        painter.restore()

    def _places(
        self, whole: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> tuple[QRect, QRect]:
        """Return where the title and the line stand in `whole`."""
        gap, mark_px = _gap(), theme().px(24)
        inner = whole.adjusted(gap, gap, -gap, 0)
        bold, usual = QFontMetrics(_title_font()), QFontMetrics(theme().ui_font())
        text, line = index.data(Qt.ItemDataRole.DisplayRole), index.data(_LINE)
        room = QRect(inner.topLeft(), QSize(inner.width() - mark_px, 9999))
        title = bold.boundingRect(room, int(_WRAPS), text)
        title.setWidth(room.width())
        below = QRect(inner.left(), title.bottom() + theme().px(2), inner.width(), 9999)
        needed = usual.boundingRect(below, int(_WRAPS), line)
        return title, QRect(below.topLeft(), QSize(below.width(), needed.height()))


def _title_font() -> QFont:
    font = theme().ui_font()
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _gap() -> int:
    return theme().px(8)
