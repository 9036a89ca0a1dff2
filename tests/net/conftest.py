"""Fixtures of the net room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from app.net import poll
from app.net.wire import GatedWire, PatientWire
from tests.net.kqueue import be_macos
from tests.net.rig import Rig


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


@pytest.fixture(params=["linux", "macos", "windows"])
def any_rig(
    request: pytest.FixtureRequest, make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Rig]:
    """Like `make_rig`, with each system's way to use a socket, and to wait for many."""
    if request.param == "windows":
        monkeypatch.setattr(poll, "POLL", poll.NoPoll)
        return partial(make_rig, wire=PatientWire)
    if request.param == "macos":
        monkeypatch.setattr(poll, "POLL", poll.KqueuePoll)
        be_macos(monkeypatch)
    return partial(make_rig, wire=GatedWire)
