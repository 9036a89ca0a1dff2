"""What each format says of the same entries, and that nothing a client sent has an effect."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.evidence.form import Format, format_of
from app.evidence.formats import export, preview
from app.evidence.jsonl import json_pieces
from app.evidence.lines import text_pieces
from app.evidence.page import html_pieces
from app.evidence.raw import RawPiece
from app.evidence.selection import Selection
from app.evidence.source import Source, total_of
from app.evidence.table import entry_pieces, inert
from app.evidence.whole import whole_file, whole_folder
from app.journal.entry import Bookmark, Kind, Opening, Role
from app.journal.errors import JournalUnreadable
from app.journal.reader import Reader
from app.wording import tr
from tests.evidence.journals import Made

SELECTING = [form for form in Format if not form.is_whole]
EVIL = "<script>alert(1)</script>\u202e=1+1"


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with Made(tmp_path / "journal.db") as made:
        made.server(("0.0.0.0", 8080))
        made.client(1, "192.168.1.7", 64570, "gbk", note="<b>泵</b>")
        made.client(2, "fe80::1", 9)
        made.online(1)
        made.chunk(1, Kind.IN, "你".encode("gbk") + b"\xba")
        made.chunk(1, Kind.IN, b"\xc3\r\n\x00\xff")
        made.chunk(2, Kind.OUT, "a\\\u202eb".encode(), "utf-8")
        made.chunk(3, Kind.IN, b"x" * 5_000)
        made.chunk(2, Kind.OUT, EVIL.encode(), "utf-8")
        made.offline(1)
        found = made.reader()
    yield found
    found.close()


def pieces(reader: Reader, form: Format) -> str:
    return preview(Source(reader), form, 1_000_000).decode()


def test_text_has_one_harmless_line_for_each_entry(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    assert export(Source(reader), Format.TXT, path) == (8, ())
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} "
    lines = [re.sub(f"^{stamp}", "", line) for line in path.read_text("utf-8").splitlines()]
    assert lines[1] == f"· #1 192.168.1.7:64570 {tr('events.online')}"
    assert lines[2:-1] == [
        "← #1 192.168.1.7:64570 3 B 你",
        r"← #1 192.168.1.7:64570 5 B 好\r\n\0\xFF",
        r"→ #2 [fe80::1]:9 6 B a\\\u202Eb",
        "← #3 5000 B " + "x" * 5_000,
        r"→ #2 [fe80::1]:9 32 B <script>alert(1)</script>\u202E=1+1",
    ]


def test_json_lines_give_back_every_byte(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    export(Source(reader), Format.JSONL, path)
    text = path.read_text("utf-8")
    objects = [json.loads(line) for line in text.splitlines()]
    entries = reader.entries(1, 100)
    assert [found["id"] for found in objects] == [entry.id for entry in entries]
    for found, entry in zip(objects, entries, strict=True):
        assert found["time"].endswith(f"{entry.time_ns % 10**9:09}Z")
        if entry.kind <= Kind.OUT:
            assert bytes.fromhex(found["hex"]) == entry.data
            assert found["size"] == len(entry.data)
            assert found["offset"] == entry.offset
        else:
            assert found["detail"] == entry.detail
    assert objects[2]["text"] == "你"
    assert objects[3]["text"] == "好\r\n\0\\xFF"
    assert objects[2]["encoding"] == "gbk"
    assert objects[4]["kind"] == "out"
    assert (objects[5]["client"], objects[5]["address"]) == (3, "")
    assert all(character.isprintable() for character in text.replace("\n", ""))


def test_a_spreadsheet_shows_what_was_sent(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    export(Source(reader), Format.CSV, path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["kind"] for row in rows][:4] == ["server_opened", "online", "in", "in"]
    assert rows[2]["text"] == "你"
    assert rows[3]["hex"] == "C3 0D 0A 00 FF"
    assert rows[6]["text"] == r"<script>alert(1)</script>\u202E=1+1"
    assert all("\n" not in cell for row in rows for cell in row.values())


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "＝1", "0", "007", "123456789012345678", "1e5",
     "1E 10", "1-2", "3/4", "12:30", "2026-01-01", "1月2日", "下午3:00", "MAR1", "1 Jan",
     "true", "50%", "￥5"],
)  # fmt: skip
def test_no_cell_becomes_something_else(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "你好", "temp 23.5", "market", "GET / HTTP/1.1", "$GPGGA,1"])
def test_a_cell_that_is_text_anyway_stays(text: str) -> None:
    assert inert(text) == text


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_report_shows_and_runs_nothing(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    export(Source(reader), Format.HTML, path)
    page = path.read_text("utf-8")
    tags = _Tags()
    tags.feed(page)
    assert not tags.tags & {"script", "b", "img", "link", "iframe"}
    assert "<script>alert(1)</script>\\u202E=1+1" in tags.words
    assert "<b>泵</b>" in tags.words
    assert "prefers-color-scheme:dark" in page
    assert "\u202e" not in page


def test_raw_bytes_are_a_file_for_each_client_and_direction(reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    export(Source(reader), Format.RAW, folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "client-1-192.168.1.7_64570-in.bin",
        "client-2-fe80_1_9-out.bin",
        "client-3-in.bin",
        "index.csv",
    ]
    assert (folder / "client-1-192.168.1.7_64570-in.bin").read_bytes() == (
        "你好".encode("gbk") + b"\r\n\x00\xff"
    )
    listed = (folder / "index.csv").read_text("utf-8-sig")
    index = list(csv.DictReader(io.StringIO(listed)))
    assert [index[0][name] for name in ("client", "size", "missing")] == ["1", "8", "0"]


def test_more_streams_than_files_may_be_open(tmp_path: Path) -> None:
    from app.evidence.raw import Appender

    with Appender(tmp_path) as files:
        for turn in range(3):
            for number in range(200):
                files.write(RawPiece(f"{number}.bin", bytes([turn])))
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"\0\1\2"}


def test_a_selection_lets_only_its_own_pass(reader: Reader, tmp_path: Path) -> None:
    def ids(selection: Selection) -> list[int]:
        return [entry.id for batch in Source(reader, selection).batches() for entry in batch]

    assert ids(Selection()) == list(range(1, 9))
    assert ids(Selection(ranges=[(2, 3), (7, 7)])) == [2, 3, 7]
    assert ids(Selection(clients=frozenset({2}))) == [5, 7]
    assert ids(Selection(kinds=frozenset({int(Kind.IN)}))) == [3, 4, 6]
    moments = [entry.time_ns for entry in reader.entries(1, 8)]
    timed = ids(Selection(since_ns=moments[3], until_ns=moments[6]))
    assert timed == [n for n in range(1, 9) if moments[3] <= moments[n - 1] < moments[6]]


@pytest.mark.parametrize("form", SELECTING)
def test_the_preview_is_how_the_file_begins(reader: Reader, tmp_path: Path, form: Format) -> None:
    begun = preview(Source(reader), form, 1_000)
    if form.is_folder:
        assert b"client-3-in.bin" in begun
    else:
        export(Source(reader), form, tmp_path / "out")
        assert (tmp_path / "out").read_bytes()[: len(begun)] == begun
        assert begun


@pytest.mark.parametrize("form", SELECTING)
def test_cancelled_it_leaves_nothing(reader: Reader, tmp_path: Path, form: Format) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    if not form.is_folder:
        (folder / "out").write_text("before")
    before = sorted(folder.iterdir())
    assert export(Source(reader, cancelled=lambda: True), form, folder / "out") is None
    assert sorted(folder.iterdir()) == before
    assert not before or before[0].read_text() == "before"


def test_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(FileExistsError), whole_folder(tmp_path):
        pass
    assert (tmp_path / "mine").read_text() == "mine"


def test_two_may_write_to_one_file_at_once(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with whole_file(target) as first:
        first.write(b"first")
        with whole_file(target) as second:
            second.write(b"second, and longer")
        assert target.read_bytes() == b"second, and longer"
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


def test_of_two_folders_written_to_one_path_the_first_stays(tmp_path: Path) -> None:
    target = tmp_path / "out"

    def put(text: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        with whole_folder(target) as folder:
            (folder / "a").write_text(text)
            meanwhile()

    with pytest.raises(OSError, match="not empty"):
        put("later", lambda: put("first"))
    assert (target / "a").read_text() == "first"
    assert list(tmp_path.iterdir()) == [target]


def test_bookmarks_go_along(tmp_path: Path) -> None:
    with Made(tmp_path / "journal.db") as made:
        made.online(1)
        for text in (b"one", b"two", b"three"):
            made.chunk(1, Kind.IN, text)
        for entry_id, comment in ((1, "=1+1"), (2, ""), (4, "泵坏了<b>\u202e\n")):
            made.journal.set_bookmark(Bookmark(entry_id, comment))
        reader = made.reader()
    with closing(reader):
        lines = pieces(reader, Format.TXT).splitlines()
        assert [line.partition("⚑")[2] for line in lines] == [
            " =1+1", "", "", r" 泵坏了<b>\u202E\n"
        ]  # fmt: skip
        assert [line.endswith("⚑") for line in lines] == [False, True, False, False]
        rows = list(csv.DictReader(io.StringIO(pieces(reader, Format.CSV).removeprefix("\ufeff"))))
        assert [row["bookmark"] for row in rows] == ["1", "1", "", "1"]
        assert [row["comment"] for row in rows] == ["'=1+1", "", "", r"泵坏了<b>\u202E\n"]
        objects = list(map(json.loads, pieces(reader, Format.JSONL).splitlines()))
        assert [each.get("bookmark") for each in objects] == ["=1+1", "", None, "泵坏了<b>\u202e\n"]
        page = pieces(reader, Format.HTML)
        assert page.count("<p class=m>⚑") == 3
        assert r"⚑ 泵坏了&lt;b&gt;\u202E\n</p>" in page


def test_what_a_killed_export_left_blocks_nothing_and_goes_after_a_day(tmp_path: Path) -> None:
    yesterday = time.time() - 90_000
    old, new = tmp_path / "out.00000000.part", tmp_path / "out.11111111.part"
    other = tmp_path / "other.00000000.part"
    for left in (old, new, other):
        left.mkdir()
        (left / "client-1-in.bin").write_bytes(b"half")
    stray = tmp_path / "out.22222222.part"
    stray.write_bytes(b"half")
    for left in (old, other, stray):
        os.utime(left, (yesterday, yesterday))
    with whole_folder(tmp_path / "out") as folder:
        (folder / "a").write_bytes(b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "other.00000000.part",
        "out",
        new.name,
    ]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    with whole_file(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_suffix_names_its_format() -> None:
    assert format_of(Path("a.PCAPNG")) is Format.PCAPNG
    assert format_of(Path("a.htm")) is Format.HTML
    assert format_of(Path("a.xlsx")) is None
    assert format_of(Path("a")) is None


@pytest.mark.parametrize("form", SELECTING)
def test_every_page_that_is_damaged_costs_only_its_own_entries(
    tmp_path: Path, form: Format
) -> None:
    with Made(tmp_path / "j.db") as made:
        made.client(1, "10.0.0.1", 5)
        for number in range(300):
            made.chunk(1, Kind.IN, b"%06d" % number + "半".encode()[:2] + b"x" * 250)
    whole = made.path.read_bytes()
    seen = 0
    for page in range(1, len(whole) // 16_384):
        path = tmp_path / f"{page}.db"
        begin = page * 16_384
        path.write_bytes(whole[:begin] + b"\xff" * 16_384 + whole[begin + 16_384 :])
        try:
            damaged = Reader(path)
        except JournalUnreadable:
            continue
        seen += 1
        try:
            done = export(Source(damaged), form, tmp_path / f"{page}.out")
        finally:
            damaged.close()
        assert done is not None
        assert done.entries + total_of(done.gaps) == 300
        assert total_of(done.gaps) < 70
    assert seen > 5


def test_each_entry_tells_its_server_where_there_are_several(tmp_path: Path) -> None:
    with Made(tmp_path / "several.db") as made:
        for number, kind, port in ((1, "tcp", 8080), (2, "forward", 7000)):
            made.journal.add_opening(Opening(number, kind, "泵", f'[["0.0.0.0",{port}]]', 1))
            made.journal.append_event(0, Kind.SERVER_OPENED, server_id=number)
        made.client(1, "10.0.0.1", 1111, server_id=1, local_host="10.0.0.9", local_port=8080)
        made.client(2, "10.0.0.2", 2222, server_id=2, local_host="10.0.0.9", local_port=7000)
        way_out = {"role": Role.WAY_OUT, "peer_id": 2, "local_port": 40_000}
        made.client(3, "10.0.0.5", 502, server_id=2, **way_out)
        for number in (1, 2, 3):
            made.chunk(number, Kind.IN, b"hi")
        with closing(made.reader()) as reader:
            places = ["tcp:8080", "forward:7000", "tcp:8080", "forward:7000", "forward:7000"]
            lines = b"".join(json_pieces(Source(reader))).decode().splitlines()
            assert [json.loads(line)["server"] for line in lines] == places
            told = [place.replace(":", " ").upper() for place in places]
            text = b"".join(entry_pieces(Source(reader))).decode("utf-8-sig")
            labels = [row["server"] for row in csv.DictReader(io.StringIO(text))]
            assert [label.upper().replace("转发", "FORWARD") for label in labels] == told
            said = b"".join(text_pieces(Source(reader))).decode().splitlines()
            assert all(label in line for label, line in zip(labels, said, strict=True))
            page = b"".join(html_pieces(Source(reader))).decode()
            assert "10.0.0.1:1111 TCP 8080" in page


def test_one_server_alone_is_not_worth_telling_in_a_line(tmp_path: Path) -> None:
    with Made(tmp_path / "one.db") as made:
        made.journal.add_opening(Opening(1, "tcp", "", '[["0.0.0.0",8080]]', 1))
        made.client(1, "10.0.0.1", 1111, local_host="10.0.0.9", local_port=8080)
        made.client(2, "10.0.0.2", 2222)  # as an earlier version noted it
        for number in (1, 2):
            made.chunk(number, Kind.IN, b"hi")
        with closing(made.reader()) as reader:
            assert b"TCP" not in b"".join(text_pieces(Source(reader)))
            lines = b"".join(json_pieces(Source(reader))).decode().splitlines()
            assert [json.loads(line)["server"] for line in lines] == ["tcp:8080", ""]
