"""What a typed line means."""

from __future__ import annotations

import pytest

from app.cli.typed import Typed, read_typed


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
