"""Packets as tshark reads them: nothing wrong in them, and every byte at its place."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.evidence.form import Format
from app.evidence.formats import export
from app.evidence.source import Source
from app.journal.entry import Bookmark, Kind, Opening, Role
from app.wording import tr
from tests.evidence.journals import Made

TSHARK = shutil.which("tshark")
pytestmark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")

# The server's ports of these journals belong to no protocol that tshark would look for.
CHECKED = [
    *("-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"),
    *("-o", "ip.check_checksum:TRUE", "-o", "tcp.try_heuristic_first:FALSE"),
]
WRONG = (
    "tcp.analysis.flags || _ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0"
    " || udp.checksum.status == 0"
    " || (_ws.expert.severity >= 0x600000 && !tcp.flags.reset)"  # a reset is a warning by itself
)
PORT = 47_000


def tshark(path: Path, *options: str) -> str:
    assert TSHARK is not None
    result = subprocess.run(
        [TSHARK, "-r", str(path), "-n", *CHECKED, *options],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return result.stdout


def packets(made: Made, path: Path) -> Path:
    reader = made.reader()
    try:
        assert export(Source(reader), Format.PCAPNG, path) is not None
    finally:
        reader.close()
    return path


def wrong(path: Path) -> str:
    ports = range(PORT, PORT + 4)
    as_data = [word for port in ports for word in ("-d", f"tcp.port=={port},data")]
    return tshark(path, *as_data, "-Y", WRONG)


def followed(path: Path, count: int) -> list[dict[int, bytes]]:
    """Return what tshark joins of so many connections, each way."""
    wanted = [word for n in range(count) for word in ("-z", f"follow,tcp,raw,{n}")]
    streams: list[dict[int, bytes]] = []
    for line in tshark(path, "-q", *wanted).splitlines():
        if line.startswith("Node 1:"):
            streams.append({0: b"", 1: b""})
        elif re.fullmatch(r"\t?[0-9a-f]+", line):
            streams[-1][int(line.startswith("\t"))] += bytes.fromhex(line.strip())
    return streams


CHUNK = st.tuples(
    st.integers(1, 3), st.sampled_from([Kind.IN, Kind.OUT]), st.binary(min_size=1, max_size=40),
    st.sampled_from([1, 1, 1, 100, 4_000]),
)  # fmt: skip
ENDS = st.sampled_from(["fin", "reset", "timed_out", "disconnected", "server_closed", "", None])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    chunks=st.lists(CHUNK, max_size=25),
    hosts=st.permutations(["192.168.1.7", "fe80::1%eth0", "127.0.0.1"]),
    servers=st.sampled_from([[("0.0.0.0", PORT), ("::", PORT)], [("10.0.0.9", PORT)], []]),
    ends=st.tuples(ENDS, ENDS, ENDS),
    half=st.booleans(),
    online=st.booleans(),
)
def test_tshark_finds_nothing_wrong(
    chunks: list[tuple[int, Kind, bytes, int]],
    hosts: list[str],
    servers: list[tuple[str, int]],
    ends: tuple[str | None, ...],
    half: bool,
    online: bool,
) -> None:
    with tempfile.TemporaryDirectory() as folder, Made(Path(folder) / "j.db") as made:
        if servers:
            made.server(*servers)
        for number, host in enumerate(hosts, 1):
            made.client(number, host, PORT + number, note="泵 3")
            if online:
                made.online(number)
        for number, kind, data, times in chunks:
            made.chunk(number, kind, data * times)
        for number, reason in enumerate(ends, 1):
            if half:
                made.journal.append_event(number, Kind.LAST_WORD, stays_s=1)
            if reason is not None:
                made.offline(number, reason)
        path = packets(made, Path(folder) / "out.pcapng")
        assert wrong(path) == ""
        spoke = [c[0] for c in chunks] + [
            n for n in (1, 2, 3) if online or half or ends[n - 1] is not None
        ]
        order = set(spoke)
        sent = [{kind: made.streams.get((n, kind), b"") for kind in (0, 1)} for n in order]
        # tshark gives several in an order of its own.
        key = repr
        assert sorted(followed(path, len(order)), key=key) == sorted(sent, key=key)


def test_bookmarks_are_comments(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        made.server(("10.0.0.9", PORT))
        made.client(1, "192.168.1.7", 5_000)
        made.online(1)
        made.chunk(1, Kind.IN, b"question")
        made.chunk(1, Kind.OUT, b"a" * 5_000)
        made.offline(1)
        for entry_id, comment in ((1, "opened"), (3, "泵坏了"), (4, ""), (5, "the end")):
            made.journal.set_bookmark(Bookmark(entry_id, comment))
        path = packets(made, tmp_path / "out.pcapng")
    assert wrong(path) == ""
    told = tshark(
        path, "-T", "fields", "-e", "tcp.len", "-e", "frame.comment", "-Y", "frame.comment"
    )
    marked = [line for line in told.splitlines() if "⚑" in line]
    assert [line.split("\t")[0] for line in marked] == ["0", "8", "1460", "0"]
    assert "opened" in marked[0]
    assert marked[1] == "8\t⚑ 泵坏了"
    assert marked[2] == "1460\t⚑"
    assert "the end" in marked[3]


def test_a_stream_passes_four_gigabytes(tmp_path: Path) -> None:
    """Its beginning was pruned: the sequence numbers go on from there, and begin anew in time."""
    with Made(tmp_path / "j.db") as made:
        made.client(1, "192.168.1.7", 5_000)
        made.begins = {(1, 0): (1 << 32) - 3_000, (1, 1): (1 << 33) - 1}
        for _ in range(3):
            made.chunk(1, Kind.IN, b"question" * 500)
            made.chunk(1, Kind.OUT, b"answer")
        made.offline(1)
        path = packets(made, tmp_path / "out.pcapng")
    assert wrong(path) == ""
    assert followed(path, 1) == [{0: made.streams[1, 0], 1: made.streams[1, 1]}]


def test_a_large_chunk_stays_within_the_window(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        made.server(("::", PORT))
        made.client(1, "2001:db8::7", 5_000)
        made.chunk(1, Kind.IN, bytes(range(256)) * 4_096)
        made.chunk(1, Kind.OUT, b"ok")
        path = packets(made, tmp_path / "out.pcapng")
    assert wrong(path) == ""
    assert followed(path, 1)[0][0] == made.streams[1, 0]


def test_it_says_what_it_is_and_who_is_who(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        made.client(1, "", 0, note="泵 3")
        made.online(1)
        path = packets(made, tmp_path / "out.pcapng")
    comments = tshark(path, "-T", "fields", "-e", "frame.comment")
    assert "泵 3" in comments
    assert "198.51.100.1" in comments
    assert tr("evidence.pcapng_comment").encode() in path.read_bytes()
    assert tshark(path, "-T", "fields", "-e", "tcp.flags.str").split()[0].strip("·") == "S"


def test_a_client_may_come_back_from_the_same_port(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        made.server(("10.0.0.9", PORT))
        for number in (1, 2):
            made.client(number, "10.0.0.1", 5_000)
            made.online(number)
            made.chunk(number, Kind.IN, b"hello %d" % number)
            made.offline(number)
        path = packets(made, tmp_path / "out.pcapng")
    flagged = tshark(path, "-Y", "tcp.analysis.flags && !tcp.analysis.reused_ports")
    assert flagged == ""
    assert {way[0] for way in followed(path, 2)} == {b"hello 1", b"hello 2"}


def test_udp_and_tls_and_a_way_out_are_what_they_were(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        for server_id, kind in ((1, "udp"), (2, "tls"), (3, "forward")):
            made.journal.add_opening(Opening(server_id, kind, "", "[]", 1))
        for server_id, host in ((1, "10.0.0.1"), (1, "fe80::1"), (2, "10.0.0.1"), (3, "10.0.0.2")):
            number = len(made.streams) // 2 + 1
            local = "fe80::9" if ":" in host else "10.0.0.9"
            role = Role.WAY_OUT if server_id == 3 else Role.CLIENT
            made.client(
                number, host, 5_000 + number, server_id=server_id, local_host=local,
                local_port=PORT + number, role=role,
            )  # fmt: skip
            made.online(number)
            made.chunk(number, Kind.IN, b"question %d" % number)
            made.chunk(number, Kind.OUT, b"answer\0" * 3)
            made.offline(number)
        path = packets(made, tmp_path / "out.pcapng")
    assert wrong(path) == ""
    letters = tshark(path, "-Y", "udp", "-T", "fields", "-e", "udp.payload").split()
    assert [bytes.fromhex(text) for text in letters[::2]] == [b"question 1", b"question 2"]
    openers = tshark(path, "-Y", "tcp.flags == 2", "-T", "fields", "-e", "ip.src").split()
    assert openers == ["10.0.0.1", "10.0.0.9"]
    comments = tshark(path, "-Y", "tcp", "-T", "fields", "-e", "frame.comment")
    assert tr("evidence.pcapng_plain") in comments
