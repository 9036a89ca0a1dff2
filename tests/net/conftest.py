"""Fixtures of the net room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.net.rig import WIRES, Rig


@pytest.fixture
def make_rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    """Return a maker of running servers, each with a journal of its own; all are closed."""
    with ExitStack() as stack:

        def make(**options: object) -> Rig:
            folder = tmp_path / f"rig-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            return stack.enter_context(Rig(folder, **options))

        yield make


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    """A running server on 127.0.0.1."""
    return make_rig()


@pytest.fixture(params=WIRES, ids=["posix", "windows"])
def any_rig(request: pytest.FixtureRequest, make_rig: Callable[..., Rig]) -> Callable[..., Rig]:
    """Like `make_rig`, with each system's way to use a socket."""
    return partial(make_rig, wire=request.param)
