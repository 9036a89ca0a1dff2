"""The report of a crash is offered once, can be copied, and goes when it has been seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.report.crash import HEAD_END
from app.ui.notices import Notices
from app.ui.reports import ReportOffer
from app.ui.widgets import Banner
from app.wording import LANGUAGES, set_language, tr


def leave(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"program: Portside\n{HEAD_END}\nFatal Python error: {name}\n")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_newest_is_offered_and_all_are_settled(
    tmp_path: Path, qtbot: QtBot, language: str
) -> None:
    set_language(language)
    folder = tmp_path / "reports"
    leave(folder, "report-2026-01-01-000000-1.txt")
    newest = leave(folder, "report-2026-02-01-000000-2.txt")
    notices = Notices()
    qtbot.addWidget(notices)
    offer = ReportOffer(folder, notices)
    offer.look()
    qtbot.waitUntil(lambda: bool(notices.findChildren(Banner)))
    (banner,) = notices.findChildren(Banner)
    assert newest.name in banner.text
    copy, _folder = banner.findChildren(QPushButton)
    assert copy.text() == tr("window.report_copy")
    copy.click()
    assert "Fatal Python error: report-2026-02" in QApplication.clipboard().text()
    banner._close.click()
    assert list(folder.glob("report-*.txt")) == []
    again = Notices()
    qtbot.addWidget(again)
    second = ReportOffer(folder, again)
    with qtbot.waitSignal(second._looking.done):
        second.look()
    assert not again.findChildren(Banner)
