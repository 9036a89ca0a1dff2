"""Editing in place: the encoding from a list, the note as typed."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.text.encodings import ENCODINGS
from app.ui.widgets.one_line import hold_what_is_shown
from app.wording import tr

MOST_NOTE_CHARACTERS = 500

_Index = QModelIndex | QPersistentModelIndex


class EncodingBox(QComboBox):
    """The list of encodings, open from the beginning."""

    dismissed = Signal()  # the list was closed, with or without a choice

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setMaxVisibleItems(len(ENCODINGS))
        self.setAccessibleName(tr("clients.column_encoding"))
        for encoding in ENCODINGS:
            self.addItem(encoding.label, encoding.name)

    def showPopup(self) -> None:
        """Open the list, and notice however it closes: hidePopup is not called for every way."""
        super().showPopup()
        self.view().window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list has gone."""
        if event.type() == QEvent.Type.Hide and watched is self.view().window():
            self.dismissed.emit()
        return super().eventFilter(watched, event)


class EncodingDelegate(QStyledItemDelegate):
    """A combo box over the cell; a choice is taken at once."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Every encoding Portside knows."""
        del option, index
        box = EncodingBox(parent)
        box.activated.connect(lambda: self.commitData.emit(box))
        # Qt closes the list before it tells the choice: the editor may go only after that.
        box.dismissed.connect(lambda: QTimer.singleShot(0, box, lambda: self.closeEditor.emit(box)))
        QTimer.singleShot(0, box, box.showPopup)  # by then it has its place
        return box

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Choose the client's encoding, unless the list is open: the user is choosing."""
        if isinstance(editor, EncodingBox) and not editor.view().isVisible():
            editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        """Hand the choice on."""
        if isinstance(editor, EncodingBox):
            model.setData(index, editor.currentData())


class NoteDelegate(QStyledItemDelegate):
    """A line of text over the cell. Enter takes it, Esc leaves it as it was."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Return the line."""
        del option, index
        line = QLineEdit(parent)
        hold_what_is_shown(line)
        line.setMaxLength(MOST_NOTE_CHARACTERS)
        line.setPlaceholderText(tr("clients.note_placeholder"))
        line.setAccessibleName(tr("clients.column_note"))
        return line

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Fill it once: a refresh must not undo what is being typed."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            super().setEditorData(editor, index)
