"""The client table's model: rows come, change, move and go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.journal.entry import ClientRecord
from app.journal.refs import ClientRef
from app.models import client_table
from app.models.client_row import RecordedClient
from app.models.client_table import ClientTableModel, Column, surplus_of
from app.net.facts import ClientState, CloseReason, Endpoint
from app.wording import set_language
from tests.models.client_fakes import SECOND_NS, FakeClock, FakeSession, sessions
from tests.support.refs import JOURNAL, ref, refs

ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("zh_CN")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def table(qapp: object, clock: FakeClock) -> Iterator[ClientTableModel]:
    """A model that Qt's own tester watches."""
    model = ClientTableModel(now_ns=clock)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    yield model
    tester.deleteLater()
    model.deleteLater()


def ids(table: ClientTableModel) -> list[int]:
    return [table.client(row).client_id for row in range(table.rowCount())]


def text(table: ClientTableModel, row: int, column: Column) -> str:
    return str(table.index(row, column).data())


def paint(table: ClientTableModel) -> None:
    for row in range(table.rowCount()):
        table.shown(row)


def refreshed(table: ClientTableModel, first: int = 0, last: int = 999) -> set[tuple[int, Column]]:
    """The cells that a refresh says have changed."""
    told: set[tuple[int, Column]] = set()

    def note(top_left: QModelIndex, bottom_right: QModelIndex) -> None:
        rows = range(top_left.row(), bottom_right.row() + 1)
        columns = range(top_left.column(), bottom_right.column() + 1)
        told.update((row, Column(column)) for row in rows for column in columns)

    table.dataChanged.connect(note)
    table.refresh(first, last)
    table.dataChanged.disconnect(note)
    return told


# -- what cells say ------------------------------------------------------------------------


def test_cells_say_what_the_session_says(table: ClientTableModel, clock: FakeClock) -> None:
    session = FakeSession(
        7, Endpoint("192.168.1.7", 64570), bytes_in=1234, bytes_out=36, note="<b>泵</b>"
    )
    session.last_active_mono_ns = clock.now_ns - 3 * SECOND_NS
    table.add([session])
    assert text(table, 0, Column.NUMBER) == "7"
    assert text(table, 0, Column.ADDRESS) == "192.168.1.7:64570"
    assert text(table, 0, Column.STATE) == "在线"
    assert text(table, 0, Column.ENCODING) == "GBK"
    assert text(table, 0, Column.BYTES_IN) == "1.2 KB"
    assert text(table, 0, Column.BYTES_OUT) == "36 B"
    assert text(table, 0, Column.WAITING) == "0"
    assert text(table, 0, Column.IDLE) == "3 s"
    assert text(table, 0, Column.REASON) == ""
    assert text(table, 0, Column.THREAD) == "worker-7 192.168.1.7:64570"
    assert text(table, 0, Column.NOTE) == "<b>泵</b>"
    assert table.shown(0).texts == tuple(text(table, 0, column) for column in Column)


def test_the_tooltip_has_the_exact_number(table: ClientTableModel) -> None:
    table.add([FakeSession(1, bytes_in=1_234_567)])
    tip = table.index(0, Column.BYTES_IN).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "1,234,567 字节"


def test_a_client_that_owes_an_answer_says_how_much_and_how_long(table: ClientTableModel) -> None:
    session = FakeSession(1, state=ClientState.UNACKNOWLEDGED, unacknowledged=(2048, 17))
    table.add([session])
    assert text(table, 0, Column.STATE) == "等待确认"
    tip = table.index(0, Column.STATE).data(Qt.ItemDataRole.ToolTipRole)
    assert "2.0 KB" in tip
    assert "17" in tip
    session.state, session.unacknowledged = ClientState.HALF_CLOSED, None
    tip = table.index(0, Column.STATE).data(Qt.ItemDataRole.ToolTipRole)
    assert "FIN" in tip


def test_an_offline_row_says_why_and_what_was_never_sent(table: ClientTableModel) -> None:
    session = FakeSession(1, unsent_bytes=2048)
    table.add([session])
    session.leave(CloseReason.RESET)
    assert text(table, 0, Column.STATE) == "离线"
    assert text(table, 0, Column.REASON) == "对方复位了连接（RST），2.0 KB 未发出"


def test_a_screen_reader_hears_that_a_client_is_a_demo(table: ClientTableModel) -> None:
    table.add([FakeSession(1, is_demo=True)])
    spoken = table.index(0, Column.ADDRESS).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "127.0.0.1:0 模拟"


