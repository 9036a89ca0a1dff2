"""What every test of a widget needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.ui.theme import theme
from app.wording import set_language


@pytest.fixture(autouse=True, scope="session")
def _shown_once(qapp: QApplication) -> None:
    """What Qt opens once for the whole process is opened before the first test counts."""
    field = QLineEdit()
    field.show()
    QTest.qWaitForWindowExposed(field)
    field.close()
    # The threads with which Qt paints large areas, two descriptors each.
    large = QImage(2048, 2048, QImage.Format.Format_ARGB32)
    large.fill(Qt.GlobalColor.white)
    large.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)


@pytest.fixture(autouse=True)
def _as_at_first() -> Iterator[None]:
    """Language and type size hold for the process: the next test begins as this one did."""
    set_language("zh_CN")
    theme().set_type_percent(100)
    yield
    set_language("zh_CN")
    theme().set_type_percent(100)
