"""Which clients the log shows: all, the table's selection, one of a list, or typed numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from app.net.facts import Endpoint
from app.ui.theme import set_role, theme
from app.ui.widgets.labels import plain_tooltip
from app.ui.widgets.popups import WideListCombo
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.terms import quoted_text

if TYPE_CHECKING:
    from app.journal.entry import ClientRecord
    from app.journal.refs import ClientRef, JournalKey

LISTED = 50  # of thousands of clients only the newest; any number can be typed

ALL = "all"
SELECTED = "selected"
_NUMBER = re.compile(r"\d+")
# Nothing else may stand there: of "client 3b" nobody can say that #3 is meant.
_NUMBERS = re.compile(r"[\s,，、;；]*(?:#?\d{1,18}(?:[\s,，、;；]+|$))+")


class _OfServer(NamedTuple):
    """All clients of one of several servers, those to come, too."""

    server_id: int
    port: int


class ClientFilter(Worded, WideListCombo):
    """A combo box that takes client numbers too. The list is made when it is opened."""

    chosen = Signal(object)
    """frozenset of client ids, or None for all, after the user or `show_only` chose."""
    refused = Signal(str)  # one sentence: what was typed is no list of clients

    def __init__(
        self,
        newest_clients: Callable[[int], tuple[Mapping[int, ClientRecord], int]],
        parent: QWidget | None = None,
    ) -> None:
        """`newest_clients` tells up to so many clients of the journal, and how many it has."""
        super().__init__(parent)
        self._newest_clients = newest_clients
        self._journal: JournalKey | None = None  # whose numbers these are
        self._selected: frozenset[int] = frozenset()  # in the table
        self._choice: str | frozenset[int] | _OfServer = ALL
        self._of_server: frozenset[int] = frozenset()  # its clients so far
        self._total = 0  # clients when that was found out
        self._told: frozenset[int] | None = None
        self._field = QLineEdit()
        self.setLineEdit(self._field)
        self.setInsertPolicy(WideListCombo.InsertPolicy.NoInsert)
        self.setCompleter(QCompleter(self))  # one that completes nothing
        self.setSizeAdjustPolicy(
            WideListCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.activated.connect(self._on_activated)
        self._field.editingFinished.connect(self._on_typed)
        self.dress()

    @property
    def clients(self) -> frozenset[int] | None:
        """The clients whose entries are shown; None: all."""
        if self._choice == SELECTED:
            return self._selected
        if isinstance(self._choice, _OfServer):
            return self._of_server
        return None if isinstance(self._choice, str) else self._choice

    def set_journal(self, journal: JournalKey) -> None:
        """The clients of this journal are meant from now on: a choice among others' is over."""
        if journal is not self._journal:
            self._journal = journal
            self._selected = frozenset()
            self.show_everyone()

    def show_only(self, clients: Iterable[ClientRef]) -> None:
        """Choose these clients, as far as they are of the journal that is shown."""
        if numbers := self._numbers(clients):
            self._choose(numbers)

    def show_everyone(self) -> None:
        """Choose all clients."""
        self._choose(ALL)

    def set_selected(self, clients: Iterable[ClientRef]) -> None:
        """These are selected in the table now; if that is what is shown, show them."""
        self._selected = self._numbers(clients)
        if self._choice == SELECTED:
            self._show_choice()
            self._tell()

    def refresh(self) -> None:
        """If a server's clients are shown, show those that have come since, too."""
        if isinstance(self._choice, _OfServer):
            _, total = self._newest_clients(1)
            if total > self._total:
                self._find_of_server(self._choice, total)
                self._tell()

    def _find_of_server(self, choice: _OfServer, total: int) -> None:
        records, _ = self._newest_clients(max(total - self._total, 1))
        mine = [n for n, record in records.items() if record.server_id == choice.server_id]
        self._of_server, self._total = self._of_server.union(mine), total

    def _numbers(self, clients: Iterable[ClientRef]) -> frozenset[int]:
        return frozenset(c.number for c in clients if c.journal is self._journal)

    def showPopup(self) -> None:
        """Open the list, made of the clients there are now."""
        records, total = self._newest_clients(LISTED)
        self.clear()
        self.addItem(tr("log.clients_all"), ALL)
        self.addItem(tr("log.clients_selected", n=len(self._selected)), SELECTED)
        if not self._selected:
            self._disable_last()
        servers = sorted({(r.server_id, r.local_port) for r in records.values()})
        if len({server_id for server_id, _ in servers}) > 1:
            for server_id, port in dict(servers).items():
                self.addItem(tr("log.clients_server", port=port), _OfServer(server_id, port))
        for client_id in sorted(records, reverse=True):
            record = records[client_id]
            where = Endpoint(record.host, record.port)
            self.addItem(f"#{client_id}  {where}", client_id)
        if total > len(records):
            self.addItem(tr("log.clients_more", n=total - len(records)), None)
            self._disable_last()
        self._mark_current()
        super().showPopup()

    def hidePopup(self) -> None:
        """Close the list; the field says again what is chosen."""
        super().hidePopup()
        self._show_choice()

    def _disable_last(self) -> None:
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.item(self.count() - 1).setEnabled(False)

    def _mark_current(self) -> None:
        wanted: object = self._choice
        if isinstance(wanted, frozenset):
            wanted = next(iter(wanted)) if len(wanted) == 1 else None
        rows = (row for row in range(self.count()) if self.itemData(row) == wanted)
        self.setCurrentIndex(-1 if wanted is None else next(rows, -1))

    def _on_activated(self, index: int) -> None:
        data = self.itemData(index)
        if isinstance(data, int):
            self._choose(frozenset({data}))
        elif isinstance(data, _OfServer):
            self._of_server, self._total = frozenset(), 0
            self._find_of_server(data, self._newest_clients(1)[1])
            self._choose(data)
        elif data is not None:
            self._choose(data)

    def _on_typed(self) -> None:
        text = self._field.text()
        if text == self._label():
            self._show_choice()
        elif not text.strip():
            self._choose(ALL)
        elif _NUMBERS.fullmatch(text):
            self._choose(frozenset(map(int, _NUMBER.findall(text))))
        else:  # it stays as it was typed
            set_role(self, "invalid")
            words = tr("log.clients_wrong", text=quoted_text(text))
            self.setToolTip(plain_tooltip(words))
            self.refused.emit(words)

    def _choose(self, choice: str | frozenset[int] | _OfServer) -> None:
        self._choice = choice
        self._show_choice()
        self._tell()

    def _tell(self) -> None:
        if self.clients != self._told:
            self._told = self.clients
            self.chosen.emit(self._told)

    def _show_choice(self) -> None:
        set_role(self, "")
        self.setToolTip(tr("log.clients_tip"))
        self._field.setText(self._label())
        self._field.setCursorPosition(0)

    def _label(self) -> str:
        if self._choice == ALL:
            return tr("log.clients_all")
        if self._choice == SELECTED:
            return tr("log.clients_selected", n=len(self._selected))
        if isinstance(self._choice, _OfServer):
            return tr("log.clients_server", port=self._choice.port)
        if len(self._choice) == 1:
            return f"#{next(iter(self._choice))}"
        return tr("log.clients_typed", n=len(self._choice))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("log.clients_name"))
        self._show_choice()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.setFixedWidth(theme().px(124))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
