"""The evidence ZIP: consistent while it is written to, without secrets, checked later."""

from __future__ import annotations

import json
import sqlite3
import threading
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.evidence.archive import MANIFEST, Difference, NoArchive, verify
from app.evidence.form import Format
from app.evidence.formats import export
from app.evidence.source import Source
from app.journal.entry import Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.settings import ServerProfile, Settings
from tests.evidence.journals import Made

SECRETS = Settings(
    servers=(replace(ServerProfile(), key_file="/secret/key.pem", cert_file="/secret/cert.pem"),)
)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    with Made(tmp_path / "j.db") as journal:
        journal.client(1, "10.0.0.1", 5)
        for _ in range(100):
            journal.chunk(1, Kind.IN, b"x" * 1_000)
    path = tmp_path / "case.zip"
    reader = Reader(journal.path)
    try:
        assert export(Source(reader, settings=SECRETS), Format.ZIP, path) is not None
    finally:
        reader.close()
    return path


def test_it_holds_everything_but_keys(made: Path, tmp_path: Path) -> None:
    assert verify(made) == []
    with zipfile.ZipFile(made) as archive:
        assert set(archive.namelist()) == {"journal.db", "settings.json", "about.json", MANIFEST}
        settings = archive.read("settings.json").decode()
        assert json.loads(archive.read("about.json"))["last_id"] == 100
        archive.extract("journal.db", tmp_path / "out")
    assert "secret" not in settings
    assert json.loads(settings)["servers"][0]["port"] == 8080
    with closing(Reader(tmp_path / "out" / "journal.db")) as reader:
        assert reader.last_id == 100
    assert sorted(p.name for p in tmp_path.iterdir()) == ["case.zip", "j.db", "out"]


def test_every_change_is_found(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}

    def packed(files: dict[str, bytes]) -> list[Difference]:
        path = tmp_path / "other.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return verify(path)

    assert packed(content) == []
    journal = bytearray(content["journal.db"])
    journal[50_000] ^= 1
    assert packed(content | {"journal.db": bytes(journal)}) == [Difference("journal.db", "changed")]
    assert packed(content | {"more": b""}) == [Difference("more", "extra")]
    fewer = {name: data for name, data in content.items() if name != "settings.json"}
    assert packed(fewer) == [Difference("settings.json", "missing")]


@pytest.mark.parametrize("damage", [b"hello", b""])
def test_what_is_no_archive_is_refused(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(damage)
    with pytest.raises(NoArchive):
        verify(path)


def test_a_byte_that_was_turned_is_found(made: Path) -> None:
    data = bytearray(made.read_bytes())
    data[len(data) // 3] ^= 0xFF
    made.write_bytes(data)
    assert [found.what for found in verify(made)] == ["changed"]


def test_it_is_consistent_while_traffic_runs(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "live.db")
    stop = threading.Event()

    def flood() -> None:
        offset = 0
        while not stop.is_set():
            journal.append(1, Kind.IN, b"x" * 100, offset)
            offset += 100
            if journal.crowded:
                journal.wait_for_room()

    thread = threading.Thread(target=flood)
    thread.start()
    reader = journal.reader()
    try:
        path = tmp_path / "case.zip"
        assert export(Source(reader), Format.ZIP, path) is not None
    finally:
        stop.set()
        thread.join()
        reader.close()
        journal.close(5.0)
    assert verify(path) == []
    with zipfile.ZipFile(path) as archive:
        archive.extract("journal.db", tmp_path / "out")
    copy = sqlite3.connect(tmp_path / "out" / "journal.db")
    with closing(copy):
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        count, last = copy.execute("SELECT count(*), max(id) FROM entry").fetchone()
        assert count == last > 0


def test_of_a_damaged_journal_it_has_what_can_be_read(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        for _ in range(600):
            made.chunk(1, Kind.IN, b"x" * 250)
    whole = made.path.read_bytes()
    begin = len(whole) // 2 // 16_384 * 16_384
    made.path.write_bytes(whole[:begin] + b"\xff" * 16_384 + whole[begin + 16_384 :])
    path = tmp_path / "case.zip"
    with closing(Reader(made.path)) as reader:
        done = export(Source(reader), Format.ZIP, path)
    assert done is not None
    assert done.gaps
    assert verify(path) == []
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("entries.jsonl").splitlines()
        (gap,) = archive.read("missing.txt").decode().split()
    first, last = map(int, gap.split("-"))
    assert len(lines) == 600 - (last - first + 1)


def test_cancelled_it_leaves_nothing(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        made.chunk(1, Kind.IN, b"x")
    before = sorted(tmp_path.iterdir())
    with closing(Reader(made.path)) as reader:
        done = export(Source(reader, cancelled=lambda: True), Format.ZIP, tmp_path / "case.zip")
    assert done is None
    assert sorted(tmp_path.iterdir()) == before
