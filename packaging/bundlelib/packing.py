"""What people download: a zip to unpack anywhere, and the check sums."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

PORTABLE_NOTE = Path(__file__).resolve().parents[1] / "portable.txt"
CHECK_SUMS = "SHA256SUMS"

_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip


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


def write_check_sums(files: list[Path]) -> Path:
    """Write SHA256SUMS beside `files`, as `sha256sum -c` reads it; return its path."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in sorted(files)
    ]
    output = files[0].with_name(CHECK_SUMS)
    output.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return output
