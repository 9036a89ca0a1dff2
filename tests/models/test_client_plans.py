"""Any plan of joining, leaving, clearing, sorting and looking keeps the table right."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.models.client_columns import Column
from app.models.client_table import ClientTableModel
from tests.models.client_fakes import FakeClock, FakeSession, sessions
from tests.support.refs import ref, ref_set

PLANS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.integers(1, 20)),
        st.tuples(st.just("leave"), st.sets(st.integers(1, 60), max_size=10)),
        st.tuples(st.just("clear"), st.sets(st.integers(1, 60), max_size=10)),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("sort"), st.tuples(st.sampled_from(Column), st.booleans())),
        st.tuples(st.just("count"), st.tuples(st.integers(1, 60), st.integers(0, 5000))),
        st.tuples(st.just("select"), st.integers(1, 60)),
        st.tuples(st.just("look"), st.integers(0, 40)),
    ),
    max_size=30,
)


class Person:
    """Does what a plan says, to the model and to a plain account of it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.table = ClientTableModel(now_ns=self.clock)
        self.tester = QAbstractItemModelTester(
            self.table, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.selection = QItemSelectionModel(self.table)
        self.known: dict[int, FakeSession] = {}
        self.gone: set[int] = set()
        self.selected: set[int] = set()
        self.cleared: list[FakeSession] = []
        self.last_id = 0

    def join(self, count: int) -> None:
        new = sessions(count, self.last_id + 1)
        self.last_id += count
        self.known.update((session.client_id, session) for session in new)
        self.table.add(new)

    def leave(self, client_ids: set[int]) -> None:
        left = [s for i, s in self.known.items() if i in client_ids and i not in self.gone]
        for session in left:
            session.leave()
        self.gone |= {session.client_id for session in left}
        self.table.mark_offline(left)

    def clear(self, client_ids: set[int]) -> None:
        expected = client_ids & self.gone & self.known.keys()
        self.cleared = [self.known.pop(i) for i in expected]
        self.selected -= expected
        self.gone -= expected
        told = self.table.clear_offline(ref_set(client_ids))
        assert {client.client_id for client in told} == expected

    def undo(self, _nothing: None) -> None:
        self.table.restore(self.cleared)
        self.known.update((session.client_id, session) for session in self.cleared)
        self.gone |= {session.client_id for session in self.cleared}
        self.cleared = []

    def sort(self, how: tuple[Column, bool]) -> None:
        orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
        self.table.sort(how[0], orders[how[1]])

    def count(self, what: tuple[int, int]) -> None:
        if what[0] in self.known:
            self.known[what[0]].bytes_in += what[1]

    def select(self, client_id: int) -> None:
        row = self.table.place(ref(client_id))
        if row is not None:
            flags = QItemSelectionModel.SelectionFlag
            self.selection.select(self.table.index(row, 0), flags.Select | flags.Rows)
            self.selected.add(client_id)

    def look(self, last: int) -> None:
        for row in range(min(last, self.table.rowCount())):
            self.table.shown(row)
        self.clock.advance(0.4)
        self.table.refresh(0, last)

    def check(self) -> None:
        table = self.table
        rows = [table.client(row).client_id for row in range(table.rowCount())]
        assert sorted(rows) == sorted(self.known)
        assert table.offline_count == len(self.gone)
        assert table.online_count == len(self.known) - len(self.gone)
        assert all(table.place(ref(client_id)) == row for row, client_id in enumerate(rows))
        selected = {rows[index.row()] for index in self.selection.selectedRows()}
        assert selected == self.selected


@pytest.mark.usefixtures("qapp")
@settings(max_examples=60)
@given(plan=PLANS)
def test_any_plan(plan: list[tuple[str, object]]) -> None:
    person = Person()
    for step, argument in plan:
        getattr(person, step)(argument)
        person.check()
