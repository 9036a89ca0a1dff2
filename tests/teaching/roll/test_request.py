"""A browser told from anybody else, and what it gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.teaching.roll.request import MOST_BYTES, Stage, read_request, response, stage_of

GET = (
    b"GET /?name=%E5%BC%A0&answer=B HTTP/1.1\r\n"
    b"Host: x\r\nCookie: a=b; portside=0123456789abcdef\r\n\r\n"
)


def test_a_request_is_one_from_its_first_byte_to_its_last() -> None:
    assert {stage_of(GET[:end]) for end in range(1, len(GET) - 1)} == {Stage.MAYBE}
    assert stage_of(GET) is Stage.WHOLE


@pytest.mark.parametrize(
    "said",
    [b"B\r\n", b"Good\n", b"GET a life\n", b"GET /x\n\n", b"GE\n", b"Hans", b"POST / HTTP/1.1\r\n"],
)
def test_what_pupils_send_is_none(said: bytes) -> None:
    assert stage_of(said) is Stage.NO


def test_headers_without_end_are_waited_for_only_so_long() -> None:
    assert stage_of(GET[:-2] + b"x" * MOST_BYTES) is Stage.WHOLE


def test_what_is_asked_is_read() -> None:
    request = read_request(GET)
    assert (request.path, request.is_head, request.token) == ("/", False, "0123456789abcdef")
    assert (request.name, request.answer) == ("张", "B")


@given(st.binary())
def test_no_bytes_of_a_target_break_anything(target: bytes) -> None:
    held = b"GET /?" + target.replace(b"\n", b"").replace(b" ", b"") + b" HTTP/1.0\n\n"
    if stage_of(held) is Stage.WHOLE:
        assert read_request(held).path.startswith("/")


def test_an_answer_says_how_long_it_is() -> None:
    head, _, body = response("<p>你好</p>", token="0" * 16).partition(b"\r\n\r\n")
    assert b"Content-Length: %d\r\n" % len(body) in head
    assert body.decode() == "<p>你好</p>"
    assert b"charset=utf-8" in head
    assert b"Connection: close" in head
    assert response("<p>你好</p>", is_head=True).endswith(b"\r\n\r\n")
