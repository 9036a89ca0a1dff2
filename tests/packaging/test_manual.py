"""The manual page and the completion name every option: else run `python packaging/manual.py`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli.options import make_parser

SHARE = Path(__file__).parents[2] / "packaging" / "linux" / "share"


def options() -> set[str]:
    return set(re.findall(r"^  (--[a-z-]+)", make_parser().format_help(), re.MULTILINE))


@pytest.mark.parametrize(
    "name",
    [
        "man/man1/portside.1",
        *(f"bash-completion/completions/{name}" for name in ("portside", "portside-console")),
        *(f"zsh/site-functions/_{name}" for name in ("portside", "portside-console")),
    ],
)
def test_it_knows_every_option_and_no_other(name: str) -> None:
    text = (SHARE / name).read_text("utf-8").replace("\\-", "-")
    known = options()
    assert len(known) > 20
    assert {option for option in known if not re.search(rf"{option}\b", text)} == set()
    if name.startswith("man"):
        assert set(re.findall(r"^  (--[a-z-]+)", text, re.MULTILINE)) == known
