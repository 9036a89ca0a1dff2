"""Every fact has its sentence, in both languages, with everything in it that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.journal.errors import JournalBusy, JournalUnreadable, Unreadable
from app.journal.journal import JournalHealth
from app.net.facts import (
    CloseReason,
    Endpoint,
    ListenError,
    ListenFault,
    PortHolder,
    SendReport,
    SendResult,
)
from app.text.compose import ComposeFault, ComposeOptions, compose
from app.wording import set_language
from app.wording.sentences import (
    close_reason_text,
    compose_fault_sentence,
    encoding_label,
    journal_error_sentence,
    journal_problem_sentence,
    listen_error_sentence,
    send_result_text,
    send_summary,
)

ANYWHERE = Endpoint("0.0.0.0", 8080)


def is_one_sentence(text: str) -> bool:
    return text[-1] in "。." and "\n" not in text and text[:-1].count("。") == 0


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize("fault", list(ListenFault))
def test_every_listen_fault_is_one_sentence_that_names_where(fault: ListenFault) -> None:
    said = listen_error_sentence(ListenError(fault, ANYWHERE, system_text="Strange error."))
    assert is_one_sentence(said)
    assert "8080" in said or "0.0.0.0" in said


@pytest.mark.usefixtures("each_language")
def test_a_port_in_use_names_its_holder() -> None:
    error = ListenError(ListenFault.PORT_IN_USE, ANYWHERE, holder=PortHolder("nginx", 1234))
    said = listen_error_sentence(error)
    assert "nginx" in said
    assert "1234" in said
    assert "8080" in said


@pytest.mark.usefixtures("each_language")
def test_no_permission_says_something_else_for_a_high_port() -> None:
    low = ListenError(ListenFault.NO_PERMISSION, Endpoint("0.0.0.0", 80))
    high = ListenError(ListenFault.NO_PERMISSION, ANYWHERE)
    assert "1024" in listen_error_sentence(low)
    assert "1024" not in listen_error_sentence(high)


def test_a_listen_error_in_chinese() -> None:
    set_language("zh_CN")
    error = ListenError(ListenFault.PORT_IN_USE, ANYWHERE, holder=PortHolder("nginx", 1234))
    assert listen_error_sentence(error) == (
        "无法打开端口 8080：它正被 nginx（PID 1234）占用，请关闭该程序或换一个端口。"
    )


def fault_of(text: str, **options: object) -> ComposeFault:
    with pytest.raises(ComposeFault) as caught:
        compose(text, ComposeOptions(**{"encoding": "gbk", **options}))  # type: ignore[arg-type]
    return caught.value


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("价格 😀", {}, ("😀", "U+1F600", "4", "GBK")),
        ("41 4G", {"mode": "hex"}, ("G", "5")),
        ("41 4", {"mode": "hex"}, ("4", "4")),
        (r"a\qb", {"escapes": True}, (r"\q", "2")),
        ("", {}, ()),
    ],
)
def test_what_cannot_be_sent_is_named_with_its_place(
    text: str, options: dict[str, object], expected: tuple[str, ...]
) -> None:
    said = compose_fault_sentence(fault_of(text, **options), text)
    assert is_one_sentence(said)
    for part in expected:
        assert part in said


def test_the_line_is_named_where_there_are_many() -> None:
    set_language("en")
    text = "first\nsecond 😀"
    assert "line 2, character 8" in compose_fault_sentence(fault_of(text), text)


def test_an_invisible_character_is_written_out() -> None:
    set_language("en")
    text = "a\u202eb"
    said = compose_fault_sentence(fault_of(text), text)
    assert "\u202e" not in said
    assert "U+202E" in said


@pytest.mark.usefixtures("each_language")
def test_every_close_reason_is_told_apart() -> None:
    said = {close_reason_text(reason.value) for reason in CloseReason}
    assert len(said) == len(CloseReason)
    assert "" not in said


def test_close_reasons_of_other_kinds() -> None:
    set_language("zh_CN")
    assert close_reason_text("fin") == "对方正常关闭（FIN）"
    assert close_reason_text("") == ""
    assert close_reason_text("of a later version") == "of a later version"
    assert "Broken pipe" in close_reason_text("error", "Broken pipe")


@pytest.mark.usefixtures("each_language")
def test_a_send_is_summed_up() -> None:
    results = dict.fromkeys((1, 2, 3), SendResult.SENT)
    results |= {4: SendResult.WAITING, 5: SendResult.REFUSED, 6: SendResult.GONE}
    said = send_summary(SendReport(1, results))
    assert "3" in said
    assert said.count("1") == 3
    assert send_summary(SendReport(2))


@pytest.mark.usefixtures("each_language")
def test_every_result_is_told_apart() -> None:
    assert len({send_result_text(result) for result in SendResult}) == len(SendResult)


def test_encodings_have_their_labels() -> None:
    assert encoding_label("gbk") == "GBK"
    assert encoding_label("of a later version") == "of a later version"
    assert encoding_label("") == ""


@pytest.mark.usefixtures("each_language")
def test_a_journal_whose_file_is_gone_is_named() -> None:
    said = journal_problem_sentence(JournalHealth("/home/me/x.db", "gone", 0))
    assert is_one_sentence(said)
    assert "/home/me/x.db" in said


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize("fault", ["full", "too_large", "failing"])
def test_a_journal_that_cannot_be_written_says_why(fault: str) -> None:
    health = JournalHealth("disk I/O error.", fault, 2 * 1024 * 1024)  # type: ignore[arg-type]
    said = journal_problem_sentence(health)
    assert is_one_sentence(said)
    assert "disk I/O error" in said
    assert "2.0 MB" in said


def test_a_healthy_journal_says_nothing() -> None:
    assert journal_problem_sentence(JournalHealth()) == ""


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize(
    "error",
    [
        JournalBusy(Path("/data/one.db")),
        *(JournalUnreadable(Path("/data/one.db"), fault, "why") for fault in Unreadable),
    ],
)
def test_a_journal_that_cannot_be_opened_is_named(error: Exception) -> None:
    said = journal_error_sentence(error)
    assert is_one_sentence(said)
    assert "one.db" in said


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize(
    ("error", "part"),
    [(PermissionError(13, "Permission denied"), "Permission denied"), (ValueError("odd"), "odd")],
)
def test_the_systems_own_words_are_passed_on(error: Exception, part: str) -> None:
    assert part in journal_error_sentence(error)


def test_an_invisible_character_is_named_and_a_long_stretch_is_cut() -> None:
    said = compose_fault_sentence(fault_of("41 \u200b42", mode="hex"))
    assert "“U+200B”" in said
    said = compose_fault_sentence(fault_of("你" * 1_000_000, mode="hex"))
    assert "你你…”" in said
    assert len(said) < 200
