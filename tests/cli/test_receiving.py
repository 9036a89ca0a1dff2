"""`--receive-to`: files while the console serves."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from app.cli.bad_option import BadOption
from app.cli.receiving import read_size
from tests.cli.test_console import CONSOLE, dial
from tests.cli.test_exporting import run
from tests.support.program import program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def test_what_clients_send_is_in_files_when_it_has_ended(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    options = ("--receive-to", str(folder), "--rotate", "1K")
    with program(*CONSOLE, *options) as console:
        with dial(console.port) as client:
            client.sendall(b"a" * 1024 + b"rest")
            console.wait_said("rest")
        assert console.end(signal.SIGTERM) == 0
        assert console.err == []
    sizes = {path.stat().st_size for path in folder.iterdir()}
    assert sizes == {1024, 4}


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("--console", "--port", "0", "--receive-to", str(tmp_path / "file"))
    assert (result.returncode, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)


def test_sizes_are_read_as_they_are_written() -> None:
    sizes = [read_size("--rotate", text) for text in ("1", "500k", "64M", "2GB")]
    assert sizes == [1, 500 << 10, 64 << 20, 2 << 30]
    for text in ("", "0", "-1", "1.5M", "many", "1T", "٣"):
        with pytest.raises(BadOption):
            read_size("--rotate", text)