def test_titles_align_as_their_columns(table: ClientTableModel) -> None:
    table.add([FakeSession(1)])
    role = Qt.ItemDataRole.TextAlignmentRole
    for column in Column:
        title = table.headerData(column, Qt.Orientation.Horizontal, role)
        assert title == table.index(0, column).data(role)
        assert table.headerData(column, Qt.Orientation.Horizontal)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_word_exists_in_both_languages(table: ClientTableModel, language: str) -> None:
    set_language(language)
    clients = [FakeSession(i, state=state) for i, state in enumerate(ClientState)]
    table.add([*clients, FakeSession(99, is_demo=True)])
    for row in range(table.rowCount()):
        for column in Column:
            assert table.index(row, column).data(Qt.ItemDataRole.ToolTipRole) is not None
    table.retranslate()


# -- coming and going ----------------------------------------------------------------------


def test_all_that_join_in_a_frame_are_one_insert(table: ClientTableModel, qtbot: QtBot) -> None:
    inserts: list[tuple[int, int]] = []
    table.rowsInserted.connect(lambda _parent, first, last: inserts.append((first, last)))
    with qtbot.waitSignal(table.counts_changed):
        table.add(sessions(1000))
    assert inserts == [(0, 999)]
    assert (table.online_count, table.offline_count) == (1000, 0)


def test_a_client_told_twice_has_one_row(table: ClientTableModel) -> None:
    known = sessions(3)
    table.add(known)
    table.add([*known, FakeSession(4)])
    table.add([])
    assert ids(table) == [1, 2, 3, 4]


def test_offline_rows_stay_until_cleared(table: ClientTableModel) -> None:
    known = sessions(4)
    table.add(known)
    for session in known[:3]:
        session.leave()
    table.mark_offline(known[:3])
    table.mark_offline(known[:1])  # told twice
    assert (table.online_count, table.offline_count) == (1, 3)
    assert table.rowCount() == 4
    assert [c.client_id for c in table.clear_offline(refs(2, 4))] == [2]  # 4 is online: it stays
    assert ids(table) == [1, 3, 4]
    assert {c.client_id for c in table.clear_offline()} == {1, 3}
    assert ids(table) == [4]
    assert table.clear_offline() == []


def test_cleared_rows_come_back_where_they_were(table: ClientTableModel) -> None:
    known = sessions(6)
    table.add(known)
    for session in known[1::2]:
        session.leave()
    table.mark_offline(known[1::2])
    gone = table.clear_offline()
    table.restore(gone)
    assert ids(table) == [1, 2, 3, 4, 5, 6]
    assert (table.online_count, table.offline_count) == (3, 3)


def test_those_that_left_first_go_first(
    table: ClientTableModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_table, "MOST_OFFLINE", 2)
    known = sessions(5)
    dropped: list[list[ClientRef]] = []
    table.dropped.connect(dropped.append)
    table.add(known)
    for at in (3, 0, 2):
        known[at].leave()
        table.mark_offline([known[at]])
    assert dropped == [refs(4)]
    assert ids(table) == [1, 2, 3, 5]
    assert (table.online_count, table.offline_count) == (2, 2)


# -- sorting -------------------------------------------------------------------------------


def test_addresses_sort_as_numbers_and_ipv4_first(table: ClientTableModel) -> None:
    hosts = ["10.0.0.10", "::1", "9.255.0.1", "10.0.0.9", "fe80::1%eth0"]
    table.add([FakeSession(i, Endpoint(host, 1)) for i, host in enumerate(hosts, 1)])
    table.sort(Column.ADDRESS, ASCENDING)
    assert ids(table) == [3, 4, 1, 2, 5]


@pytest.mark.parametrize("column", list(Column))
def test_every_column_sorts_both_ways(table: ClientTableModel, column: Column) -> None:
    table.add(
        [
            FakeSession(2, Endpoint("10.0.0.2", 5), "utf-8", "乙", bytes_in=2, waiting_bytes=2),
            FakeSession(1, Endpoint("10.0.0.1", 5), "gbk", "a", bytes_in=1, last_active_mono_ns=9),
            FakeSession(3, Endpoint("10.0.0.3", 5), state=ClientState.OFFLINE),
        ]
    )
    table.sort(column, ASCENDING)
    up = ids(table)
    table.sort(column, DESCENDING)
    down = ids(table)
    keys = {i: text(table, table.place(ref(i)) or 0, column) for i in up}
    assert [keys[i] for i in down] == [keys[i] for i in reversed(up)]


