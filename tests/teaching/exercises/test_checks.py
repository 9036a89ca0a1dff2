"""Checks as plain data: what a file may say, and what is wrong with others."""

from __future__ import annotations

import pytest

from app.teaching.exercises.checks import BadChecks, Do, read_checks

HEAD = '[[check]]\nen = "Title"\nsteps = ['


def test_steps_are_read() -> None:
    (check,) = read_checks(
        """
        [[check]]
        id = "a"
        zh_CN = "标题"
        encoding = "utf-8"
        steps = [
          { A = "connect" },
          { A = "send", text = "你", times = 2 },
          { pause = 50 },
          { A = "expect", hex = "00 FF", within = 100 },
          { B = "send", counting = 300 },
          { A = "end" },
        ]
        """
    )
    assert (check.id, check.titles) == ("a", {"zh_CN": "标题"})
    assert [step.do for step in check.steps] == [
        Do.CONNECT, Do.SEND, Do.PAUSE, Do.EXPECT, Do.SEND, Do.END,
    ]  # fmt: skip
    assert check.steps[1].data == "你你".encode()
    assert (check.steps[2].ms, check.steps[3].ms) == (50, 100)
    assert check.steps[3].data == b"\x00\xff"
    assert check.steps[4].data[255:258] == b"\xff\x00\x01"
    assert check.steps[4].client == "B"


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("", "no_check"),
        ("check = 3", "no_check"),
        ("[[check]\n", "toml"),
        ("[[check]]\nsteps = []", "no_title"),
        ('[[check]]\nen = "x"', "no_steps"),
        (HEAD + "]", "no_steps"),
        (HEAD + "3]", "step"),
        (HEAD + '{A = "jump"}]', "step"),
        (HEAD + '{a = "connect"}]', "client"),
        (HEAD + '{A = "connect", B = "connect"}]', "client"),
        (HEAD + '{A = "send"}]', "data"),
        (HEAD + '{A = "connect", text = "x"}]', "data"),
        (HEAD + '{A = "send", text = "x", hex = "00"}]', "data"),
        (HEAD + '{A = "send", hex = "0"}]', "data"),
        (HEAD + '{A = "send", hex = 5}]', "data"),
        (HEAD + '{A = "send", text = "😀"}]', "data"),
        (HEAD + '{A = "send", counting = 99999999999}]', "number"),
        (HEAD + '{A = "send", text = "xxxx", times = 60000000}]', "number"),
        (HEAD + "{pause = -1}]", "number"),
        (HEAD + "{pause = true}]", "number"),
        (HEAD + '{A = "silence", within = 1e3}]', "number"),
        (HEAD + '{A = "send", text = "x", twice = true}]', "step"),
        ('[[check]]\nen = "x"\nencoding = "klingon"\nsteps = [{A = "send", text = "x"}]', "data"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, case: str) -> None:
    with pytest.raises(BadChecks) as caught:
        read_checks(text)
    assert caught.value.case == case
