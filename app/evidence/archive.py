"""The whole of a journal in one ZIP that can be checked later.

`journal.db` is a consistent copy, also while traffic runs; of a damaged one, `entries.jsonl` holds
what can be read and `missing.txt` says what cannot. `settings.json` has no keys and no names of
their files. `SHA256SUMS` has the check sum of every file, as `sha256sum` writes it: who changes a
file and not the manifest is found out; to be sure of the manifest, note its own check sum.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app import APP_NAME, __version__
from app.evidence.jsonl import json_pieces
from app.evidence.source import Cancelled, Source
from app.journal.copying import copy_journal
from app.paths import part_beside

MANIFEST = "SHA256SUMS"
NAMES = ("journal.db", "settings.json", "about.json", MANIFEST)
_READ_BYTES = 1024 * 1024
_SECRET = ("key", "cert", "password", "secret", "token", "window_state")
_LARGEST_MANIFEST = 1024 * 1024


class Difference(NamedTuple):
    """A file of an archive that is not as the manifest says."""

    name: str
    what: str  # "changed", "missing", "extra"


class NoArchive(Exception):
    """The file is not an evidence ZIP, or is damaged beyond reading."""


def write_archive(source: Source, file: BinaryIO, path: Path) -> None:
    """Write the ZIP that will be at `path`, where a copy of the journal fits, too.

    Raises Cancelled, OSError.
    """
    copy = part_beside(path)
    try:
        copied = copy_journal(
            source.reader,
            copy,
            cancelled=source.cancelled,
            progress=lambda done, total: source.progress(done, 2 * total),
        )
        if not copied:
            raise Cancelled
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            _write(source, _Sums(archive), copy, copied)
    finally:
        copy.unlink(missing_ok=True)


def _write(source: Source, sums: _Sums, copy: Path, size: int) -> None:
    sums.add("journal.db", _pieces(copy, source, size))
    if _is_sound(copy):
        source.count = source.reader.last_id - source.reader.first_id + 1
    else:
        sums.add("entries.jsonl", json_pieces(source))
        missing = [f"{first}-{last}\n" for first, last in source.gaps]
        sums.add("missing.txt", ["".join(missing).encode()])
    if source.settings is not None:
        sums.add("settings.json", [_as_json(_without_secrets(asdict(source.settings)))])
    sums.add("about.json", [_as_json(_about(source))])
    sums.finish()


class _Sums:
    """Adds files to an archive, and at last their check sums."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._lines: list[str] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        info = zipfile.ZipInfo(name, datetime.now().timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(info, "w", force_zip64=True) as out:
            for piece in pieces:
                digest.update(piece)
                out.write(piece)
        self._lines.append(f"{digest.hexdigest()}  {name}\n")

    def finish(self) -> None:
        self._archive.writestr(MANIFEST, "".join(self._lines))


def _pieces(path: Path, source: Source, size: int) -> Iterator[bytes]:
    done = 0
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            if source.cancelled():
                raise Cancelled
            yield piece
            done += len(piece)
            source.progress(size + done, 2 * size)


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error:
        return False
    return bool(said == "ok")


def _without_secrets(value: object) -> object:
    if isinstance(value, dict):
        return {
            name: _without_secrets(inner)
            for name, inner in value.items()
            if not any(word in name for word in _SECRET)
        }
    if isinstance(value, list | tuple):
        return [_without_secrets(inner) for inner in value]
    return value


def _about(source: Source) -> dict[str, object]:
    return {
        "program": APP_NAME,
        "version": __version__,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "journal": source.reader.path.name,
        "first_id": source.reader.first_id,
        "last_id": source.reader.last_id,
        "system": platform.platform(),
    }


def _as_json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def verify(path: Path, cancelled: Callable[[], bool] = lambda: False) -> list[Difference]:
    """Return what differs from the manifest; nothing is unpacked. Raises NoArchive, OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _differences(archive, cancelled)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise NoArchive(str(error)) from error


def _differences(archive: zipfile.ZipFile, cancelled: Callable[[], bool]) -> list[Difference]:
    names = set(archive.namelist()) - {MANIFEST}
    if MANIFEST not in archive.namelist():
        raise NoArchive(MANIFEST)
    found = []
    wanted: dict[str, str] = {}
    with archive.open(MANIFEST) as file:
        for line in file.read(_LARGEST_MANIFEST).decode("utf-8", "replace").splitlines():
            digest, _, name = line.partition("  ")
            wanted[name] = digest
    for name, digest in wanted.items():
        if name not in names:
            found.append(Difference(name, "missing"))
        elif _sum_of(archive, name, cancelled) != digest:
            found.append(Difference(name, "changed"))
    return found + [Difference(name, "extra") for name in sorted(names - set(wanted))]


def _sum_of(archive: zipfile.ZipFile, name: str, cancelled: Callable[[], bool]) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as file:
            while piece := file.read(_READ_BYTES):
                if cancelled():
                    raise Cancelled
                digest.update(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError):  # its bytes are damaged
        return ""
    return digest.hexdigest()
