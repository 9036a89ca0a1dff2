"""Clients of a journal that nobody opened, and of the live one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.journal.refs import ClientRef, JournalKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.bridge.controller import Controller

JOURNAL = JournalKey(Path("fake.db"))


def ref(number: int, journal: JournalKey = JOURNAL) -> ClientRef:
    return ClientRef(journal, number)


def refs(*numbers: int) -> list[ClientRef]:
    return [ref(number) for number in numbers]


def ref_set(numbers: Iterable[int]) -> set[ClientRef]:
    return {ref(number) for number in numbers}


def live(controller: Controller, number: int) -> ClientRef:
    """Return a client of the journal that `controller` writes."""
    assert controller.journal is not None
    return ClientRef(controller.journal.key, number)
