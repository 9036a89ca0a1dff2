"""The client table's model.

Sessions are read where they are, as plain attributes: no signal and no copy per chunk. So the model
cannot know what has changed until it looks, and it looks only at what is on the screen: `refresh`,
called a few times a second, compares the visible rows with what they last showed. The idle clock
moves once a second for all rows together; ten thousand idle clients cost one repaint of the visible
idle cells a second, and nothing once they have been idle for minutes.

Sorting is a list's: a sort proxy took 453 ms for 10,000 clients, a list takes 1 to 5 ms.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.models.client_columns import EDITABLE, Column, alignment
from app.models.client_list import ClientList
from app.models.client_row import Client, RecordedClient
from app.models.client_screen import CLOCK_STEP_NS, ClientScreen
from app.models.client_texts import Shown, accessible_text, cell_text, cell_tip
from app.net.facts import ClientState
from app.wording import tr

if TYPE_CHECKING:
    from app.journal.refs import ClientRef

MOST_OFFLINE = 20_000  # rows; those that left first go first

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Role = Qt.ItemDataRole
_ROWS_MOVE = QAbstractTableModel.LayoutChangeHint.VerticalSortHint
_WITH_HINT = ("QList<QPersistentModelIndex>", "QAbstractItemModel::LayoutChangeHint")


class ClientTableModel(QAbstractTableModel):
    """A row for each client that was accepted and not cleared. GUI thread.

    It changes no client: an edit is a signal, and shows when the session has taken it.
    """

    counts_changed = Signal()  # how many are online, how many offline
    encoding_chosen = Signal(list, str)  # list[ClientRef], an Encoding's name
    note_changed = Signal(object, str)  # ClientRef, text
    dropped = Signal(list)  # list[ClientRef]: above MOST_OFFLINE

    def __init__(
        self, parent: QObject | None = None, *, now_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        """`now_ns` is the clock of the sessions' `last_active_mono_ns`."""
        super().__init__(parent)
        self._list = ClientList()
        self._screen = ClientScreen(now_ns)
        self._sorted_ns = 0

    # -- what Qt asks ----------------------------------------------------------------------

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Clients in the table."""
        return 0 if parent.isValid() else len(self._list.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """All columns, hidden ones too."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Return a cell's text and so on. The view paints from `shown`; others ask here."""
        if not index.isValid():
            return None
        client, column = self._list.rows[index.row()], Column(index.column())
        if role == _Role.DisplayRole:
            return cell_text(client, column, self._screen.now_ns)
        if role == _Role.EditRole:
            return client.encoding if column is Column.ENCODING else client.note
        if role == _Role.ToolTipRole:
            return cell_tip(client, column, self._screen.now_ns)
        if role == _Role.AccessibleTextRole:
            return accessible_text(client, column, self._screen.now_ns)
        return alignment(column) if role == _Role.TextAlignmentRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """Return a column's title, aligned as the column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        name = Column(section).name.lower()
        if role == _Role.DisplayRole:
            return tr(f"clients.column_{name}")
        if role in (_Role.ToolTipRole, _Role.AccessibleTextRole):
            return tr(f"clients.column_{name}_tip")
        return alignment(Column(section)) if role == _Role.TextAlignmentRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Tell what can be edited in place: the encoding, and the note of a live client."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if Column(index.column()) in EDITABLE and self._may_edit(index):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags | Qt.ItemFlag.ItemNeverHasChildren

    def _may_edit(self, index: _Index) -> bool:
        kept = isinstance(self._list.rows[index.row()], RecordedClient)
        return not kept or index.column() == Column.ENCODING

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        """Hand an edit on, if it changes anything."""
        if role != _Role.EditRole or not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return False
        client, is_note = self._list.rows[index.row()], index.column() == Column.NOTE
        if str(value) == (client.note if is_note else client.encoding):
            return False
        if is_note:
            self.note_changed.emit(client.ref, str(value))
        else:
            self.encoding_chosen.emit([client.ref], str(value))
        self._show_anew(client.ref)
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column now and from now on; a negative one means the order of joining."""
        descending = order == Qt.SortOrder.DescendingOrder
        self._list.sort_by(Column(max(column, 0)), descending=descending)
        self._sort()

    # -- clients come and go ---------------------------------------------------------------

    def add(self, clients: Sequence[Client]) -> None:
        """Clients joined: one insert for all of them. The next refresh sorts them in."""
        new = self._list.new_among(clients)
        if not new:
            return
        at = self.rowCount()
        self.beginInsertRows(_ROOT, at, at + len(new) - 1)
        self._list.append(new)
        self.endInsertRows()
        self._drop_surplus()
        self.counts_changed.emit()

    def mark_offline(self, clients: Iterable[Client]) -> None:
        """Clients are gone. Their rows stay, at most MOST_OFFLINE of them."""
        self._list.mark_offline(clients)
        self._drop_surplus()
        self.counts_changed.emit()

    def replace(self, clients: Iterable[Client]) -> None:
        """Show these clients instead of all others."""
        column, descending = self._list.column, self._list.descending
        self.beginResetModel()
        self._list = ClientList(clients)
        self._list.sort_by(column, descending=descending)
        self._screen.forget_all()
        self._list.arrange(self._list.sorted_rows() or self._list.rows)
        self.endResetModel()
        if not any(isinstance(client, RecordedClient) for client in self._list.rows[:1]):
            self._drop_surplus()
        self.counts_changed.emit()

    def clear_offline(self, clients: Collection[ClientRef] | None = None) -> list[Client]:
        """Take offline rows away, all or those of `clients`; return their clients."""
        gone = self._remove(list(self._list.offline) if clients is None else clients)
        if gone:
            self.counts_changed.emit()
        return gone

    def restore(self, clients: Sequence[Client]) -> None:
        """Bring cleared rows back, in their places."""
        self.add(clients)
        self._sort()

    def _drop_surplus(self) -> None:
        surplus = self._list.oldest_offline(self.offline_count - MOST_OFFLINE)
        gone = self._remove(surplus)
        if gone:
            self.dropped.emit([client.ref for client in gone])

    def _remove(self, clients: Collection[ClientRef]) -> list[Client]:
        # Rows lie anywhere; a removal for each of thousands would take seconds. So they are first
        # moved to the end, which is one change of layout, and then cut off, which is one removal.
        if not clients:
            return []
        rows, count = self._list.offline_last(clients)
        if not count:
            return []
        if rows != self._list.rows:
            with self._moving_rows():
                self._list.arrange(rows)
        self.beginRemoveRows(_ROOT, len(rows) - count, len(rows) - 1)
        gone = self._list.cut(count)
        self.endRemoveRows()
        self._screen.forget(client.ref for client in gone)
        return gone

    # -- order -----------------------------------------------------------------------------

    def _sort(self) -> None:
        self._sorted_ns = self._screen.now_ns
        rows = self._list.sorted_rows()
        if rows is not None:
            with self._moving_rows():
                self._list.arrange(rows)

    @contextmanager
    def _moving_rows(self) -> Iterator[None]:
        """Let selection and editors follow their clients while the rows change places."""
        _hinted(self.layoutAboutToBeChanged).emit([], _ROWS_MOVE)
        before = self.persistentIndexList()
        clients = [self._list.rows[index.row()].ref for index in before]
        yield
        after = [
            self.createIndex(self._list.place(client) or 0, index.column())
            for client, index in zip(clients, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        _hinted(self.layoutChanged).emit([], _ROWS_MOVE)

    # -- what is on the screen -------------------------------------------------------------

    def shown(self, row: int) -> Shown:
        """Return what row `row` shows, made when it first comes to the screen."""
        return self._screen.row(self._list.rows[row])

    def refresh(self, first: int, last: int, *, may_sort: bool = True) -> None:
        """Tell which cells of the visible rows `first` to `last` have changed.

        At most once a second also sort anew, unless `may_sort` is False (while a cell is edited).
        """
        self._screen.advance()
        if may_sort and self._screen.now_ns - self._sorted_ns >= CLOCK_STEP_NS:
            self._sort()
        first = max(first, 0)
        for column, at in self._screen.changes(self._list.rows[first : last + 1]).items():
            self.dataChanged.emit(
                self.index(first + at[0], column), self.index(first + at[-1], column)
            )

    def _show_anew(self, client: ClientRef) -> None:
        self._screen.forget([client])
        row = self.place(client)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._screen.forget_all()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        if self.rowCount():
            self.dataChanged.emit(
                self.index(0, 0), self.index(self.rowCount() - 1, len(Column) - 1)
            )

    # -- what others ask -------------------------------------------------------------------

    def client(self, row: int) -> Client:
        """Return the client in a row."""
        return self._list.rows[row]

    def place(self, client: ClientRef) -> int | None:
        """Return the row of a client; None if it is not in the table."""
        return self._list.place(client)

    def is_online(self, client: ClientRef) -> bool:
        """Whether a client is in the table and not gone."""
        return self._list.is_online(client)

    @property
    def online_count(self) -> int:
        """Rows of clients that are connected."""
        return self._list.online_count

    @property
    def offline_count(self) -> int:
        """Rows of clients that are gone."""
        return len(self._list.offline)


def surplus_of(sessions: Collection[Client]) -> list[ClientRef]:
    """Return the offline ones that a table would drop: those that joined first."""
    if len(sessions) <= MOST_OFFLINE:
        return []
    offline = [client.ref for client in sessions if client.state is ClientState.OFFLINE]
    return offline[: max(len(offline) - MOST_OFFLINE, 0)]


def _hinted(signal: Any) -> Any:
    """Return the overload with a hint, which PySide's types do not know.

    Told that only rows move, Qt keeps one index for each selected row, not one for each cell.
    """
    return signal[_WITH_HINT]
