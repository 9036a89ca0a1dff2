"""Frames as tshark reads them: out of our own packet files."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.evidence.form import Format
from app.evidence.formats import export
from app.evidence.source import Source
from app.journal.entry import Kind
from tests.evidence.journals import Made

TSHARK = shutil.which("tshark")
needs_tshark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")

PORT = 47_000
_BETWEEN = "~"  # values of one field

Frames = Sequence[bytes]


def tshark(
    folder: Path, protocol: str, frames: Frames, fields: Sequence[str]
) -> list[list[list[str]]]:
    """Return what tshark reads: for each frame, each field, its values."""
    assert TSHARK is not None
    with Made(folder / "j.db") as made:
        made.server(("10.0.0.9", PORT))
        made.client(1, "10.0.0.1", 5_000)
        made.online(1)
        for frame in frames:
            made.chunk(1, Kind.IN, frame)
        made.offline(1)
        reader = made.reader()
        try:
            assert export(Source(reader), Format.PCAPNG, folder / "out.pcapng") is not None
        finally:
            reader.close()
    wanted = [word for field in fields for word in ("-e", field)]
    result = subprocess.run(
        [TSHARK, "-r", str(folder / "out.pcapng"), "-n", "-d", f"tcp.port=={PORT},{protocol}",
         "-o", "mqtt.default_version:MQTT v3.1.1",
         "-Y", "tcp.len > 0 && ip.src == 10.0.0.1", "-T", "fields", "-E", "separator=/t",
         "-E", f"aggregator={_BETWEEN}", *wanted],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    lines = result.stdout.split("\n")[:-1]
    assert len(lines) == len(frames)
    return [[cell.split(_BETWEEN) if cell else [] for cell in line.split("\t")] for line in lines]
