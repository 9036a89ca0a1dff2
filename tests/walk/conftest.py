"""A screen with a window manager for each size, and the program on it."""

from __future__ import annotations

import compileall
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NoReturn

import pytest

if "PORTSIDE_ALL_TESTS" not in os.environ:
    pytest.importorskip("Xlib", reason="python-xlib moves the mouse")

from tests.support.program import ROOT
from tests.support.screen import NoScreen, screen, window_manager
from tests.walk.walker import Walker, walker

Walk = Callable[..., Walker]


def lacking(what: str) -> NoReturn:
    """Skip, but not where everything must be tried."""
    if "PORTSIDE_ALL_TESTS" in os.environ:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Compile the program, as an installed one is: not while somebody waits for the window."""
    compileall.compile_dir(str(ROOT / "app"), quiet=1)


@pytest.fixture(scope="module")
def displays() -> Iterator[Callable[[int, int], str]]:
    """Screens by their size, each started once."""
    with ExitStack() as stack:
        known: dict[tuple[int, int], str] = {}

        def of_size(width: int, height: int) -> str:
            if (width, height) not in known:
                try:
                    display = stack.enter_context(screen(width, height))
                except NoScreen as reason:
                    lacking(str(reason))
                if not stack.enter_context(window_manager(display)):
                    lacking("there is no openbox here: windows get no focus")
                known[width, height] = display
            return known[width, height]

        yield of_size


@pytest.fixture
def walk(displays: Callable[[int, int], str]) -> Iterator[Walk]:
    """Start the program on a screen of a size; it is closed when the test ends."""
    with ExitStack() as stack:

        def begin(width: int = 1920, height: int = 1080, **settings: object) -> Walker:
            return stack.enter_context(walker(displays(width, height), **settings))

        yield begin
