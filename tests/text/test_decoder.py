from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.decoder import EncodeFault, StreamDecoder, decode, encode
from app.text.encodings import ENCODINGS, Encoding, UnknownEncoding
from tests.text.reading import is_reading_of
from tests.text.strategies import cut, encoding_names, raw_bytes, texts_in

widths = st.lists(st.integers(1, 7), min_size=1, max_size=6)


def read_in_pieces(pieces: list[bytes], encoding: str) -> str:
    decoder = StreamDecoder(encoding)
    return "".join([decoder.feed(piece) for piece in pieces]) + decoder.feed(b"", final=True)


@given(st.data(), encoding_names, widths)
def test_any_text_split_anywhere_is_the_same_text(
    data: st.DataObject, encoding: str, widths: list[int]
) -> None:
    text = data.draw(texts_in(encoding))
    assert read_in_pieces(cut(encode(text, encoding), widths), encoding) == text


@given(raw_bytes, encoding_names, widths)
def test_any_bytes_split_anywhere_read_as_if_whole(
    data: bytes, encoding: str, widths: list[int]
) -> None:
    assert read_in_pieces(cut(data, widths), encoding) == decode(data, encoding)


@given(raw_bytes, encoding_names)
def test_no_byte_is_ever_lost_or_altered(data: bytes, encoding: str) -> None:
    assert is_reading_of(decode(data, encoding), data, encoding)


@given(raw_bytes, encoding_names, st.integers(0, 60))
def test_a_restored_decoder_goes_on(data: bytes, encoding: str, at: int) -> None:
    first = StreamDecoder(encoding)
    before = first.feed(data[:at])
    second = StreamDecoder.restore(first.state())
    assert second.state() == first.state()
    assert before + second.feed(data[at:], final=True) == decode(data, encoding)


@given(st.data(), encoding_names)
def test_missing_is_the_least_that_completes_a_character(
    data: st.DataObject, encoding: str
) -> None:
    text = data.draw(texts_in(encoding))
    decoder = StreamDecoder(encoding)
    encoded = encode(text, encoding)
    for at, byte in enumerate(encoded):
        came = decoder.feed(bytes([byte]))
        assert (decoder.missing > 0) == (decoder.waiting != b"")
        assert came == "" or decoder.waiting == b""
        assert decoder.missing <= len(encoded) - at - 1


@pytest.mark.parametrize(
    ("encoding", "held", "missing"),
    [
        ("gbk", b"\xc4", 1),
        ("gb18030", b"\x81", 1),
        ("gb18030", b"\x81\x30", 2),
        ("gb18030", b"\x81\x30\x81", 1),
        ("utf-8", b"\xc3", 1),
        ("utf-8", b"\xe4", 2),
        ("utf-8", b"\xe4\xbd", 1),
        ("utf-8", b"\xf0", 3),
        ("utf-8", b"\xf0\x9f\x98", 1),
        ("big5", b"\xa4", 1),
        ("shift_jis", b"\x82", 1),
        ("euc_kr", b"\xb0", 1),
        ("utf-16-le", b"\x60", 1),
        ("utf-16-le", b"\x3d\xd8", 2),
        ("utf-16-le", b"\x3d\xd8\x00", 1),
        ("utf-16-be", b"\x4f", 1),
        ("utf-16-be", b"\xd8", 3),
        ("utf-16-be", b"\xd8\x3d\xde", 1),
    ],
)
def test_an_unfinished_character_waits(encoding: str, held: bytes, missing: int) -> None:
    decoder = StreamDecoder(encoding)
    assert decoder.feed(b"") == decoder.feed(held) == ""
    assert (decoder.waiting, decoder.missing) == (held, missing)


@pytest.mark.parametrize(
    ("encoding", "data", "text"),
    [
        ("gbk", b"\xc4\xe3\xff\xba", "你\udcff\udcba"),
        ("gb18030", b"\x81\x30", "\udc810"),  # a plain zero is a zero, even at the end
        ("euc_kr", b"\x8c\x63\xc9\xa1", "똠\udcc9\udca1"),  # Windows writes all syllables in pairs
        ("shift_jis", b"\x87\x40\x81\x60\xa0\xfd", "①～\udca0\udcfd"),
        ("big5", b"\xf9\xd6\xa3\xe1\xff", "碁€\udcff"),
        ("gbk", b"\x805.00\x80\xc4\xe3\x81\x80", "€5.00€你亐"),
        ("utf-8", b"\xe4\xbdA", "\udce4\udcbdA"),
        ("utf-8", b"\xed\xa0\x80", "\udced\udca0\udc80"),  # a surrogate is no character
        ("utf-8", b"\xef\xbb\xbfA", "\ufeffA"),  # a byte order mark is seen, not swallowed
        ("utf-16-le", b"\x41\xd8\x42\x00", "\udc41\udcd8B"),
        ("utf-16-be", b"\xd8\x00\x41", "\udcd8\udc00\udc41"),
        ("utf-16-be", b"\xfe\xff\x00A", "\ufeffA"),
        ("ascii", b"a\x80", "a\udc80"),
        ("latin-1", b"\x80\xff", "\x80ÿ"),
    ],
)
def test_undecodable_bytes_stay_in_their_places(encoding: str, data: bytes, text: str) -> None:
    assert decode(data, encoding) == text


def test_a_decoder_can_be_used_after_the_end() -> None:
    decoder = StreamDecoder("gbk")
    assert decoder.feed(b"\xc4", final=True) == "\udcc4"
    assert decoder.feed("你".encode("gbk")) == "你"


def test_what_an_encoding_lacks_is_named_with_its_place() -> None:
    with pytest.raises(EncodeFault) as caught:
        encode("价格 5€ 😀", "gbk")
    fault = caught.value
    assert (fault.position, fault.character, fault.encoding) == (6, "😀", "gbk")


@pytest.mark.parametrize(
    ("encoding", "data", "text"),
    [
        ("gbk", b"\xb5\xe7\xd7\xd3\xb3\xc6:\x805.00", "电子称:€5.00"),
        ("big5", b"\xa3\xe15 \xf9\xd6", "€5 碁"),
        ("shift_jis", b"\x87\x40\x87\x8a\x81\x60", "①㈱～"),
        ("euc_kr", b"\x8c\x63\xa2\xe6", "똠€"),
    ],
)
def test_a_name_means_the_code_page_of_windows(encoding: str, data: bytes, text: str) -> None:
    assert decode(data, encoding) == text
    assert encode(text, encoding) == data


@pytest.mark.parametrize("encoding", [e for e in ENCODINGS if e.unit_bytes == 1])
def test_no_byte_waits_with_which_no_character_begins(encoding: Encoding) -> None:
    for byte in range(0x80, 0x100):
        decoder = StreamDecoder(encoding.name)
        decoder.feed(bytes([byte]))
        if decoder.waiting:
            ends = [bytes([second, *rest]) for second in range(256) for rest in ((), b"\x810")]
            assert any(begins_a_character(bytes([byte]) + end, encoding) for end in ends), hex(byte)


def begins_a_character(data: bytes, encoding: Encoding) -> bool:
    first = StreamDecoder(encoding.name).feed(data)[:1]
    return encoding.name == "utf-8" or (first != "" and not "\udc00" <= first <= "\udcff")


@given(encoding_names)
def test_a_lone_surrogate_is_never_sent(encoding: str) -> None:
    with pytest.raises(EncodeFault):
        encode("a\udc80", encoding)


def test_an_unknown_encoding_is_said() -> None:
    with pytest.raises(UnknownEncoding):
        StreamDecoder("utf-9")
