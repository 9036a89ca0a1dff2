from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.decoder import EncodeFault, StreamDecoder, decode, encode
from app.text.encodings import ENCODINGS, UnknownEncoding, find_encoding
from tests.text.strategies import cut, encoding_names, raw_bytes, texts_in

widths = st.lists(st.integers(1, 7), min_size=1, max_size=6)
# In Big5 four pairs of bytes mean the same characters as four others.
BIJECTIVE = [e.name for e in ENCODINGS if e.name != "big5"]


def read_in_pieces(pieces: list[bytes], encoding: str) -> str:
    decoder = StreamDecoder(encoding)
    return "".join([decoder.feed(piece) for piece in pieces]) + decoder.feed(b"", final=True)


def original_bytes(decoded: str, encoding: str) -> bytes:
    """Undo the decoding, bad bytes included."""
    codec = find_encoding(encoding).codec
    return b"".join(
        bytes([ord(c) - 0xDC00]) if 0xDC00 <= ord(c) <= 0xDCFF else c.encode(codec) for c in decoded
    )


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


@given(raw_bytes, st.sampled_from(BIJECTIVE))
def test_no_byte_is_ever_lost_or_altered(data: bytes, encoding: str) -> None:
    assert original_bytes(decode(data, encoding), encoding) == data


@given(raw_bytes, encoding_names)
def test_the_number_of_bytes_is_kept(data: bytes, encoding: str) -> None:
    assert len(original_bytes(decode(data, encoding), encoding)) == len(data)


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
        ("euc_kr", b"\xa4\xd4\xa4", 5),
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
        ("euc_kr", b"\xa4\xd4\xa4\xa1\xa4", "\udca4\udcd4\udca4\udca1\udca4"),
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
    assert (fault.position, fault.character, fault.encoding) == (4, "€", "gbk")


@given(encoding_names)
def test_a_lone_surrogate_is_never_sent(encoding: str) -> None:
    with pytest.raises(EncodeFault):
        encode("a\udc80", encoding)


def test_an_unknown_encoding_is_said() -> None:
    with pytest.raises(UnknownEncoding):
        StreamDecoder("utf-9")
