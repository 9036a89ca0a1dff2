"""A server as a file: given away without what is one's own, and looked at before it is taken."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from app.bridge.state import ServerState
from app.reply.book import built_in_kit
from app.reply.rules import Rule, RuleFault, RuleSet, read_rules, write_rules
from app.settings import ServerProfile
from app.text.compose import ComposeOptions
from app.ui.application import Program
from app.ui.commands import Commands
from app.ui.composer.history import Draft
from app.ui.prepared.command import Command, CommandFault
from app.ui.share_desk import ShareDesk
from app.ui.sharing.dialogs import TakeDialog
from app.ui.sharing.shared import ShareFault, read_shared, shared_in, taken_over, written
from app.ui.sharing.words import fault_sentence, rows_of
from app.wording import set_language
from tests.support.wait import wait_until
from tests.support.window import running

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

RULES = RuleSet(
    (
        Rule("ping", match="text", pattern="PING", answers=("PONG",)),
        Rule("file", do="file", answers=("/home/me/secret plan/fw.bin", r"C:\Users\me\x.bin")),
    ),
    framing="kit:jt808",
)
PROFILE = ServerProfile(
    server_id=7,
    kind="tls",
    name="车载",
    was_open=True,
    port=9000,
    cert_file="/home/me/cert.pem",
    key_file="/home/me/key.pem",
    keylog_file="/home/me/keys.log",
    reply_mode="rules",
    reply_rules=write_rules(RULES),
    allowed="192.168.1.0/24",
)
COMMANDS = (Command("hello", Draft("你好", ComposeOptions("")), target="3", group="g"),)


def test_it_comes_back_as_it_was_but_for_what_is_ones_own() -> None:
    text = written(PROFILE, COMMANDS, with_rules=True)
    for mine in ("/home", "Users", "secret", "was_open", "server_id", "pem", "keys.log"):
        assert mine not in text
    shared = read_shared(text)
    taken = taken_over(shared, answers=True)
    assert (taken.kind, taken.name, taken.port, taken.allowed) == (
        "tls", "车载", 9000, "192.168.1.0/24",
    )  # fmt: skip
    assert not taken.was_open
    rules = read_rules(taken.reply_rules)
    assert [(r.name, r.on, r.answers) for r in rules.rules] == [
        ("ping", True, ("PONG",)),
        ("file", False, ("fw.bin", "x.bin")),
    ]
    assert rules.framing == "kit:jt808"
    assert [(c.name, c.draft.text, c.target, c.group) for c in shared.commands] == [
        ("hello", "你好", "", "g")
    ]


def test_unless_it_is_allowed_to_it_answers_nothing() -> None:
    shared = read_shared(written(PROFILE, (), with_rules=True))
    taken = taken_over(shared, answers=False)
    assert not any(rule.on for rule in read_rules(taken.reply_rules).rules)
    echo = read_shared(written(ServerProfile(reply_mode="echo"), (), with_rules=True))
    assert taken_over(echo, answers=False).reply_mode == "off"
    assert taken_over(echo, answers=True).reply_mode == "echo"


def file_of(server: Any = None, **more: Any) -> str:
    return json.dumps({"portside-server": 1, "server": {"port": 1} | (server or {}), **more})


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("", "not_json"),
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_ours"),
        ("null", "not_ours"),
        ('{"servers": []}', "not_ours"),
        ('{"portside-server": 1}', "not_ours"),
        ('{"portside-server": 1, "server": []}', "not_ours"),
        ('{"portside-server": 2, "server": {}}', "unknown"),
        (file_of(run="rm -rf"), "unknown"),
        (file_of({"colour": "red"}), "unknown"),
        (file_of({"server_id": 1}), "unknown"),
        (file_of({"was_open": True}), "unknown"),
        (file_of({"reply_rules": "{}"}), "unknown"),
        (file_of({"port": 70_000}), "bad_value"),
        (file_of({"port": True}), "bad_value"),
        (file_of({"kind": "ftp"}), "bad_value"),
        (file_of({"name": "x" * 501}), "bad_value"),
        (file_of({"name": "a\nb"}), "bad_value"),
        (file_of({"target": "a\u202eb:1"}), "bad_value"),
        (file_of({"allowed": "everybody"}), "bad_value"),
        (file_of({"name": "\ud800"}), "not_json"),
    ],
)
@pytest.mark.usefixtures("qapp")
def test_a_strangers_mistake_is_one_sentence(text: str, case: str) -> None:
    with pytest.raises(ShareFault) as caught:
        read_shared(text)
    assert caught.value.case == case
    for language in ("en", "zh_CN"):
        set_language(language)
        said = fault_sentence(caught.value, "file.json")
        assert "file.json" in said
        assert "\n" not in said


def test_rules_and_commands_are_read_as_strictly_as_anywhere() -> None:
    with pytest.raises(RuleFault):
        read_shared(file_of(rules={"rules": [{"name": "a", "colour": 1}]}))
    for commands in (
        7,
        [{"name": ""}],
        [{"name": "a", "message": "4", "mode": "hex"}],
        [{}] * 2001,
    ):
        with pytest.raises(CommandFault):
            read_shared(file_of(commands=commands))


@pytest.mark.skipif(os.name != "posix", reason="a pipe with a name")
def test_what_is_no_file_or_too_large_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b" " * (4 * 1024 * 1024 + 1))
    for name, case in (("pipe", "not_ours"), ("large", "too_large")):
        with pytest.raises(ShareFault) as caught:
            shared_in(tmp_path / name)
        assert caught.value.case == case


def test_all_that_matters_is_shown() -> None:
    set_language("en")
    server = {
        "kind": "forward", "host": "0.0.0.0", "port": 502, "target": "evil.example:22",
        "key_file": "/etc/shadow", "keylog_file": "/tmp/k", "framing": "kit:unknown", "backlog": 5,
    }  # fmt: skip
    rules = json.loads(write_rules(RULES))
    shared = read_shared(file_of(server, rules=rules, commands=[{"name": "c", "message": "m"}]))
    assert shared.profile.key_file == shared.profile.keylog_file == ""
    rows = rows_of(shared, built_in_kit)
    lines = [(row.title, row.text) for row in rows] + [pair for row in rows for pair in row.below]
    shown = "\n".join(f"{title}: {text}" for title, text in lines)
    for part in (
        *("0.0.0.0:502", "evil.example:22", "/etc/shadow", "/tmp/k", "everybody", "PONG"),
        *("unknown, which is not here", "jt808, which is here", "backlog: 5", "c: m"),
        "stays off",
    ):
        assert part in shown, part


@pytest.fixture
def program(qapp: QApplication, user_home: Path) -> Iterator[Program]:
    with running(qapp, language="en", port=0) as program:
        yield program


def desk_of(program: Program) -> ShareDesk:
    commands: Commands = program.window.commands
    return next(part for part in commands._parts if isinstance(part, ShareDesk))


def test_in_the_window_there_and_back(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, controller, path = desk_of(program), program.controller, tmp_path / "s.json"
    controller.change(name="mine", reply_mode="rules", reply_rules=write_rules(RULES))
    desk.give_to(path, with_rules=True, commands=COMMANDS)
    wait_until(path.exists)
    seen: list[TakeDialog] = []

    def agree(dialog: TakeDialog) -> int:
        seen.append(dialog)
        return 1

    monkeypatch.setattr(TakeDialog, "exec", agree)
    desk.look_at(path)
    wait_until(lambda: len(controller.settings.servers) == 2)
    added = controller.settings.server
    assert (added.name, added.server_id) == ("mine", 2)
    assert not any(rule.on for rule in read_rules(added.reply_rules).rules)
    assert controller.fleet.posts[2].state is ServerState.CLOSED
    assert [c.name for c in program.window.prepared.table.commands] == ["hello"]
    assert not seen[0].answers.isChecked()
    (undo,) = [b for b in desk._toast.findChildren(QPushButton) if b.text() == "Undo"]
    undo.click()
    assert [p.server_id for p in controller.settings.servers] == [1]
    assert program.window.prepared.table.commands == ()


def test_what_cannot_be_used_is_said_and_changes_nothing(program: Program, tmp_path: Path) -> None:
    desk, path = desk_of(program), tmp_path / "bad.json"
    for content in ("{", file_of({"port": -1}), None):
        if content is None:
            path.unlink()
        else:
            path.write_text(content)
        desk._toast.hide()
        desk.look_at(path)
        wait_until(lambda: "bad.json" in desk._toast.text and desk._toast.isVisible())
    assert len(program.controller.settings.servers) == 1
