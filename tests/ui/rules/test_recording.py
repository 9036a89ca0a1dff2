"""Recording rules in the window, of the journal that the log shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.journal.entry import Kind, Role
from app.reply.rules import read_rules
from app.ui.application import Program
from app.ui.rules.dialog import RulesDialog
from app.ui.rules.recording import RuleRecording
from tests.evidence.journals import Made
from tests.support.wait import wait_until
from tests.support.window import running

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def program(qapp: QApplication, user_home: Path) -> Iterator[Program]:
    with running(qapp, language="en", port=0) as program:
        yield program


def record(dialog: RulesDialog) -> str:
    """Press the tool; return what is said at the end."""
    (recording,) = dialog.findChildren(RuleRecording)
    dialog.tools.actions_by_name["record"].trigger()
    wait_until(lambda: not recording._slot.is_busy)
    return recording._notice.text


def test_an_old_journals_forward_becomes_rules_that_are_off(
    program: Program, tmp_path: Path
) -> None:
    with Made(tmp_path / "old.db") as made:
        made.client(1, "10.0.0.9", 5000)
        made.client(2, "10.0.0.1", 502, role=Role.WAY_OUT, peer_id=1)
        made.chunk(1, Kind.IN, b"ping")
        made.chunk(2, Kind.IN, b"pong")
    dialog = program.window.rules.open()
    assert "Forward" in record(dialog)
    program.window.archive.enter(tmp_path / "old.db")
    wait_until(lambda: program.window.archive.shown)
    assert "One rule" in record(dialog)
    (rule,) = read_rules(program.controller.settings.server.reply_rules).rules
    assert (rule.pattern, rule.answers, rule.on) == ("ping", ("pong",), False)
    dialog.tools.actions_by_name["undo"].trigger()
    assert not read_rules(program.controller.settings.server.reply_rules).rules
    dialog.close()