def test_idle_sorts_by_the_clock_not_by_its_words(table: ClientTableModel) -> None:
    idle = {1: 7200, 2: 59, 3: 130}
    table.add([FakeSession(i, last_active_mono_ns=-s * SECOND_NS) for i, s in idle.items()])
    table.sort(Column.IDLE, DESCENDING)
    assert ids(table) == [1, 3, 2]


def test_changing_values_move_rows_at_most_once_a_second(
    table: ClientTableModel, clock: FakeClock
) -> None:
    known = sessions(3)
    table.add(known)
    table.sort(Column.BYTES_IN, DESCENDING)
    known[2].bytes_in = 50
    table.refresh(0, 9)
    assert ids(table) == [1, 2, 3]
    clock.advance(1)
    table.refresh(0, 9, may_sort=False)  # a cell is being edited
    assert ids(table) == [1, 2, 3]
    table.refresh(0, 9)
    assert ids(table) == [3, 1, 2]
    known[1].bytes_in = 99
    clock.advance(0.5)
    table.refresh(0, 9)
    assert ids(table) == [3, 1, 2]


def test_rows_in_order_are_not_moved(table: ClientTableModel, clock: FakeClock) -> None:
    table.add(sessions(3))
    table.sort(Column.BYTES_IN, ASCENDING)
    moves: list[int] = []
    table.layoutChanged.connect(lambda: moves.append(1))
    clock.advance(5)
    table.refresh(0, 9)
    assert not moves


def test_newcomers_are_sorted_in(table: ClientTableModel, clock: FakeClock) -> None:
    table.sort(Column.NUMBER, DESCENDING)
    table.add(sessions(2))
    clock.advance(1)
    table.refresh(0, 9)
    table.add(sessions(1, first_id=3))
    clock.advance(1)
    table.refresh(0, 9)
    assert ids(table) == [3, 2, 1]


def test_the_selection_follows_its_clients(table: ClientTableModel) -> None:
    known = sessions(50)
    table.add(known)
    selection = QItemSelectionModel(table)
    rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (3, 4, 40):
        selection.select(table.index(row, 0), rows)
    editor = QPersistentModelIndex(table.index(4, Column.NOTE))
    chosen = {table.client(row).client_id for row in (3, 4, 40)}
    for number, session in enumerate(known):
        session.bytes_in = number * 7 % 50
        if number % 3 == 0:
            session.leave()
    table.sort(Column.BYTES_IN, DESCENDING)
    assert {table.client(i.row()).client_id for i in selection.selectedRows()} == chosen
    assert table.client(editor.row()).client_id == 5
    assert editor.column() == Column.NOTE
    table.mark_offline(known[::3])
    table.clear_offline()
    left = {table.client(i.row()).client_id for i in selection.selectedRows()}
    assert left == chosen - {s.client_id for s in known[::3]}
    assert left


# -- refreshing ----------------------------------------------------------------------------


def test_a_refresh_tells_only_the_cells_that_changed(table: ClientTableModel) -> None:
    known = sessions(4)
    table.add(known)
    paint(table)
    known[1].bytes_in += 500
    known[3].note = "新"
    assert refreshed(table) == {(1, Column.BYTES_IN), (3, Column.NOTE)}
    assert refreshed(table) == set()


def test_rows_out_of_sight_are_not_looked_at(table: ClientTableModel) -> None:
    known = sessions(100)
    table.add(known)
    paint(table)
    known[50].bytes_in = 1
    assert refreshed(table, 0, 9) == set()
    assert table.shown(50).texts[Column.BYTES_IN] == "1 B"


def test_a_change_that_does_not_show_is_not_told(table: ClientTableModel) -> None:
    known = sessions(1)
    known[0].bytes_in = 10 * 1024 * 1024
    table.add(known)
    paint(table)
    known[0].bytes_in += 100
    assert refreshed(table) == set()


def test_leaving_changes_the_colour_of_the_whole_row(table: ClientTableModel) -> None:
    known = sessions(2)
    table.add(known)
    paint(table)
    known[0].leave()
    assert refreshed(table) == {(0, column) for column in Column}


