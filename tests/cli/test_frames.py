"""Frames in the console: live with `--framing`, of an old journal with `--decode`."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.frames.shelf import KitShelf
from app.paths import resource
from app.settings import Settings
from app.settings_file import store_settings
from tests.cli.test_console import CONSOLE, dial
from tests.support.program import ROOT, command, environment, program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

HEARTBEAT = bytes.fromhex("7e000200000200000000150003167e")


def decode(journal: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("--decode", str(journal), "--language", "en", *options),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal of one client: junk, a heartbeat cut in two, a spoiled one, half a one."""
    path = tmp_path / "j.db"
    spoiled = HEARTBEAT[:-2] + b"\x17\x7e"
    with program(*CONSOLE, "--journal", str(path), "--framing", "kit:jt808") as console:
        with dial(console.port) as client:
            client.sendall(b"zz" + HEARTBEAT[:5])
            client.sendall(HEARTBEAT[5:] + spoiled + HEARTBEAT[:7])
            console.wait_said(r"2 B \[outside a frame\] zz")
            console.wait_said("15 B 终端心跳 0x0002 020000000015")
            console.wait_said(r"校验码: 17 \(should be 16\)")
        console.wait_said(r"7 B \[incomplete\]")
        console.wait_said("Client offline")
        assert console.end(signal.SIGTERM) == 0
    return path


def test_a_journal_is_read_again_with_any_framing(journal: Path) -> None:
    done = decode(journal, "--framing", "kit:jt808")
    assert done.returncode == 0, done.stderr
    assert "    终端手机号: 020000000015\n" in done.stdout
    sizes = [line.split(" B ")[0].split()[-1] for line in done.stdout.splitlines() if "←" in line]
    assert sizes == ["2", "15", "15", "7"]
    done = decode(journal, "--framing", "length:size=2")  # "zz" is no length, nor is 7E00
    assert "[incomplete] ✗ its length 31,354 spells “zz”  zz~" in done.stdout
    done = decode(journal, "--framing", "fixed:10")
    sizes = [line.split(" B ")[0].split()[-1] for line in done.stdout.splitlines() if "←" in line]
    assert sizes == ["10", "10", "10", "9"]


def test_without_a_framing_chunks_stay_as_they_came(journal: Path) -> None:
    whole = decode(journal).stdout
    assert "outside" not in whole
    sizes = [int(line.split(" B ")[0].split()[-1]) for line in whole.splitlines() if "←" in line]
    assert sum(sizes) == 39


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("kit:nothing", "no kit “nothing”"),
        ("kit:../jt808", "no kit “../jt808”"),
        ("lines", "“lines” is no framing"),
        ("delimiter:xy", "“delimiter:xy” is not hex"),
    ],
)
def test_a_framing_that_cannot_be_used_is_told(journal: Path, spec: str, said: str) -> None:
    done = decode(journal, "--framing", spec)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_kit_of_ones_own_is_used_and_what_is_wrong_with_it_told(
    journal: Path, user_home: Path, tmp_path: Path
) -> None:
    kits = Path(environment()["PORTSIDE_HOME"]) / "kits"
    kits.mkdir(parents=True)
    kit = kits / "mine.py"
    ran = tmp_path / "ran"
    text = "NAME = 'Mine'\n\n\ndef split(data):\n    return 3 if len(data) > 2 else 0\n"
    kit.write_text(f"open({str(ran)!r}, 'w')\n{text}")
    done = decode(journal, "--framing", "kit:mine")
    assert (done.returncode, done.stdout, ran.exists()) == (2, "", False)
    assert "mine.py of your own does not run" in done.stderr
    kit.write_text(text)
    assert decode(journal, "--framing", "kit:mine", "--run-kits").stdout.count(" 3 B ") == 13
    shelf = KitShelf(resource("kits"), kits)
    item = shelf.own_item("mine")
    assert item is not None
    shelf.switch(item, True)
    store_settings(kits.parent / "settings.json", Settings(kits=shelf.choices))
    assert decode(journal, "--framing", "kit:mine").stdout.count(" 3 B ") == 13
    kit.write_text(f"{text}\n")
    assert "has changed since" in decode(journal, "--framing", "kit:mine").stderr
    kit.write_text(text.replace("return 3", "while data: pass\n    return 3"))
    done = decode(journal, "--framing", "kit:mine", "--run-kits")
    assert (done.returncode, done.stdout.count("outside a frame")) == (0, 1)
    kit.write_text("NAME = 'Mine'\n1 / 0\n")
    done = decode(journal, "--framing", "kit:mine", "--run-kits")
    assert (done.returncode, done.stdout) == (2, "")
    assert "mine.py cannot be loaded (line 2): ZeroDivisionError" in done.stderr


def test_a_journal_that_is_none_is_told(tmp_path: Path) -> None:
    done = decode(tmp_path / "none.db")
    assert done.returncode == 1
    assert "none.db" in done.stderr
