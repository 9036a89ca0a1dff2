"""Exporting from the window: what is chosen is written, and the preview is how it begins."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from app.evidence.form import Format
from app.ui.log.export_dialog import ExportDialog
from tests.support.wait import wait_until
from tests.ui.log.conftest import LogBench
from tests.ui.log.test_panel import two_clients


def opened(bench: LogBench, selected: tuple[tuple[int, int], ...] = ()) -> ExportDialog:
    exportable = bench.panel.output._exportable(selected)
    assert exportable is not None
    return ExportDialog(exportable, bench.panel.output.form, bench.panel)


def choose(dialog: ExportDialog, scope: str, form: str) -> None:
    dialog.scope.setCurrentIndex(dialog.scope.findData(scope))
    dialog.formats.setCurrentIndex(dialog.formats.findData(form))


def test_the_preview_follows_what_is_chosen(bench: LogBench) -> None:
    two_clients(bench)
    bench.panel.show_only([bench.ref(2)])
    wait_until(lambda: bench.rows.count == 1)
    dialog = opened(bench)
    wait_until(lambda: "from two" in dialog.preview.toPlainText())
    assert "from one" not in dialog.preview.toPlainText()
    choose(dialog, "all", "jsonl")
    wait_until(lambda: '"text":"from one"' in dialog.preview.toPlainText())
    choose(dialog, "shown", "raw")
    wait_until(lambda: "index.csv" in dialog.preview.toPlainText())
    choose(dialog, "shown", "pcapng")
    wait_until(lambda: dialog.preview.toPlainText().startswith("0A 0D 0D 0A"))
    dialog.until.box.setChecked(True)
    dialog.until.edit.setDateTime(dialog.until.edit.dateTime().addYears(-1))
    choose(dialog, "all", "txt")
    wait_until(lambda: dialog.preview.toPlainText() == "")
    dialog.reject()
    dialog.deleteLater()


def test_only_the_selected_rows(bench: LogBench) -> None:
    bench.fill(5)
    dialog = opened(bench, ((2, 3),))
    choose(dialog, "selected", "txt")
    wait_until(lambda: dialog.preview.toPlainText().count("\n") == 2)
    dialog.reject()
    dialog.deleteLater()


@pytest.mark.parametrize("form", ["csv", "raw", "pcapng"])
def test_what_is_accepted_is_written_and_remembered(
    bench: LogBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    two_clients(bench)
    target = tmp_path / "out"
    asked: list[str] = []

    def pick(*words: object) -> tuple[str, str]:  # the system's own dialog
        asked.append(str(words[2]))
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", pick)
    remembered: list[dict[str, str]] = []
    bench.panel.output.chosen.connect(remembered.append)

    def accept() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ExportDialog)
        choose(dialog, "all", form)
        dialog.go.click()

    QTimer.singleShot(0, accept)
    bench.panel.output.export(())
    written = target.with_name(f"out{Format(form).suffix}")
    wait_until(written.exists)
    assert remembered == [{"export_format": form, "export_folder": str(tmp_path)}]
    assert asked[0].endswith(Format(form).suffix)
    wait_until(lambda: written.name in bench.panel._notice.text)
