"""Editing in place: the encoding from a list, the note as typed."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.text.encodings import ENCODINGS

_Index = QModelIndex | QPersistentModelIndex


class EncodingDelegate(QStyledItemDelegate):
    """A combo box over the cell; a choice is taken at once."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Every encoding Portside knows."""
        del option, index
        box = QComboBox(parent)
        for encoding in ENCODINGS:
            box.addItem(encoding.label, encoding.name)
        box.activated.connect(lambda: self._take(box))
        return box

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Show the client's encoding, with the list open."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))
            editor.showPopup()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        """Hand the choice on."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())

    def _take(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)
