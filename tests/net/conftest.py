"""Fixtures of the net room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from app.net import crowd, poll
from app.net.wire import BlockingWire, PatientWire
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


@pytest.fixture(params=["few", "many", "windows"])
def any_rig(
    request: pytest.FixtureRequest, make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Rig]:
    """Like `make_rig`, with each system's way to use a socket, and as one of many."""
    return _on(request.param, make_rig, monkeypatch)


@pytest.fixture(params=["few", "many", "macos", "windows", "windows-many"])
def every_rig(
    request: pytest.FixtureRequest, make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Rig]:
    """Like `any_rig`, with each system's way to wait for many, too."""
    return _on(request.param, make_rig, monkeypatch)


def _on(name: str, make_rig: Callable[..., Rig], patch: pytest.MonkeyPatch) -> Callable[..., Rig]:
    if name not in ("few", "windows"):
        patch.setattr(crowd, "FREE", 0)
    if name.startswith("windows"):
        patch.setattr(poll, "POLL", poll.SelectPoll)
        return partial(make_rig, wire=PatientWire)
    if name == "macos":
        patch.setattr(poll, "POLL", poll.KqueuePoll)
        be_macos(patch)
    return partial(make_rig, wire=BlockingWire)
