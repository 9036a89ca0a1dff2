"""What people download: a zip or a tar.gz to unpack anywhere, and the check sums."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import zipfile
from pathlib import Path

from bundlelib.calls import call

PORTABLE_NOTE = Path(__file__).resolve().parents[1] / "portable.txt"
CHECK_SUMS = "SHA256SUMS"

UNPACK_S = 120
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
NO_TIME_S = 315532800  # and the same tar.gz


def make_portable_zip(folder: Path, output: Path) -> None:
    """Pack `folder`, with the note that makes it portable, into `output`. Raises OSError."""
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    files[Path(PORTABLE_NOTE.name)] = PORTABLE_NOTE
    output.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo((folder.name / name).as_posix(), _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name].read_bytes(), compresslevel=9)


def make_tarball(folder: Path, output: Path) -> None:
    """Pack `folder`, with its links and what may be started, into `output`. Raises OSError."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with (
        output.open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=file, mtime=NO_TIME_S) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted([folder, *folder.rglob("*")]):
            name = Path(folder.name, path.relative_to(folder)).as_posix()
            archive.add(path, name, recursive=False, filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Take out who packed it and when."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = NO_TIME_S
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry


def unpack(packed: Path, place: Path) -> None:
    """Unpack a zip or a tar.gz into the folder `place` as a user would. Raises Failure, OSError."""
    place.mkdir(parents=True, exist_ok=True)
    if packed.suffix == ".zip":
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(place)
    else:
        call(["tar", "-xzf", packed, "-C", place], deadline_s=UNPACK_S)


def write_check_sums(files: list[Path]) -> Path:
    """Write SHA256SUMS beside `files`, as `sha256sum -c` reads it; return its path."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in sorted(files)
    ]
    output = files[0].with_name(CHECK_SUMS)
    output.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return output
