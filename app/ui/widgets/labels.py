"""Labels: plain, heading, shortened, an icon, and what is wrong with a field."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import set_role, theme


class PlainLabel(QLabel):
    """A label that never takes its text for HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, role: str = "") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        if role:
            set_role(self, role)


class HeadingLabel(PlainLabel):
    """The name of a group: bold, no frame around the group."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent, role="heading")


class FieldError(PlainLabel):
    """One sentence under a field: what is wrong, why, what to do. Hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, role="error")
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def show_error(self, sentence: str, field: QWidget | None = None) -> None:
        """Say `sentence`; "" says nothing and takes no room. `field` is marked as wrong."""
        self.setText(sentence)
        self.setVisible(bool(sentence))
        self.setAccessibleName(sentence)
        if field is not None:
            set_role(field, "invalid" if sentence else "")

    def clear_error(self, field: QWidget | None = None) -> None:
        """Say nothing and take no room."""
        self.show_error("", field)


class ElidedLabel(PlainLabel):
    """One line that is shortened with … where there is no room, whole in its tooltip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text, parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show `text`, its line breaks as spaces."""
        super().setText(" ".join(text.splitlines()))
        self._tell_whole()

    def minimumSizeHint(self) -> QSize:
        """Any width is enough."""
        return QSize(self.fontMetrics().horizontalAdvance("…"), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        with QPainter(self) as painter:
            inner = self.contentsRect()
            shown = self.fontMetrics().elidedText(self.text(), self._mode, inner.width())
            alignment = self.alignment() | Qt.TextFlag.TextSingleLine
            self.style().drawItemText(
                painter,
                inner,
                int(alignment),
                self.palette(),
                self.isEnabled(),
                shown,
                self.foregroundRole(),
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tooltip repeats only what does not fit."""
        super().resizeEvent(event)
        self._tell_whole()

    def _tell_whole(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()
        self.setToolTip("" if fits else plain_tooltip(self.text()))


class IconLabel(QWidget):
    """An icon by itself; drawn when painted, so always in the colours and pixels of the moment."""

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        """`side_px`: its width and height, in the design's pixels."""
        super().__init__(parent)
        self._side_px = side_px
        self._icon = ""
        self._token = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def set_icon(self, name: str, token: str = "text") -> None:
        """Show icon `name` in the colour of `token`; "" takes no room."""
        self._icon, self._token = name, token
        self.setVisible(bool(name))
        self.update()

    def sizeHint(self) -> QSize:
        """A square in the type size of the moment."""
        side = theme().px(self._side_px)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if self._icon:
            with QPainter(self) as painter:
                theme().icon(self._icon, self._token).paint(painter, self.rect())


def plain_tooltip(text: str) -> str:
    """Return `text` so that a tooltip shows it as it is, even if it looks like HTML."""
    if "<" not in text and "&" not in text:
        return text
    from html import escape  # with two thousand names of characters: not for the first paint

    return f"<span>{escape(text)}</span>"
