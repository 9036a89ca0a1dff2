"""`--export`: the program itself, as a script calls it."""

from __future__ import annotations

import hashlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from app.evidence.form import Format
from app.journal.entry import Kind
from app.journal.journal import Journal
from tests.evidence.journals import Made
from tests.support.program import ROOT, command, environment


def run(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("--language", "en", *options), cwd=ROOT, env=environment(), capture_output=True,
        text=True, encoding="utf-8", timeout=60,
    )  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    with Made(tmp_path / "j.db") as made:
        for number in (1, 2):
            made.client(number, "10.0.0.1", number)
            made.chunk(number, Kind.IN, b"hello")
    return tmp_path / "j.db"


@pytest.mark.parametrize("form", Format)
def test_each_format_by_its_suffix(journal: Path, tmp_path: Path, form: Format) -> None:
    target = tmp_path / f"out{form.suffix}"
    options = ["--format", "raw"] if form.is_folder else []
    done = run("--export", str(target), "--from", str(journal), *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"2 entries written to {target}\n"
    assert target.is_dir() == form.is_folder
    assert list(tmp_path.glob("*.part")) == []


def test_to_stdout_of_one_client(journal: Path) -> None:
    done = run("--export", "-", "--from", str(journal), "--format", "jsonl", "--client", "2")
    assert [json.loads(line)["client"] for line in done.stdout.splitlines()] == [2]
    done = run("--export", "-", "--from", str(journal), "--until", "2020-01-01")
    assert (done.returncode, done.stdout) == (0, "")


def test_a_journal_that_is_being_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "live.db")
    try:
        journal.append(1, Kind.IN, b"now", 0)
        until = time.monotonic() + 10
        while "now" not in (out := run("--export", "-", "--from", str(journal.path)).stdout):
            assert time.monotonic() < until
    finally:
        journal.close(5.0)
    assert out.count("\n") == 1


def test_a_zip_is_checked(journal: Path, tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    assert run("--export", str(target), "--from", str(journal)).returncode == 0
    done = run("--verify", str(target))
    assert (done.returncode, done.stdout) == (0, "case.zip is as it was made.\n")
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("note\u202e.txt", "hello")
    done = run("--verify", str(target))
    assert (done.returncode, done.stdout) == (1, "note\\u202E.txt was added.\n")
    done = run("--verify", str(journal))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--export", "a.txt"), "--export needs a journal"),
        (("--from", "a.db"), "--from only goes with --export"),
        (("--export", "a.xls", "--from", "a.db"), "does not say which format"),
        (("--export", "a", "--from", "a.db", "--format", "x"), "--format cannot be “x”"),
        (("--export", "-", "--from", "a.db", "--format", "raw"), "makes a folder"),
        (("--export", "a.txt", "--from", "a.db", "--client", "x"), "--client cannot be “x”"),
        (("--export", "a.txt", "--from", "a.db", "--since", "x"), "--since cannot be “x”"),
        (("--export", "a.zip", "--from", "a.db", "--client", "1"), "holds the whole journal"),
    ],
)
def test_a_wrong_call_is_refused_in_a_sentence(options: tuple[str, ...], said: str) -> None:
    done = run(*options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_cannot_be_read_or_written_is_said(journal: Path, tmp_path: Path) -> None:
    done = run("--export", str(tmp_path / "no" / "a.txt"), "--from", str(journal))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "was not written: No such file" in done.stderr
    (tmp_path / "not.db").write_text("hello")
    done = run("--export", str(tmp_path / "a.txt"), "--from", str(tmp_path / "not.db"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "a.txt").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_said(journal: Path) -> None:
    done = run("--export", "/dev/full", "--from", str(journal), "--format", "txt")
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert Path("/dev/full").is_char_device()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with Made(tmp_path / "j.db") as made:
        for _ in range(60_000):
            made.journal.append(1, Kind.IN, b"x" * 100, 0)
            if made.journal.crowded:
                made.journal.wait_for_room()
    target = tmp_path / "out.html"
    target.write_text("before")
    with subprocess.Popen(
        command("--export", str(target), "--from", str(made.path)), cwd=ROOT, env=environment()
    ) as child:
        until = time.monotonic() + 30
        while not list(tmp_path.glob("out.html.*.part")) and child.poll() is None:
            assert time.monotonic() < until
        child.send_signal(number)
        assert child.wait(30) == 130
    assert not list(tmp_path.glob("*.part"))
    assert target.read_text() == "before"


def test_a_damaged_journal_gives_what_can_be_read(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        for number in range(2_000):
            made.journal.append(1, Kind.IN, b"%06d" % number + b"x" * 250, number * 256)
    size = made.path.stat().st_size
    with made.path.open("r+b") as file:
        file.seek(size // 2 // 16_384 * 16_384)
        file.write(b"\xff" * 16_384)  # a page in the middle
    done = run("--export", "-", "--from", str(made.path))
    assert done.returncode == 3, done.stderr
    assert "cannot be read and are missing" in done.stderr
    assert done.stderr.count("\n") == 1
    assert 1_800 < done.stdout.count("\n") < 2_000


def test_a_client_is_sent_again(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        made.client(1, "192.168.1.7", 5_000)
        for text in ("你好\r\n", "再见"):
            made.chunk(1, Kind.IN, text.encode())
        made.chunk(1, Kind.OUT, b"an answer")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        heard: list[bytes] = []

        def serve() -> None:
            accepted, _ = listening.accept()
            with accepted:
                while data := accepted.recv(1_000):
                    heard.append(data)

        server = threading.Thread(target=serve)
        server.start()
        where = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        wanted = ("--replay", str(made.path), "--client", "1", "--to", where, "--speed", "0")
        done = run(*wanted, "--language", "en")
        server.join()
    sent = "你好\r\n再见".encode()
    assert b"".join(heard) == sent
    assert (done.returncode, done.stderr) == (0, "")
    assert hashlib.sha256(sent).hexdigest() in done.stdout
    refused = run(*wanted)  # nobody listens any more
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "127.0.0.1" in refused.stderr
    assert run("--replay", str(made.path), "--client", "9", "--to", where).returncode == 1
    for wrong in (
        ("--replay", "j.db"), ("--to", where), ("--speed", "2"), (*wanted[:-1], "fast"),
        (*wanted[:5], "ftp://a:1"), (*wanted[:5], "::1:80"), (*wanted, "--client", "2"),
    ):  # fmt: skip
        assert run(*wrong).returncode == 2, wrong
