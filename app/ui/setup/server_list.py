"""The list of servers above the settings of the one that is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QMarginsF, QPoint, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeySequence, QPainter, QPen, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.bridge.state import ServerState
from app.ui.theme import theme
from app.ui.widgets import HeadingLabel
from app.ui.widgets.labels import plain_tooltip
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import listen_error_sentence
from app.wording.servers import server_title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.bridge.post import Post
    from app.ui.actions import Actions

_ID = Qt.ItemDataRole.UserRole
MOST_ROWS = 6  # that stand there at once; more of them scroll
_MENU = ("add_server", "duplicate_server", "remove_server", "", "receive", "export_server",
         "import_server", "", "open_all",
         "close_all")  # fmt: skip


class _Line(NamedTuple):
    """What a row says."""

    token: str  # of the mark's colour
    is_open: bool  # it is full
    title: str
    clients: str
    tip: str


class ServerList(Worded, QWidget):
    """State, kind, port, name and clients of each. GUI thread.

    It changes nothing by itself: who is picked is asked for, and shown when it is so.
    """

    picked = Signal(int)  # a server's number
    toggle_requested = Signal()  # Enter or a double click: open or close the one that is picked
    rename_requested = Signal()  # F2

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = HeadingLabel()
        self._add, self._more = QToolButton(), QToolButton()
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._more.clicked.connect(self._show_menu_below)
        self.rows = QTreeWidget()
        self._lines: dict[int, _Line] = {}
        self._set_behaviour()
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        for button in (self._add, self._more):
            button.setAutoRaise(True)
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.rows)
        self.rows.currentItemChanged.connect(self._on_current)
        self.rows.itemActivated.connect(lambda *_: self.toggle_requested.emit())
        self.rows.customContextMenuRequested.connect(self._show_menu)
        self.dress()

    def _set_behaviour(self) -> None:
        rows = self.rows
        rows.setColumnCount(2)
        rows.setHeaderHidden(True)
        rows.setRootIsDecorated(False)
        rows.setUniformRowHeights(True)
        rows.setAllColumnsShowFocus(True)
        rows.setTextElideMode(Qt.TextElideMode.ElideRight)
        rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rename = QShortcut(QKeySequence("F2"), rows)
        rename.setContext(Qt.ShortcutContext.WidgetShortcut)
        rename.activated.connect(self.rename_requested)
        rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = rows.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)

    def take_commands(self, commands: Actions) -> None:
        """Offer these in the heading and in the menu."""
        self._add.setDefaultAction(commands["add_server"])
        self._add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        for name in _MENU:
            if name:
                self._menu.addAction(commands[name])
            else:
                self._menu.addSeparator()

    def show_posts(self, posts: Iterable[Post], selected_id: int) -> None:
        """Show these, the selected one marked."""
        everything = list(posts)
        lines = {post.profile.server_id: _line(post) for post in everything}
        with QSignalBlocker(self.rows):
            if list(lines) != list(self._lines):
                self._fill(list(lines))
            for row, (number, line) in enumerate(lines.items()):
                item = self.rows.topLevelItem(row)
                if item is None:
                    continue
                if line != self._lines.get(number):
                    _write(item, line)
                if number == selected_id and item is not self.rows.currentItem():
                    self.rows.setCurrentItem(item)
        self._lines = lines

    def _fill(self, numbers: list[int]) -> None:
        self.rows.clear()
        self._lines = {}
        for number in numbers:
            item = QTreeWidgetItem()
            item.setData(0, _ID, number)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.rows.addTopLevelItem(item)
            _write(item, _Line("secondary", False, "", "", ""))
        self._fit()

    def _fit(self) -> None:
        first = self.rows.topLevelItem(0)
        if first is not None:
            height = max(self.rows.visualItemRect(first).height(), theme().px(26))
            shown = min(self.rows.topLevelItemCount(), MOST_ROWS)
            self.rows.setFixedHeight(height * shown + 2 * self.rows.frameWidth() + theme().px(2))

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.picked.emit(item.data(0, _ID))

    def _show_menu(self, at: QPoint) -> None:
        self._menu.popup(self.rows.viewport().mapToGlobal(at))

    def _show_menu_below(self) -> None:
        self._menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._more.setIcon(theme().icon("list"))
        self.rows.header().setMinimumSectionSize(theme().px(18))
        self.rows.setIconSize(QSize(theme().px(10), theme().px(10)))
        numbers = list(self._lines)
        lines, self._lines = self._lines, {}
        for row, number in enumerate(numbers):
            item = self.rows.topLevelItem(row)
            if item is not None:
                _write(item, lines[number])
        self._lines = lines
        self._fit()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._heading.setText(tr("servers.heading"))
        self._more.setToolTip(tr("servers.more_tip"))
        self._more.setAccessibleName(tr("servers.more_tip"))
        self.rows.setAccessibleName(tr("servers.heading"))


def _line(post: Post) -> _Line:
    title = server_title(post.profile, post.endpoints)
    count = post.client_count
    if post.failure is not None:
        return _Line("danger", True, title, "", listen_error_sentence(post.failure))
    state = post.state.name.lower()
    where = ", ".join(map(str, post.endpoints))
    token = {ServerState.OPEN: "received", ServerState.CLOSING: "warning"}.get(post.state)
    tip = tr(f"window.state_{state}", where=where)
    is_open = token is not None
    return _Line(token or "secondary", is_open, title, str(count) if is_open else "", tip)


def _dot(token: str, *, filled: bool) -> QIcon:
    """A round mark: full while the port is open. The selection does not change its colour."""
    side = theme().px(10)
    picture = QPixmap(QSize(side, side) * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme().colour(token)
        painter.setPen(QPen(colour, theme().scale * 1.5))
        painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(0, 0, side, side).marginsRemoved(QMarginsF(1.5, 1.5, 1.5, 1.5)))
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon


def _write(item: QTreeWidgetItem, line: _Line) -> None:
    item.setIcon(0, _dot(line.token, filled=line.is_open))
    item.setSizeHint(0, QSize(0, theme().px(26)))
    item.setText(0, line.title)
    item.setText(1, line.clients)
    tip = plain_tooltip(f"{line.title}\n{line.tip}".strip())
    for column in range(2):
        item.setToolTip(column, tip)
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{line.title} {line.tip}".strip())
