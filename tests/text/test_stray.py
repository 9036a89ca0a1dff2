"""Bytes held back: the rest of a character, or noise that must not garble what follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.decoder import StreamDecoder, encode
from app.text.stray import Held, begins_a_unit, held_by, stray_bytes
from tests.text.prose import MIXED, NOISE, SIMPLIFIED, TRADITIONAL

MS = 1_000_000
SECOND = 1_000 * MS
MODBUS = bytes.fromhex("01 03 02 00 19 79")
PROSE = {
    "gbk": (*SIMPLIFIED, *MIXED),
    "gb18030": (*SIMPLIFIED, *TRADITIONAL, *MIXED, "生僻字㐀𠀀和㐁𠀁，姓名\n" * 3),
    "utf-8": (*SIMPLIFIED, *TRADITIONAL, *MIXED, "𠀀é😀ß" * 9),
    "big5": TRADITIONAL,
    "shift_jis": ("表ソ能ｱｲｳ日本語を話します。温度は２５度です\r\n", "ステータス：正常 カウンタ\n"),
    "euc_kr": ("한국어 뷁 펲 똠방각하, 온도는 25도입니다\r\n",),
    "utf-16-le": (*SIMPLIFIED, *MIXED, "𠀀é😀ß" * 9),
    "utf-16-be": (*SIMPLIFIED, *MIXED, "𠀀é😀ß" * 9),
}


@given(st.data(), st.sampled_from(sorted(PROSE)), st.sampled_from([0, 50 * MS]))
def test_a_character_that_was_split_stays_whole(
    data: st.DataObject, encoding: str, gap_ns: int
) -> None:
    stream = encode(data.draw(st.sampled_from(PROSE[encoding])), encoding)
    cut = data.draw(st.integers(1, len(stream) - 1))
    end = cut + data.draw(st.integers(1, 70))
    begin = max(cut - data.draw(st.integers(0, 70)), 0)
    decoder = StreamDecoder(encoding)
    decoder.feed(stream[:cut])
    held = held_by(stream[begin:cut], decoder.waiting, 0)
    assert stray_bytes(encoding, held, stream[cut:end], gap_ns) == 0


@pytest.mark.parametrize("encoding", sorted(PROSE))
def test_a_character_whose_rest_came_late_stays_whole(encoding: str) -> None:
    """A lost segment is sent again after a second."""
    for text in PROSE[encoding]:
        stream = encode(text, encoding)
        for cut in range(1, len(stream) - 8):
            decoder = StreamDecoder(encoding)
            decoder.feed(stream[:cut])
            held = held_by(stream[:cut], decoder.waiting, 0)
            assert stray_bytes(encoding, held, stream[cut:], 3 * SECOND) == 0, cut


@pytest.mark.parametrize("encoding", sorted(NOISE))
def test_noise_before_a_pause_is_given_up(encoding: str) -> None:
    noise, text = NOISE[encoding]
    message = encode(text, encoding)
    assert stray_bytes(encoding, Held(noise), message, SECOND) == 1


@pytest.mark.parametrize("encoding", [name for name in NOISE if not name.startswith("utf")])
@pytest.mark.parametrize("answer", [b"OK\r\n", b"HELLO 25\r\n", b"{}\n", b"25.3"])
@pytest.mark.parametrize("gap_ns", [0, 50 * MS, SECOND])
def test_a_binary_frame_does_not_garble_the_answer_after_it(
    encoding: str, answer: bytes, gap_ns: int
) -> None:
    wrong = []
    for last in range(0x81, 0xFF):
        frame = MODBUS + bytes([last])
        decoder = StreamDecoder(encoding)
        decoder.feed(frame)
        held = held_by(frame, decoder.waiting, 0)
        if held.waiting and stray_bytes(encoding, held, answer, gap_ns) != 1:
            wrong.append(f"{last:02X}")
    assert wrong == []


def test_without_a_pause_it_takes_clear_reasons() -> None:
    message = encode("你好，温度25\r\n", "gbk")
    assert stray_bytes("gbk", Held(b"\xa5"), message, 0) == 1
    assert stray_bytes("gbk", Held(b"\xe9"), b"\x46\xbb\xf9", 0) == 0  # 镕基: a rare one, split


def test_what_cannot_be_a_character_is_given_up_at_once() -> None:
    assert stray_bytes("gbk", Held(b"\xc4"), b"\r\n", 0) == 1
    assert stray_bytes("utf-8", Held(b"\xe4\xbd"), b"A", 0) == 2
    assert stray_bytes("gb18030", Held(b"\x81\x30\xc4"), b"\xe3\xba\xc3", 0) == 2
    assert stray_bytes("utf-16-le", Held(b"\x3d\xd8"), b"A\0", 0) == 2


def test_what_is_left_after_bytes_that_were_given_up_is_judged_too() -> None:
    text = encode("清晨五点半，老城区", "utf-16-le")
    assert stray_bytes("utf-16-le", Held(b"\0\xd8\0"), text, 0) == 3


@given(st.sampled_from(["utf-16-le", "utf-16-be"]), st.binary(min_size=1, max_size=3), st.data())
def test_a_chunk_that_clearly_begins_a_pair_does_so_whatever_was_held(
    encoding: str, waiting: bytes, data: st.DataObject
) -> None:
    stream = encode(data.draw(st.sampled_from(PROSE[encoding])), encoding)
    begin = data.draw(st.integers(0, len(stream) - 8))
    chunk = stream[begin : begin + data.draw(st.integers(8, 80))]
    held = StreamDecoder(encoding)
    held.feed(waiting)
    if begins_a_unit(encoding, chunk):
        assert begin % 2 == 0
        stray = stray_bytes(encoding, Held(held.waiting), chunk, 0)
        assert (len(held.waiting) - stray) % 2 == 0
