"""Everything that reads bytes or files which are not ours, as a function of bytes.

Each raises what it documents for bad input and swallows that here; anything else is a fault.
"""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray

from app.cli.options import read_arguments
from app.cli.typed import read_typed
from app.frames.cutting import Cutter
from app.frames.framing import FramingFault
from app.frames.kits import Kit, load_kit
from app.frames.reading import Short
from app.frames.written import read_framing
from app.journal.entry import Entry, Kind
from app.journal.errors import JournalError
from app.journal.find import find
from app.journal.journal import Journal
from app.journal.needle import Needle
from app.journal.reader import Reader
from app.networks import BadAddress, read_networks
from app.reply.book import RuleBook, built_in_kit
from app.reply.rules import RuleFault, read_rules, write_rules
from app.settings import Settings
from app.settings_file import load_settings, store_settings
from app.teaching.exercises.checks import BadChecks, read_checks
from app.teaching.exercises.results import Results
from app.teaching.lessons.links import parse_link
from app.teaching.lessons.reading import read_lesson
from app.text.compose import ComposeFault, ComposeOptions, LineEnding, compose
from app.text.decoder import StreamDecoder, decode
from app.text.encodings import ENCODINGS
from app.text.escapes import EscapeFault, parse_pieces
from app.text.guess import suggest_encoding
from app.text.hexa import HexFault, hex_dump, parse_hex
from app.text.visible import escaped
from app.ui.composer.history import Draft
from app.ui.prepared.command import Command, write_commands
from app.ui.prepared.files import export_to, import_from, to_csv
from app.ui.state import unpack
from app.wording import LANGUAGES, set_language
from app.wording.events import event_sentence

ROOT = Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "resources"
VECTORS = json.loads((ROOT / "tests/frames/vectors.json").read_text("utf-8"))


@dataclass(frozen=True)
class Target:
    """One reader: inputs that are good, and what is done with any."""

    name: str
    seeds: Sequence[bytes]
    run: Callable[[bytes, Path], object]  # the second: a folder for files, empty


def _texts(*texts: str) -> list[bytes]:
    return [text.encode() for text in texts]


# -- text ----------------------------------------------------------------------------------------


def decoders(data: bytes, _: Path) -> None:
    """A stream cut anywhere is read as one that came whole, in every encoding."""
    cut = len(data) // 3
    for encoding in ENCODINGS:
        whole = StreamDecoder(encoding.name)
        parts = StreamDecoder(encoding.name)
        text = whole.feed(data, final=True)
        joined = parts.feed(data[:cut]) + parts.feed(data[cut:], final=True)
        assert joined == text, encoding.name
        decode(data, encoding.name)
    escaped(data.decode("utf-8", "replace"))
    suggest_encoding(data, "gbk")
    hex_dump(data[:4096])


def typed_hex(data: bytes, _: Path) -> None:
    """What is typed as hex, as lists and source code write it."""
    with contextlib.suppress(HexFault):
        parse_hex(data.decode("utf-8", "replace"))


def typed_text(data: bytes, _: Path) -> None:
    """What is typed as text with escapes, in every encoding."""
    text = data.decode("utf-8", "replace")
    with contextlib.suppress(EscapeFault):
        parse_pieces(text)
    for encoding in ENCODINGS:
        with contextlib.suppress(ComposeFault):
            compose(text, ComposeOptions(encoding.name, "text", True, LineEnding("crlf")))


# -- frames --------------------------------------------------------------------------------------


def framing_spec(data: bytes, _: Path) -> None:
    """A written framing; what can be read cuts anything."""
    text = data.decode("utf-8", "replace")
    with contextlib.suppress(FramingFault):
        cutter = Cutter(read_framing(text))
        cutter.feed(data)
        cutter.finish()


def framings(data: bytes, _: Path) -> None:
    """Every kind of framing cuts a stream into all of its bytes, however it came."""
    for spec in SPECS:
        framing = read_framing(spec)
        whole, parts = Cutter(framing), Cutter(framing)
        at_once = [*whole.feed(data), *whole.finish()]
        cut = len(data) // 2
        in_two = [*parts.feed(data[:cut]), *parts.feed(data[cut:]), *parts.finish()]
        assert b"".join(piece.data for piece in at_once) == data, spec
        if spec != "none":
            assert at_once == in_two, spec


SPECS = (
    "none", "delimiter:0D0A", "delimiter:0D0A|0A", "delimiter:2C,escape=5C", "head:7E,tail:7E",
    "head:AA55,tail:0D", "fixed:7", "length:offset=4,size=2", "length:offset=1,size=1,adjust=-1",
    "length:offset=0,size=4,decimal",
)  # fmt: skip


