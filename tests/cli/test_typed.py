"""What a typed line means."""

from __future__ import annotations

import pytest

from app.cli.typed import LONGEST_LINE, Typed, read_typed
from tests.support.program import program
from tests.support.wait import wait_until


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("hello", Typed("hello")),
        ("@3 hello", Typed("hello", 3)),
        ("@3  你 好", Typed(" 你 好", 3)),
        ("@3 ", Typed("", 3)),
        ("@3", Typed("@3")),
        ("@three hello", Typed("@three hello")),
        (" @3 hello", Typed(" @3 hello")),
        ("", Typed("")),
    ],
)
def test_read_typed(line: str, typed: Typed) -> None:
    assert read_typed(line) == typed


def test_a_line_without_an_end_is_not_kept() -> None:
    with program("--console", "--host", "127.0.0.1", "--port", "0", "--echo") as running:
        assert running.port
        for _ in range(3):
            running.type("x" * LONGEST_LINE + "y")
        running.type("@1 short")
        wait_until(lambda: len(running.err) == 4)
        assert running.err[0] == (
            "A line was not sent: it has more than 1,048,576 characters; break it into several."
        )
        assert len(set(running.err[:3])) == 1
        assert "1" in running.err[3]  # the short one was read: there is no such client
