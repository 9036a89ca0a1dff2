"""Regular expressions and whole words: in every encoding, across chunks, and never for long."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal import find as find_module
from app.journal.context import ContextDecoder
from app.journal.entry import ClientRecord, Kind
from app.journal.find import find, find_all
from app.journal.journal import Journal
from app.journal.match import Match
from app.journal.needle import Needle
from app.journal.reader import Reader
from app.text.faults import PatternFault, TooSlow
from tests.journal.conftest import Opened, Reading
from tests.journal.finding import ENCODINGS, fill, search
from tests.support.machine import here_s


def one_client(journal: Journal, encoding: str, parts: list[bytes]) -> None:
    journal.add_client(ClientRecord(1, "::1", 1, encoding, 1))
    offset = 0
    for part in parts:
        journal.append(1, Kind.IN, part, offset)
        offset += len(part)


def ids(reader: Reader, needle: Needle, encoding: str = "gbk", forward: bool = True) -> list[int]:
    """The entries in which it is, all of them found at once and one by one."""
    of: Callable[[int], str] = lambda _client: encoding  # noqa: E731
    found = [
        match.entry_id
        for match in find_all(
            reader, needle, 1, reader.last_id, forward, encoding_of=of, encodings=[encoding]
        )
    ]
    singly, at = [], 1 if forward else reader.last_id
    while match := find(reader, needle, at, forward, encoding_of=of, encodings=[encoding]):
        singly.append(match.entry_id)
        at = match.entry_id + (1 if forward else -1)
        if not 1 <= at <= reader.last_id:
            break
    assert singly == found
    return found


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-16-le", "big5"])
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_an_expression_is_found_in_every_encoding_and_across_chunks(
    opened: Opened, reading: Reading, encoding: str, size: int
) -> None:
    data = "甲 12\r\n乙 4711 好\r\n".encode(encoding)
    journal = opened()
    one_client(journal, encoding, [data[at : at + size] for at in range(0, len(data), size)])
    reader = reading(journal)
    (first,) = {ids(reader, Needle.of_regex(p), encoding)[0] for p in (r"乙 \d{4} 好", "乙.+好")}
    text = "".join(
        ContextDecoder(reader, lambda _: encoding).decode(entry).text
        for entry in reader.entries(1, first)
    )
    assert text[text.index("乙") - 1 :].startswith("\n乙")
    assert ids(reader, Needle.of_regex(r"\d{5}"), encoding) == []
    assert ids(reader, Needle.of_regex("乙 D?", ignores_case=True), encoding)[0] == first


def test_lines_and_chunks_have_a_beginning_and_an_end(opened: Opened, reading: Reading) -> None:
    journal = opened()
    one_client(journal, "gbk", [b"AT+CSQ", b"AT+X\r\nOK AT+", b"Y\r\n", b"", b"+AT"])
    reader = reading(journal)
    assert ids(reader, Needle.of_regex(r"^AT")) == [1, 2]
    assert ids(reader, Needle.of_regex(r"^OK")) == [2]
    assert ids(reader, Needle.of_regex(r"CSQ$")) == [1]
    assert ids(reader, Needle.of_regex(r"^$")) == [3, 4]  # after a line's end too
    assert ids(reader, Needle.of_regex(r"\AAT")) == [1, 2]
    assert ids(reader, Needle.of_regex(r"(?<=AT\+)Y")) == [3]  # it looks back into the chunk before
    assert ids(reader, Needle.of_regex(r"AT\+(?=Y)")) == [2]
    assert ids(reader, Needle.of_regex(r"Q\s*A")) == [1]


def test_what_matches_nothing_is_everywhere(opened: Opened, reading: Reading) -> None:
    journal = opened()
    one_client(journal, "gbk", [b"aa", b"b", b"a"])
    assert ids(reading(journal), Needle.of_regex("a*")) == [1, 2, 3]


@pytest.mark.parametrize("make", [Needle.of_text, Needle.of_regex])
def test_whole_words_have_no_letter_beside_them(
    opened: Opened, reading: Reading, make: Callable[..., Needle]
) -> None:
    parts = ["err", "or err.", "terr", " x", "温度err度", "err_1", "1err", " Err ", "è", "err", "è"]
    journal = opened()
    one_client(journal, "utf-8", [part.encode() for part in parts])
    reader = reading(journal)
    found = ids(reader, make("err", whole_word=True), "utf-8")
    if make == Needle.of_text:  # an expression is also looked for in each chunk alone
        assert found == [2, 5]
    else:
        assert found == [1, 2, 5, 10]
    assert 8 in ids(reader, make("err", whole_word=True, ignores_case=True), "utf-8")
    assert [*make("温", whole_word=True).spans("当前温度")] == [(2, 3)]  # ideographs stand alone
    assert [*make("rr", whole_word=True).spans("err rr")] == [(4, 6)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3]),
            st.text(st.sampled_from(["a", "b", "\n", "你", "好"]), max_size=6),
        ),
        max_size=30,
    ),
    st.sampled_from(
        ["ab+", "你.?好", "a[^b]b", "b\\nb", "(?<=a)b", "[ab]{3}", "你|a+b", "(?s)a.*b"]
    ),
    st.integers(1, 5),
)
def test_it_finds_what_the_whole_stream_holds(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[tuple[int, str]],
    pattern: str,
    size: int,
) -> None:
    chunks = []
    for client_id, text in parts:
        data = text.encode(ENCODINGS[client_id])
        chunks += [(client_id, data[i : i + size]) for i in range(0, len(data), size)]
    journal = Journal(tmp_path_factory.mktemp("find") / "journal.db")
    first = find_module._FIRST_SLICE
    find_module._FIRST_SLICE = 3  # else it all is in one
    fill(journal, chunks)
    reader = journal.reader()
    try:
        contexts = ContextDecoder(reader, ENCODINGS.__getitem__)
        texts = [contexts.decode(entry).text for entry in reader.entries(1, len(chunks))]
        all_texts = list(zip(texts, chunks, strict=True))
        expected = []
        for number, (client_id, _) in enumerate(chunks):
            before, own, after = (
                "".join(t for t, chunk in all_texts[span] if chunk[0] == client_id)
                for span in (slice(number), slice(number, number + 1), slice(number + 1, None))
            )
            needle = Needle.of_regex(pattern)
            assert needle.expression is not None
            match = needle.expression.search(before + own + after, len(before))
            if (match and match.start() < len(before + own)) or any(needle.spans(own)):
                expected.append(number + 1)
        for forward in (True, False):
            found, at = [], 1 if forward else max(len(chunks), 1)
            while match_ := search(reader, Needle.of_regex(pattern), at, forward):
                found.append(match_.entry_id)
                at = match_.entry_id + (1 if forward else -1)
                if not at:
                    break
            assert found == (expected if forward else expected[::-1])
    finally:
        reader.close()
        find_module._FIRST_SLICE = first
        journal.close()


HOSTILE = ["(.*)(.*)(.*)(.*)(.*)=x?$", "(a+)+[bc]$", "(?:a|aa)+[bc]", "(?:a{1,100}){1,100}[bc]"]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_hostile_expression_ends(opened: Opened, reading: Reading, pattern: str) -> None:
    journal = opened()
    one_client(journal, "gbk", [b"short"] * 2_000 + [b"a" * 60_000 + b"=" + b"b" * 9])
    reader = reading(journal)
    begun_s = time.process_time()
    with suppress(TooSlow):
        search(reader, Needle.of_regex(pattern))
    assert time.process_time() - begun_s < here_s(8)


def test_an_expression_that_takes_too_long_says_so(opened: Opened, reading: Reading) -> None:
    journal = opened()
    one_client(journal, "gbk", [b"found a", b"a" * 60_000, b"found b"])
    reader = reading(journal)
    needle = Needle.of_regex("found|(?:a{1,100}){1,100}[bc]")
    assert search(reader, needle) == Match(1, 0, 5, 1)
    with pytest.raises(TooSlow):
        search(reader, needle, 2)


@pytest.mark.parametrize("pattern", ["(a", "[", "a{9,1}", "*", "(" * 400 + ")" * 400, r"\p{X}"])
def test_what_is_no_expression_is_told(pattern: str) -> None:
    with pytest.raises(PatternFault) as caught:
        Needle.of_regex(pattern)
    assert (caught.value.case, bool(caught.value.part)) == ("bad", True)


def test_an_expression_is_something_and_not_too_long() -> None:
    for pattern, case in (("", "empty"), ("a" * 1001, "long")):
        with pytest.raises(PatternFault) as caught:
            Needle.of_regex(pattern)
        assert caught.value.case == case
    with pytest.raises(PatternFault):  # right alone, but not with something behind it
        Needle.of_regex("(?x)a # b", whole_word=True)


def test_a_search_for_an_expression_is_given_up_at_once(opened: Opened) -> None:
    journal = opened()
    one_client(journal, "gbk", [b"line\r\n"] * 5_000)
    reader = journal.reader()
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 3

    found = find(
        reader, Needle.of_regex("none$"), 1, encoding_of=lambda _: "gbk", encodings=["gbk"],
        cancelled=cancelled,
    )  # fmt: skip
    assert found is None
    assert len(asked) < 10
    reader.close()
