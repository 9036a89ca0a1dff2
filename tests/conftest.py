"""Rules that every test obeys: no display, no real home, nothing left behind."""

from __future__ import annotations

import os

# Before anything imports Qt.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from app.wording.catalogue import be_strict
from tests.support.homes import home_variables, isolate_session
from tests.support.leaks import holdings, leaked_since

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

# On a busy machine the first example, which builds hypothesis's tables, takes seconds.
settings.register_profile("portside", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portside")
be_strict()


@pytest.fixture(autouse=True, scope="session")
def _isolated_session(tmp_path_factory: pytest.TempPathFactory) -> None:
    isolate_session(tmp_path_factory.mktemp("session"))


@pytest.fixture(autouse=True)
def user_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a home of its own; PORTSIDE_HOME lies in it."""
    home = tmp_path_factory.mktemp("home")
    for name, value in home_variables(home).items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """Let cycles be collected as in the program: no thread of a test may delete what is Qt's."""
    from app.ui.collector import Collector  # Qt only where there is a window

    Collector(qapp)
    return qapp


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> object:
    """Take the place of pytest-qt's own."""
    from tests.support.patience import PatientBot

    return PatientBot(request)


@pytest.fixture(autouse=True)
def _never_late(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test with a window in which the event loop had to wait: a user sees it stand still."""
    if "qapp" not in request.fixturenames:
        yield
        return
    from tests.support.watchdog import watchdog_of  # Qt only where there is a window

    watchdog = watchdog_of(request.getfixturevalue("qapp"))
    watchdog.take()
    yield
    # What a collection looks through is the heap of all the tests before, not a program's.
    late = [words for words in watchdog.take() if "app/ui/collector.py" not in words]
    assert not late, "the window was " + "\nand ".join(late)


@pytest.fixture(autouse=True)
def _nothing_left_behind(_never_late: None) -> Iterator[None]:
    """Fail a test that leaves a thread or a descriptor; those that are just ending get time."""
    before = holdings()
    yield
    threads, descriptors = leaked_since(before)
    assert not threads, f"threads left behind: {sorted(threads)}"
    assert not descriptors, f"descriptors left behind: {sorted(descriptors)}"
