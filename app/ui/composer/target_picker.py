"""The choice of whom to send to: all, the selected, one client by its number, or an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRegularExpression, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from app.bridge.orders import Destination
from app.journal.refs import ClientRef, JournalKey
from app.ui.composer.target import Obstacle, TargetChoice, TargetKind
from app.ui.theme import theme
from app.ui.widgets.eliding_combo import ElidingCombo
from app.ui.widgets.labels import plain_tooltip
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

_RECENT_LIMIT = 5
_OTHER = -1  # the entry that lets a number be typed
# Whatever the field can show is the number that is meant: no sign, no separators, no zero first.
_NUMBER = QRegularExpression("[1-9][0-9]{0,8}")
_ALL_ROW, _SELECTED_ROW, _FIRST_RECENT_ROW = range(3)


@dataclass(frozen=True, slots=True)
class _ServerRow:
    """The entry that means all clients of a server."""

    number: int


@dataclass(frozen=True, slots=True)
class _AddressRow:
    """The entry that lets an address be typed, to which this server sends."""

    number: int


class TargetPicker(Worded, QWidget):
    """A combo box with few entries however many clients there are, and a field for a number."""

    changed = Signal()  # by the user, or because clients came, went or were selected
    number_entered = Signal()  # Enter in the number's field, or the address's
    setting_changed = Signal(str, object)  # as the panel's

    def __init__(
        self, address_of: Callable[[ClientRef], str], parent: QWidget | None = None
    ) -> None:
        """`address_of` gives a client's `host:port`, or "" where it is not known."""
        super().__init__(parent)
        self._address_of = address_of
        self._choice = TargetChoice()
        self._recent: list[ClientRef] = []  # newest first
        self._servers: dict[int, str] = {}  # while there are several: what each is called
        self._senders: dict[int, str] = {}  # those of datagrams
        self.combo = ElidingCombo(self)
        self.combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.combo.setMinimumContentsLength(14)
        self.number = QLineEdit(self)
        self.number.setValidator(QRegularExpressionValidator(_NUMBER, self))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.combo)
        self._row.addWidget(self.number)
        self.address = QComboBox(self)
        self.address.setEditable(True)
        self.address.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._row.addWidget(self.address)
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self._on_activated)
        self.number.textChanged.connect(self._on_number_edited)  # by whatever way
        self.number.returnPressed.connect(self._on_number_entered)
        self.address.editTextChanged.connect(self._on_address_edited)
        line = self.address.lineEdit()
        assert line is not None
        line.returnPressed.connect(self._on_number_entered)
        self.dress()

    # -- what is chosen --------------------------------------------------------------------

    def clients(self) -> tuple[ClientRef, ...]:
        """The online clients that the choice means now, by number."""
        return self._choice.clients()

    def whom(self) -> tuple[ClientRef, ...] | Destination:
        """Those clients, or the address that the choice means."""
        return self._choice.whom()

    def takes_nothing(self) -> bool:
        """Whether no bytes are something to send: a datagram."""
        return self._choice.takes_nothing()

    def obstacle(self) -> Obstacle | None:
        """Why nobody would get anything, or None."""
        return self._choice.obstacle()

    def aim(self, target: str) -> TargetChoice:
        """Return whom a prepared message means: "" is the choice here, else all, selected, N."""
        choice = replace(self._choice)
        if target.isdigit():
            journal = choice.journal
            choice.kind = TargetKind.ONE
            choice.one = ClientRef(journal, int(target)) if journal is not None else None
        elif target:
            choice.kind = TargetKind(target)
        return choice

    @property
    def one(self) -> ClientRef | None:
        """The one client that is meant, if one is."""
        return self._choice.one if self._choice.kind is TargetKind.ONE else None

    def set_journal(self, journal: JournalKey) -> None:
        """Clients are those of this journal from now on: nobody of another one is meant."""
        if journal is self._choice.journal:
            return
        typed = self.number.text() if self._choice.journal is None else ""
        self._choice.journal = journal
        self._recent.clear()
        self.number.setText(typed)  # typed before there was any journal, it meant this one's
        self._choice.one = self._typed()
        self._refill()
        self.changed.emit()

    def set_servers(
        self,
        titles: Mapping[int, str],
        server_of: Callable[[ClientRef], int],
        datagrams: Mapping[int, bool],
    ) -> None:
        """There are these servers, by number; one alone is no choice.

        `datagrams`: those that send to any address, and whether each is open.
        """
        choice = self._choice
        choice.server_of = server_of
        several = dict(titles) if len(titles) > 1 else {}
        senders = {number: several.get(number, "") for number in datagrams}
        if (several, senders, datagrams) == (self._servers, self._senders, choice.datagrams):
            return
        self._servers, self._senders, choice.datagrams = several, senders, dict(datagrams)
        offered = {TargetKind.SERVER: several, TargetKind.ADDRESS: senders}.get(choice.kind)
        if offered is not None and choice.server_id not in offered:
            choice.kind, choice.one = TargetKind.ONE, None  # nobody, rather than others
        self._refill()
        self.changed.emit()

    def set_addresses(self, kept: str) -> None:
        """Offer these: those of before."""
        with QSignalBlocker(self.address):
            self.address.clear()
            self.address.addItems(kept.split())
            self.address.setEditText(self._choice.typed)

    def choose(self, clients: Iterable[ClientRef]) -> None:
        """Mean these clients: none for all, one for this one, more for the selection."""
        chosen = frozenset(clients)
        if len(chosen) == 1:
            self._choose_one(next(iter(chosen)))
        elif chosen:
            self._choice.selected = chosen
            self._choice.kind = TargetKind.SELECTED
        else:
            self._choice.kind = TargetKind.ALL
        self._refill()
        self.changed.emit()

    def set_online(self, clients: AbstractSet[ClientRef]) -> None:
        """Who is online now: a set that may go on changing, as long as this is called again.

        The choice stays, even if nobody of it is left.
        """
        self._choice.online = clients
        self._relabel()
        self.changed.emit()

    def set_selected(self, clients: Iterable[ClientRef]) -> None:
        """Who is selected in the client table, online or not; offered, not chosen."""
        self._choice.selected = frozenset(clients)
        self._relabel()
        self.changed.emit()

    def remember(self) -> None:
        """Something was sent: a number that was typed is offered from now on."""
        if self.one is not None and self.number.isVisible():
            self._choose_one(self.one)
            self._refill()
        if self._choice.kind is TargetKind.ADDRESS and self.obstacle() is None:
            known = [self.address.itemText(row) for row in range(self.address.count())]
            whom = self._choice.whom()
            assert isinstance(whom, Destination)
            newest = str(whom.endpoint)
            kept = " ".join(list(dict.fromkeys((newest, *known)))[:_RECENT_LIMIT])
            self.set_addresses(kept)
            self.setting_changed.emit("compose_addresses", kept)

    def _choose_one(self, client: ClientRef) -> None:
        self._choice.kind = TargetKind.ONE
        self._choice.one = client
        if client not in self._recent:
            self._recent.insert(0, client)
            del self._recent[_RECENT_LIMIT:]

    # -- the user --------------------------------------------------------------------------

    def _on_activated(self, row: int) -> None:
        data = self.combo.itemData(row)
        if isinstance(data, TargetKind):
            self._choice.kind = data
        elif isinstance(data, _ServerRow):
            self._choice.kind, self._choice.server_id = TargetKind.SERVER, data.number
        elif isinstance(data, _AddressRow):
            self._choice.kind, self._choice.server_id = TargetKind.ADDRESS, data.number
        elif data == _OTHER:
            self._choice.kind = TargetKind.ONE
            self._choice.one = None
            self.number.clear()
        else:
            self._choose_one(data)
        self._show_choice()
        if data == _OTHER:
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(data, _AddressRow):
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _on_address_edited(self, text: str) -> None:
        self._choice.typed = text
        self.changed.emit()

    def _on_number_edited(self) -> None:
        self._choice.one = self._typed()
        self.changed.emit()

    def _typed(self) -> ClientRef | None:
        """The client of the live journal whose number stands in the field."""
        journal, text = self._choice.journal, self.number.text()
        return ClientRef(journal, int(text)) if journal is not None and text else None

    def _on_number_entered(self) -> None:
        self.remember()
        self.number_entered.emit()

    # -- what is shown ---------------------------------------------------------------------

    def _refill(self) -> None:
        with QSignalBlocker(self.combo):
            self.combo.clear()
            self.combo.addItem("", TargetKind.ALL)
            self.combo.addItem("", TargetKind.SELECTED)
            for client in self._recent:
                self.combo.addItem("", client)
            for number in self._servers:
                self.combo.addItem("", _ServerRow(number))
            for number in self._senders:
                self.combo.addItem("", _AddressRow(number))
            self.combo.addItem("", _OTHER)
        self._relabel()
        self._show_choice()

    def _relabel(self) -> None:
        choice = self._choice
        selected = choice.selected_online()
        self.combo.setItemText(_ALL_ROW, tr("composer.target_all", n=len(choice.online)))
        none = "" if selected else "_none"
        self.combo.setItemText(_SELECTED_ROW, tr(f"composer.target_selected{none}", n=selected))
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        model.item(_SELECTED_ROW).setEnabled(selected > 0)
        for row, client in enumerate(self._recent, _FIRST_RECENT_ROW):
            address = self._address_of(client)
            self.combo.setItemText(row, f"#{client.number}  {address}".rstrip())
        for row, title in enumerate(self._servers.values(), _FIRST_RECENT_ROW + len(self._recent)):
            self.combo.setItemText(row, tr("composer.target_server", server=title))
        first = self.combo.count() - 1 - len(self._senders)
        for row, title in enumerate(self._senders.values(), first):
            alone = "" if title else "_alone"
            self.combo.setItemText(row, tr(f"composer.target_address{alone}", server=title))
        self.combo.setItemText(self.combo.count() - 1, tr("composer.target_other"))
        self._tell_current()

    def _show_choice(self) -> None:
        kind = self._choice.kind
        data: object = self._choice.one if kind is TargetKind.ONE else kind
        if kind is TargetKind.SERVER:
            data = _ServerRow(self._choice.server_id)
        elif kind is TargetKind.ADDRESS:
            data = _AddressRow(self._choice.server_id)
        row = next((r for r in range(self.combo.count()) if self.combo.itemData(r) == data), -1)
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(row if row >= 0 else self.combo.count() - 1)
        self.number.setVisible(self.combo.currentData() == _OTHER)
        self.address.setVisible(kind is TargetKind.ADDRESS)
        self._tell_current()

    def _tell_current(self) -> None:
        tip = f"{tr('composer.target_tip')}\n{self.combo.currentText()}"
        self.combo.setToolTip(plain_tooltip(tip))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.number.setAccessibleName(tr("composer.target_number"))
        self.number.setPlaceholderText(tr("composer.target_number_hint"))
        self.number.setToolTip(tr("composer.target_number_tip"))
        self.address.setAccessibleName(tr("composer.address"))
        self.address.setToolTip(tr("composer.address_tip"))
        line = self.address.lineEdit()
        assert line is not None
        line.setPlaceholderText(tr("composer.address_hint"))
        self._refill()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.number.setFixedWidth(theme().px(64))
        self.address.setFixedWidth(theme().px(180))
        self._row.setSpacing(theme().px(6))