def kit_target(kit: Kit) -> Target:
    """One protocol kit: it splits, decodes and checks whatever comes."""

    def run(data: bytes, _: Path) -> None:
        taken = kit.split(data)
        assert abs(taken) <= len(data)
        if kit.rule is not None:  # itself: `Kit` hides what it raises
            kit.rule(data)
        if kit.decoder is not None:
            with contextlib.suppress(Short):
                kit.decoder(data)
        fields = kit.decode(data)
        for found in fields:
            assert 0 <= found.start <= found.end <= len(data), found
        kit.summary(fields)
        if kit.summarizer is not None:
            kit.summarizer(fields)
        if kit.checker is not None:
            kit.checker(data)

    seeds = [bytes.fromhex(v["hex"]) for v in VECTORS if v["kit"] == kit.id]
    return Target(f"kit-{kit.id}", seeds or [frame for frame, _ in kit.examples], run)


# -- files ---------------------------------------------------------------------------------------


def journal_seed(folder: Path) -> bytes:
    """Return a journal's bytes: clients, chunks in both directions, events."""
    path = folder / "seed.db"
    with contextlib.closing(Journal(path)) as journal:
        for number in range(1, 4):
            for turn in range(40):
                journal.append(number, Kind.IN, b"question %d " % turn + bytes(turn), turn * 7)
                journal.append(number, Kind.OUT, "交易正在处理".encode("gbk"), turn * 12)
            journal.append_event(number, Kind.OFFLINE, reason="fin", unsent_bytes=0, error="")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    data = path.read_bytes()
    path.unlink()
    return data


def old_journal(data: bytes, folder: Path) -> None:
    """A damaged journal is read as far as it goes, or refused."""
    path = folder / "journal.db"
    path.write_bytes(data)
    try:
        with contextlib.closing(Reader(path)) as reader:
            reader.entries(reader.first_id, 500)
            reader.clients()
            reader.totals()
            reader.encodings()
            find(
                reader,
                Needle.of_text("question 39"),
                reader.first_id,
                encoding_of=lambda _id: "gbk",
                encodings=["gbk"],
            )
    except JournalError:
        pass


def event_words(data: bytes, _: Path) -> None:
    """The sentence of an event whose detail is anything, in both languages."""
    for language in LANGUAGES:
        set_language(language)
        for kind in Kind:
            event_sentence(Entry(1, 0, 0, 1, kind, 0, data))


def results(data: bytes, folder: Path) -> None:
    """Which checks have passed."""
    path = folder / "exercises.json"
    path.write_bytes(data)
    kept = Results(path)
    kept.add("one", [("check", True)])
    assert Results(path).rows() == kept.rows()


def window_state(data: bytes, _: Path) -> None:
    """What the window remembers of its looks."""
    unpack(data.decode("utf-8", "replace"), {"columns": _Anything(), "splitter": _Anything()})


class _Anything:
    """A part that takes whatever was saved."""

    def save(self) -> QByteArray:
        return QByteArray()

    def restore(self, saved: QByteArray) -> None:
        bytes(saved.data())


def settings(data: bytes, folder: Path) -> None:
    """A settings file: what is usable is used, and what is stored then is read again."""
    path = folder / "settings.json"
    path.write_bytes(data)
    loaded = load_settings(path)
    store_settings(path, loaded.settings)
    again = load_settings(path)
    assert again.settings == loaded.settings
    assert not again.problems


def lesson(data: bytes, folder: Path) -> None:
    """A teacher's lesson."""
    path = folder / "25-own.md"
    path.write_bytes(data)
    read_lesson(path)
    parse_link(data[:200].decode("utf-8", "replace"))


def exercise_checks(data: bytes, _: Path) -> None:
    """A teacher's checks of an exercise."""
    with contextlib.suppress(BadChecks):
        read_checks(data.decode("utf-8", "replace"))


def commands(data: bytes, folder: Path) -> None:
    """Prepared commands, as JSON and as a table: what can be read is written and read again."""
    for name, ending in (("own.json", ".json"), ("table.csv", ".csv")):
        path = folder / name
        path.write_bytes(data)
        found, complaint = import_from(path)
        assert not (found and complaint)
        again = folder / f"again{ending}"
        if not complaint and not export_to(again, found):
            assert all(a.name == b.name for a, b in zip(import_from(again)[0], found, strict=True))


def rules(data: bytes, _: Path) -> None:
    """A file of rules; what can be read answers or says why not."""
    with contextlib.suppress(RuleFault):
        found = read_rules(data.decode("utf-8", "replace"))
        assert read_rules(write_rules(found)) == found
        RuleBook(found, built_in_kit, strict=False)


