"""pytest-qt's robot with our patience: on a busy machine all comes, but late."""

from __future__ import annotations

from functools import partialmethod

from pytestqt.qtbot import QtBot

from tests.support.wait import PATIENCE_S

_MS = round(PATIENCE_S * 1000)


class PatientBot(QtBot):
    """Waits as long as `wait_until` for what is to come, unless it is told how long."""

    waitUntil = partialmethod(QtBot.waitUntil, timeout=_MS)
    waitSignal = partialmethod(QtBot.waitSignal, timeout=_MS)
    waitSignals = partialmethod(QtBot.waitSignals, timeout=_MS)
    waitExposed = partialmethod(QtBot.waitExposed, timeout=_MS)
