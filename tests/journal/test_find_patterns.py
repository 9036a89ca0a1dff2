"""What is looked for: bytes with gaps, letters in either case."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal.entry import ClientRecord, Kind
from app.journal.find import Match, find
from app.journal.needle import Needle
from app.journal.pattern import ignoring_case
from app.text.hexa import HexFault
from tests.journal.conftest import Opened, Reading
from tests.journal.finding import fill, search


def test_bytes_are_found_as_they_are(opened: Opened, reading: Reading) -> None:
    journal = opened()
    fill(journal, [(1, b"\x00\x01\xff"), (2, b"\xfe"), (1, b"\xfe\x00"), (2, b"\xff\xfe")])
    reader = reading(journal)
    assert search(reader, Needle.of_hex("FF FE")) == Match(1, 2, 2, 3)
    assert search(reader, Needle.of_hex("0xFFFE"), 2) == Match(4, 0, 2, 4)
    assert search(reader, Needle.of_hex("ABCD")) is None
    for bad in ("", "  "):
        with pytest.raises(ValueError, match="nothing"):
            Needle.of_hex(bad)
    with pytest.raises(HexFault):
        Needle.of_hex("xyz")


CASES = [
    ("gbk", "Ｓｔop ПРИВЕТ"),
    ("utf-8", "ÉCole Ωß"),
    ("utf-16-le", "Stop И你"),
    ("big5", "你Ab"),
]


@pytest.mark.parametrize(("encoding", "text"), CASES)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_letters_are_found_in_either_case_in_every_encoding_and_across_chunks(
    opened: Opened, reading: Reading, encoding: str, text: str, size: int
) -> None:
    data = f"前{text}后".encode(encoding)
    journal = opened()
    journal.add_client(ClientRecord(1, "::1", 1, encoding, 1))
    for at in range(0, len(data), size):
        journal.append(1, Kind.IN, data[at : at + size], at)
    reader = reading(journal)
    start = len("前".encode(encoding))

    def at(wanted: str, ignores_case: bool) -> Match | None:
        needle = Needle.of_text(wanted, ignores_case=ignores_case)
        options: dict[str, Any] = {"encoding_of": lambda _: encoding, "encodings": [encoding]}
        forward = find(reader, needle, 1, **options)
        assert find(reader, needle, reader.last_id, forward=False, **options) == forward
        return forward

    for wanted in {text, text.swapcase() if "ß" not in text else text.lower(), text.lower()}:
        match = at(wanted, True)
        assert match is not None
        assert (match.entry_id, match.start_bytes) == (start // size + 1, start % size)
        assert match.length_bytes == len(text.encode(encoding))
        assert (at(wanted, False) is None) == (wanted != text)
    assert at(text + "x", True) is None


def test_bytes_of_a_character_are_no_letters_in_another_case(
    opened: Opened, reading: Reading
) -> None:
    """In GBK the second byte of a character may be a letter's; of Я and Џ bytes are exchanged."""
    journal = opened()
    fill(journal, [(1, "\u4e02\u4e12".encode("gbk")), (2, "Џ".encode())])
    reader = reading(journal)
    assert b"A" in "\u4e04".encode("gbk")  # 8141
    for wanted in ("a", "\u4e04", "я"):
        assert search(reader, Needle.of_text(wanted, ignores_case=True)) is None
    assert ignoring_case("я", "utf-8").length == 2


def test_question_marks_stand_for_any_byte(opened: Opened, reading: Reading) -> None:
    journal = opened()
    fill(journal, [(1, b"\x7e\x01"), (2, b"\x7e\x01\x02"), (1, b"\x02"), (1, b"\x7e\n\n")])
    reader = reading(journal)
    for written in ("7E ?? 02", "0x7e, 0x??, 0x02", "7e??02", "7e:??:02", "7E？？02"):
        assert search(reader, Needle.of_hex(written)) == Match(1, 0, 3, 3)
        assert search(reader, Needle.of_hex(written), 2) == Match(2, 0, 3, 2)
        assert search(reader, Needle.of_hex(written), 4, forward=False) == Match(2, 0, 3, 2)
    assert search(reader, Needle.of_hex("?? 02 ?? 0A")) == Match(1, 1, 4, 4)
    assert search(reader, Needle.of_hex("0A ??")) == Match(4, 1, 2, 4)
    assert search(reader, Needle.of_hex("02 ?? ?? ?? ??")) is None
    with pytest.raises(ValueError, match="nothing"):
        Needle.of_hex("?? ??")
    for wrong, at in (("7E ?", 3), ("7E ??? 01", 5), ("4? 01", 1), ("?? 1", 3)):
        with pytest.raises(HexFault) as caught:
            Needle.of_hex(wrong)
        assert caught.value.position == at


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["00", "01", "??"]), min_size=1, max_size=6),
    st.lists(st.sampled_from([b"\0", b"\1"]), max_size=20).map(b"".join),
)
def test_a_pattern_is_where_each_byte_agrees(words: list[str], data: bytes) -> None:
    if set(words) == {"??"}:
        words.append("00")
    (pattern,) = Needle.of_hex(" ".join(words)).patterns([])

    def agrees(part: bytes) -> bool:
        return all(w in ("??", f"{byte:02}") for w, byte in zip(words, part, strict=False))

    length = len(words)
    starts = range(len(data) - length + 1)
    assert list(pattern.places(data)) == [at for at in starts if agrees(data[at : at + length])]
    most = min(len(data), length - 1)
    assert pattern.tails(data) == [n for n in range(1, most + 1) if agrees(data[len(data) - n :])]
