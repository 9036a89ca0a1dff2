"""The byte stream's layout: every byte once, and the characters of the stream decoder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journal.entry import ClientRecord, Entry, Kind
from app.journal.journal import Journal
from app.models.stream_band import Band, Character, Waiting, make_band, spell
from app.models.stream_source import StreamSource
from app.text.decoder import StreamDecoder, decode
from app.text.encodings import find_encoding
from tests.text.strategies import cut, encoding_names, raw_bytes, texts_in

widths = st.lists(st.integers(1, 7), min_size=1, max_size=4)


def entries(pieces: list[bytes], encodings: list[str] | None = None) -> list[Entry]:
    found, offset = [], 0
    for number, data in enumerate(pieces):
        encoding = encodings[number] if encodings else ""
        kind = Kind.OUT if encodings else Kind.IN
        found.append(Entry(number + 1, 0, 0, 1, kind, offset, data, encoding))
        offset += len(data)
    return found


def band_of(
    chunks: list[Entry], encoding: str, begin: int, end: int, *, ends: bool = False
) -> Band:
    """Lay out, with decoders that ran from the beginning of the stream."""

    def decoder_at(chunk: Entry) -> StreamDecoder:
        decoder = StreamDecoder(chunk.encoding or encoding)
        for earlier in chunks:
            if earlier.id < chunk.id and earlier.encoding == chunk.encoding:
                decoder.feed(earlier.data)
        return decoder

    return make_band(
        chunks, begin, end, decoder_at=decoder_at, stray_between=lambda *_: 0,
        encoding_of=lambda chunk: chunk.encoding or encoding, ends=lambda: ends,
    )  # fmt: skip


def joined(characters: tuple[Character, ...]) -> str:
    return "".join(c.text for c in characters)


def covered(characters: tuple[Character, ...], waiting: Waiting | None) -> list[int]:
    spans = [range(c.offset, c.end) for c in characters]
    if waiting:
        spans.append(range(waiting.offset, waiting.offset + waiting.size))
    return [at for span in spans for at in span]


@given(encoding=encoding_names, data=raw_bytes, widths=widths, ends=st.booleans())
def test_every_byte_once_in_order_and_the_decoders_characters(
    encoding: str, data: bytes, widths: list[int], ends: bool
) -> None:
    chunks = entries(cut(data, widths))
    band = band_of(chunks, encoding, 0, len(data), ends=ends)
    assert band.data() == data
    assert covered(band.characters, band.waiting) == list(range(len(data)))
    decoder = StreamDecoder(encoding)
    assert joined(band.characters) == decoder.feed(data, final=ends)
    assert (band.waiting.missing if band.waiting else 0) == decoder.missing
    for character in band.characters:
        own = data[character.offset : character.end]
        assert decode(own, encoding) == character.text
        assert character.is_bad == (character.text == chr(0xDC00 + own[0]) and len(own) == 1)


@given(encoding=encoding_names, data=raw_bytes, widths=widths)
def test_decoded_alone_every_byte_stands_once_too(
    encoding: str, data: bytes, widths: list[int]
) -> None:
    pieces = cut(data, widths)
    band = band_of(entries(pieces), encoding, 0, len(data))
    assert covered(band.alone, None) == list(range(len(data)))
    assert joined(band.alone) == "".join(decode(piece, encoding) for piece in pieces)


@given(encoding=encoding_names, data=st.data(), widths=widths)
def test_a_window_shows_what_the_whole_shows_there(
    encoding: str, data: st.DataObject, widths: list[int]
) -> None:
    text = data.draw(texts_in(encoding))
    stream = text.encode(find_encoding(encoding).codec)
    chunks = entries(cut(stream, widths))
    begin = data.draw(st.integers(0, len(stream)))
    end = data.draw(st.integers(begin, len(stream)))
    whole, part = band_of(chunks, encoding, 0, len(stream)), band_of(chunks, encoding, begin, end)
    assert part.data() == stream[begin:end]
    for name in ("characters", "alone"):
        expected = [c for c in getattr(whole, name) if c.offset < end and c.end > begin]
        assert list(getattr(part, name)) == expected
    assert joined(whole.characters) == text


def test_a_character_that_a_boundary_goes_through_is_cut_and_yet_whole() -> None:
    data = "你好a".encode("gbk")
    band = band_of(entries([data[:3], data[3:]]), "gbk", 0, 5)
    assert [(c.text, band.is_cut(c)) for c in band.characters] == [
        ("你", False), ("好", True), ("a", False),
    ]  # fmt: skip
    assert [c.is_bad for c in band.alone] == [False, True, False]
    assert joined(band.alone) == "你\udcba胊"  # C3 61 is a character, and a wrong one
    assert band.character_at(3) == Character("好", 2, 2)


def test_half_a_character_waits_until_the_end() -> None:
    chunks = entries([b"a\xc4"])
    assert band_of(chunks, "gbk", 0, 2).waiting == Waiting(1, 1, 1)
    band = band_of(chunks, "gbk", 0, 2, ends=True)
    assert band.waiting is None
    assert band.characters[-1].is_bad


def test_no_character_spans_two_encodings() -> None:
    chunks = entries([b"\xc4", b"\xe4\xbd\xa0"], ["gbk", "utf-8"])
    band = band_of(chunks, "gbk", 0, 4)
    assert [c.text for c in band.characters] == ["\udcc4", "你"]


# -- from a journal --------------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.db")
    for client_id in (1, 2):
        assert journal.new_client_id() == client_id
        journal.add_client(ClientRecord(client_id, "127.0.0.1", 1, "gbk", 1))
    yield journal
    journal.close()


def test_any_stretch_of_a_long_stream(journal: Journal) -> None:
    text = "你好，世界 abc\r\n" * 300
    data, offset = text.encode("gbk"), 0
    for piece in cut(data, [1, 3, 16, 64]):
        journal.append(1, Kind.IN, piece, offset)
        journal.append(2, Kind.IN, b"noise" * 3, offset)
        journal.append(1, Kind.OUT, b"answer", 0, "gbk")
        offset += len(piece)
    reader = journal.reader()
    source = StreamSource(reader, 1, Kind.IN, lambda _id: "gbk")
    assert source.bounds() == (0, len(data))
    whole = source.band(0, len(data))
    assert whole.data() == data
    assert joined(whole.characters) == text
    for begin in range(0, len(data) - 32, 97):
        band = source.band(begin, begin + 32)
        assert band.data() == data[begin : begin + 32]
        assert band.characters == tuple(
            c for c in whole.characters if c.offset < begin + 32 and c.end > begin
        )
    assert [source.number(chunk) for chunk in whole.chunks] == [
        n + 1 for n in range(len(whole.chunks))
    ]
    assert source.number(whole.chunks[4]) == 5
    reader.close()


def test_a_stream_ends_with_its_client(journal: Journal) -> None:
    journal.append(1, Kind.IN, b"\xc4", 0)
    reader = journal.reader()
    source = StreamSource(reader, 1, Kind.IN, lambda _id: "gbk")
    assert source.band(0, 1).waiting == Waiting(0, 1, 1)
    journal.update_client(1, closed_ns=5, reason="fin")
    band = source.band(0, 1)
    assert band.waiting is None
    assert band.characters == (Character("\udcc4", 0, 1),)
    reader.close()


def test_whether_a_stream_ends_matters_only_where_a_character_lacks_bytes() -> None:
    def asked() -> bool:
        raise AssertionError("the journal is read for nothing")

    band = make_band(
        entries([b"ab", "你".encode("gbk")]), 0, 4, decoder_at=lambda _: StreamDecoder("gbk"),
        stray_between=lambda *_: 0, encoding_of=lambda _: "gbk", ends=asked,
    )  # fmt: skip
    assert joined(band.characters) == "ab你"


def test_noise_before_a_message_is_noise_here_too(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_ns = 0
    monkeypatch.setattr("app.journal.intake.monotonic_ns", lambda: now_ns)
    journal.append(1, Kind.IN, b"\xa5", 0)
    now_ns = 1_000_000_000
    journal.append(1, Kind.IN, "你好".encode("gbk"), 1)
    with closing(journal.reader()) as reader:
        source = StreamSource(reader, 1, Kind.IN, lambda _id: "gbk")
        for begin in (0, 1, 3):
            band = source.band(begin, 5)
            expected = [("\udca5", 0), ("你", 1), ("好", 3)]
            assert [(c.text, c.offset) for c in band.characters] == expected[(begin + 1) // 2 :]
            assert not any(band.is_cut(character) for character in band.characters)


def test_a_client_without_bytes_has_an_empty_stream(journal: Journal) -> None:
    reader = journal.reader()
    source = StreamSource(reader, 1, Kind.IN, lambda _id: "gbk")
    assert source.bounds() == (0, 0)
    assert source.band(0, 0).chunks == ()
    journal.append(2, Kind.IN, b"other", 0)
    assert source.bounds() == (0, 0)
    assert source.band(0, 16).data() == b""
    assert list(spell(StreamDecoder("gbk"), b"", 0)) == []
    reader.close()