def history_line(data: bytes, _: Path) -> None:
    """A line of the composer's history file."""
    with contextlib.suppress(ValueError):
        Draft.from_line(data.decode("utf-8", "replace"))


def command_line(data: bytes, _: Path) -> None:
    """Options of the program: read, or one sentence and the code 2."""
    words = data.decode("utf-8", "replace").split("\n")
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        code: object = 0
        try:
            read_arguments(words)
        except SystemExit as end:
            code = end.code
        assert code in (0, 2)


def console_line(data: bytes, _: Path) -> None:
    """A line typed into the console."""
    read_typed(data.decode("utf-8", "replace"))


def networks(data: bytes, _: Path) -> None:
    """Who may connect."""
    with contextlib.suppress(BadAddress):
        read_networks(data.decode("utf-8", "replace"))


def stored(folder: Path) -> bytes:
    """Return a settings file's bytes."""
    path = folder / "seed.json"
    store_settings(path, Settings())
    return path.read_bytes()


def commands_seeds() -> list[bytes]:
    """Return prepared commands in both kinds of files."""
    made = (
        Command("a", Draft("01 03", ComposeOptions("", mode="hex")), "3", "meter", "=x"),
        Command("b", Draft("hi\\n", ComposeOptions("gbk", "text", True, LineEnding("crlf")))),
    )
    return [write_commands(made).encode(), b"".join(to_csv(made))]


RULES = """{"framing": "fixed:8", "pick": "all", "rules": [
 {"name": "a", "when": "frame", "match": "hex", "pattern": "01 03 ??", "answers": ["01"],
  "mode": "hex", "checksum": "crc16-modbus L"},
 {"name": "b", "match": "regex", "pattern": "(\\\\d+)", "answers": ["{1}{count}"]}]}"""
RESULT = '[{"exercise":"a","check":"b","passed":true,"when":"x"}]'
DETAILS = (
    '{"reason":"fin","unsent_bytes":3,"error":"x"}',
    '{"host":"::1","port":5,"limit":2,"why":"too_fast","count":9}',
    '{"endpoints":[["0.0.0.0",8080],["::",8080]],"server_id":2}',
    '{"error":"no","line":3,"goes_on":true,"stuck":1,"size":12,"first":1,"last":9}',
)


def all_targets(folder: Path) -> list[Target]:
    """Return every target; `folder` for files that seeds are made from."""
    streams = [bytes.fromhex(vector["hex"]) for vector in VECTORS]
    gbk = ["交易正在处理，谢谢€".encode(e.name, "replace") for e in ENCODINGS]
    lessons = [path.read_bytes() for path in sorted((RESOURCES / "lessons/en").glob("*.md"))[:3]]
    checks = [path.read_bytes() for path in sorted((RESOURCES / "exercises").rglob("checks*"))]
    kits = {path.stem: load_kit(path) for path in (RESOURCES / "kits").glob("*.py")}
    return [
        Target("decoders", [*gbk, b"plain", b"\x81\x30\x81\x30"], decoders),
        Target(
            "hex", _texts("01 02 ff", "0x01,0x02", "{0x01, 02h}", r"\x01\x02", "01:03"), typed_hex
        ),
        Target("text", _texts(r"a\r\n\x41\\", "交易€\U0001f600", r"\0\t"), typed_text),
        Target("framing-spec", _texts(*SPECS, "gap:20", "kit:jt808"), framing_spec),
        Target("framings", [*streams, b"a,b\\,c\r\nd", b"0005hello"], framings),
        *(kit_target(kit) for kit in kits.values()),
        Target("journal", [journal_seed(folder)], old_journal),
        Target("settings", [stored(folder)], settings),
        Target("event-words", _texts(*DETAILS), event_words),
        Target("results", _texts(RESULT), results),
        Target("window-state", _texts('{"columns":"YWJj","splitter":"AAAA"}'), window_state),
        Target("lesson", lessons, lesson),
        Target("exercise-checks", checks, exercise_checks),
        Target("history", [Draft("hi", ComposeOptions("gbk")).to_line().encode()], history_line),
        Target("commands", commands_seeds(), commands),
        Target("rules", [RULES.encode()], rules),
        Target("command-line", _texts("--port\n80", "--listen", "--reply-hex\n0102"), command_line),
        Target("console-line", _texts("@3 text", "hello", "@all"), console_line),
        Target("networks", _texts("10.0.0.0/8, ::1", "fe80::1%eth0"), networks),
    ]
