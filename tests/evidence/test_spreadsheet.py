"""The CSV in a real spreadsheet: LibreOffice shows what was sent, not what it makes of it.

Where LibreOffice is not installed (it is 500 MB, so the pipeline does without) this is passed over.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from app.evidence.form import Format
from app.evidence.formats import export
from app.evidence.source import Source
from app.journal.entry import Bookmark, Kind
from tests.evidence.journals import Made

SOFFICE = shutil.which("soffice")
PATIENCE_S = 120
TEXTS = (
    "=1+1", "+86 13800138000", "-5", "@SUM(A1)", "你好，泵坏了", "460011234567890123456", "007",
   "1/2",     "2026-01-01", "3E5", "TRUE", "a,b;c\t\"d\"", "￥5", "10%", "1:30", "=HYPERLINK(\"http://x\")",
)  # fmt: skip


@pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice here")
def test_libreoffice_opens_it_as_it_is_meant(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        made.client(1, "192.168.1.7", 5_000)
        for text in TEXTS:
            made.chunk(1, Kind.IN, text.encode())
        made.journal.set_bookmark(Bookmark(1, "=2+2"))
        reader = made.reader()
    with closing(reader):
        export(Source(reader), Format.CSV, tmp_path / "out.csv")
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    # UTF-8, commas, numbers and dates wherever it sees some; written again as what its cells show.
    kept = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true"
    done = subprocess.run(
        [str(SOFFICE), home, "--headless", f"--infilter={kept}", "--convert-to", f"csv:{kept}",
         "--outdir", str(tmp_path / "again"), str(tmp_path / "out.csv")],
        capture_output=True, text=True, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written, shown = (
        list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
        for path in (tmp_path / "out.csv", tmp_path / "again" / "out.csv")
    )
    for before, after in zip(written, shown, strict=True):
        for column in (
            "id",
            "client",
            "address",
            "kind",
            "offset",
            "size",
            "text",
            "hex",
            "comment",
        ):
            assert after[column] == before[column], column
    assert [row["text"].removeprefix("'").replace("\\t", "\t") for row in shown] == list(TEXTS)