def test_idle_times_change_together_once_a_second(
    table: ClientTableModel, clock: FakeClock
) -> None:
    known = sessions(3)
    for number, session in enumerate(known):
        session.last_active_mono_ns = clock.now_ns - number * SECOND_NS // 4
    table.add(known)
    paint(table)
    for _ in range(3):
        clock.advance(0.3)
        assert refreshed(table) == set()
    clock.advance(0.3)
    assert refreshed(table) == {(row, Column.IDLE) for row in range(3)}


def test_clients_idle_for_minutes_repaint_once_a_minute(
    table: ClientTableModel, clock: FakeClock
) -> None:
    table.add(sessions(3))
    clock.advance(60)
    table.refresh(0, 9)
    paint(table)
    seconds_with_news = 0
    for _ in range(120):
        clock.advance(1)
        seconds_with_news += bool(refreshed(table))
    assert seconds_with_news == 2


# -- editing -------------------------------------------------------------------------------


def test_an_edit_is_handed_on_and_shows_when_taken(table: ClientTableModel, qtbot: QtBot) -> None:
    session = FakeSession(5)
    table.add([session])
    paint(table)
    note = table.index(0, Column.NOTE)
    with qtbot.waitSignal(table.note_changed) as told:
        assert table.setData(note, "泵站")
    assert told.args == [ref(5), "泵站"]
    assert note.data() == ""
    table.note_changed.connect(lambda _id, typed: setattr(session, "note", typed))
    table.setData(note, "泵站")
    assert table.shown(0).texts[Column.NOTE] == "泵站"
    with qtbot.assertNotEmitted(table.note_changed):
        assert not table.setData(note, "泵站")  # nothing new
    with qtbot.waitSignal(table.encoding_chosen) as told:
        table.setData(table.index(0, Column.ENCODING), "utf-8")
    assert told.args == [refs(5), "utf-8"]
    assert not table.setData(table.index(0, Column.ADDRESS), "x")


# -- an old journal ------------------------------------------------------------------------


def test_an_old_journal_says_what_it_knows(table: ClientTableModel) -> None:
    totals = {1: (1024, 10)}
    ended = ClientRecord(1, "10.0.0.1", 99, "gbk", 5, 6, "fin", "旧")
    died = ClientRecord(2, "::1", 99, "nonsense", 5)
    table.replace([RecordedClient(one, JOURNAL, totals) for one in (ended, died)])
    assert text(table, 0, Column.BYTES_IN) == "1.0 KB"
    assert text(table, 0, Column.BYTES_OUT) == "10 B"
    assert text(table, 0, Column.REASON) == "对方正常关闭（FIN）"
    assert text(table, 0, Column.NOTE) == "旧"
    assert text(table, 1, Column.BYTES_IN) == ""
    assert text(table, 1, Column.IDLE) == ""
    assert text(table, 1, Column.REASON) == "没有记录"
    assert text(table, 1, Column.ENCODING) == "nonsense"
    totals[2] = (5, 0)  # counted in the meantime
    assert text(table, 1, Column.BYTES_IN) == "5 B"
    assert not table.index(0, Column.NOTE).flags() & Qt.ItemFlag.ItemIsEditable
    assert table.index(0, Column.ENCODING).flags() & Qt.ItemFlag.ItemIsEditable
    for column in Column:
        table.sort(column, DESCENDING)


def test_an_old_journal_is_shown_whole(table: ClientTableModel, few: None) -> None:
    records = [ClientRecord(number, "::1", 1, "gbk", 1) for number in range(1, 9)]
    table.replace([RecordedClient(record, JOURNAL, {}) for record in records])
    assert table.rowCount() == 8


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.client_table.MOST_OFFLINE", 5)


def test_who_left_while_nobody_looked_is_dropped_too(
    table: ClientTableModel, few: None, qtbot: QtBot
) -> None:
    clients = sessions(8)
    for client in clients[:7]:
        client.leave()
    assert [ref.number for ref in surplus_of(clients)] == [1, 2]
    with qtbot.waitSignal(table.dropped) as told:
        table.replace(clients)
    assert [ref.number for ref in told.args[0]] == [1, 2]
    assert table.offline_count == 5


def test_replacing_keeps_the_sorting(table: ClientTableModel) -> None:
    table.sort(Column.NUMBER, DESCENDING)
    table.add(sessions(2))
    table.replace(sessions(3, first_id=10))
    assert ids(table) == [12, 11, 10]
    assert (table.online_count, table.offline_count) == (3, 0)
    assert table.place(ref(11)) == 1
    assert table.place(ref(1)) is None
