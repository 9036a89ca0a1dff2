"""What Qt opens once for the whole process is opened before the first test counts."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.composer import ComposerPanel


@pytest.fixture(autouse=True, scope="session")
def _painted_once(qapp: QApplication) -> None:
    """Qt paints large areas with a few threads of its own, which keep a descriptor each."""
    panel = ComposerPanel(None)
    panel.resize(1000, 400)
    panel.set_open(True)
    panel.show()
    QTest.qWaitForWindowExposed(panel)
    QTest.qWait(20)
    panel.close()
