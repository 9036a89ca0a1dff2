"""Two clients' runs side by side, from real journals."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from app.frames.framing import Fixed, Framing, NoFraming
from app.journal.entry import Kind
from app.journal.reader import Reader
from app.models.run_compare import Comparison, Run, RunCompare, lines_of
from tests.evidence.journals import Made
from tests.support.wait import wait_until

LEFT = [b"login 1\n", b"temp=21\n", b"goodbye\n", b"the end\n"]
RIGHT = [b"login 1\n", b"temp=29\n", b"the end\n", b"\xff more!\n"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Made(tmp_path / "j.db") as made:
        for number, run in ((1, LEFT), (2, RIGHT)):
            stream = b"".join(run)
            for start in range(0, len(stream), 3 * number):  # cut elsewhere
                made.chunk(number, Kind.IN, stream[start : start + 3 * number])
            made.chunk(number, Kind.OUT, b"same answer", "utf-8")
    return made.path


@pytest.mark.usefixtures("qapp")
def compared(path: Path, framing: Framing, encoding: str = "utf-8") -> Comparison:
    runs = [Run(partial(Reader, path), n, f"#{n}", encoding, framing) for n in (1, 2)]
    task, found = RunCompare(*runs), []
    task.done.connect(found.append)
    task.start()
    wait_until(lambda: found)
    task.stop()
    return found[0]


@pytest.mark.usefixtures("qapp")
def test_messages_are_compared_however_they_were_cut(path: Path) -> None:
    found = compared(path, Fixed(8))
    assert [row.mark for row in found.rows] == ["=", "≠", "−", "=", "+", "=", "="]
    assert found[1:] == (False, False, False)
    assert list(lines_of(found, ("utf-8", "utf-8"), as_hex=False))[:7] == [
        r"= ← 1 login 1\n",
        r"≠ ← 2 temp=2[1]\n",
        r"  ← 2 temp=2[9]\n",
        r"− ← 3 goodbye\n",
        r"= ← 4 the end\n",
        r"+ ← 4 \xFF more!\n",
        "= → 1 same ans",
    ]
    assert "74 65 6D 70 3D 32 [31] 0A" in "\n".join(lines_of(found, ("", ""), as_hex=True))


@pytest.mark.usefixtures("qapp")
def test_without_a_framing_chunks_are_compared_and_that_is_said(path: Path) -> None:
    assert compared(path, NoFraming()).by_chunks
