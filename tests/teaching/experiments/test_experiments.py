"""Each experiment is a test of the facts it claims."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path

import pytest

from app.net import trace
from app.paths import resource
from app.teaching.experiments.catalogue import EXPERIMENTS
from app.teaching.experiments.facts import Code, Seconds, Size, Step, Word
from app.teaching.experiments.lab import Cancelled, Lab
from app.wording import LANGUAGES, set_language
from app.wording.experiments import line_text, row_texts, step_text, words_of
from tests.teaching.experiments.play import Run, play

NAMES = list(EXPERIMENTS)


@pytest.mark.parametrize("name", NAMES)
def test_it_tells_its_steps_and_comes_out_as_expected(name: str) -> None:
    run = play(name)
    assert run.error is None
    assert run.result is not None
    assert tuple(step.key for step in run.steps) == EXPERIMENTS[name].steps
    assert [row for row in run.result.rows if row.holds is False] == []
    if sys.platform == "linux":  # which tells everything
        assert [row for row in run.result.rows if row.holds is None] == []
    assert_words_exist(name, run)


def assert_words_exist(name: str, run: Run) -> None:
    """Strictly: a missing word or field raises."""
    assert run.result is not None
    for language in LANGUAGES:
        set_language(language)
        said = [step_text(name, step) for step in run.steps]
        said += [text for row in run.result.rows for text in row_texts(name, row)]
        said += [words_of(name, key) for key in ("title", "line", "watch", "conclusion")]
        for table in run.result.tables:
            said += [words_of(name, column) for column in table.columns]
            said += [line_text(cell) for line in table.rows for cell in line if cell]
        assert all(said)
        # Not every brace: what was measured may be bytes of a cipher, shown as text.
        assert not any(re.search(r"\{\w*\}|Word\(", text) for text in said)


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_cancelled_at_every_step(name: str) -> None:
    """The fixture that looks for threads and descriptors says whether anything is left."""
    for key in EXPERIMENTS[name].steps[:-1]:

        def cancel_at(lab: Lab, step: Step, key: str = key) -> None:
            if step.key == key:
                lab.cancel()

        run = play(name, cancel_at)
        assert isinstance(run.error, Cancelled), key
        assert run.steps[-1].key == key


def test_nothing_of_it_is_on_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """The classroom's tracer is not told of an experiment's threads."""

    class Fails:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    monkeypatch.setattr(trace.USER, "tracer", Fails())
    monkeypatch.setattr(trace, "is_watched", True)
    assert play("queue-or-threads").error is None


def test_catalogues_hold_no_words_that_nobody_says() -> None:
    known = {"title", "line", "watch", "conclusion", "column_one", "column_many"}
    words = json.loads((resource("i18n") / "en" / "experiments.json").read_bytes())
    for key in words:
        name, _, inner = key.partition(".")
        if inner and not inner.startswith("row_"):
            assert inner in known | set(EXPERIMENTS[name].steps), key


# -- what each claims, once more in plain numbers ------------------------------------------------


def test_one_thread_serves_in_turn_and_threads_serve_at_once() -> None:
    run = play("queue-or-threads")
    assert run.row("order_one").measured == (Code("A"), Code("A"), Code("B"))
    assert run.row("order_many").measured == (Code("A"), Code("B"), Code("A"))
    # Listener, sender, turnstile, and one for each client.
    assert run.fact("many_b_answered", "thread_count") == 5


def test_three_sends_one_recv() -> None:
    run = play("glued-messages")
    assert run.row("sends").measured == 3
    assert run.row("recvs").measured == 1


def test_eight_bytes_at_a_time() -> None:
    run = play("split-messages")
    chunks = run.fact("cut", "chunks")
    assert [len(chunk) for chunk in chunks] == [8, 8, 1]  # type: ignore[attr-defined]


def test_half_a_character() -> None:
    run = play("cut-character")
    assert run.row("strict").measured == Code("UnicodeDecodeError")
    assert run.row("naive").measured == ("你\ufffd", "\ufffd")
    assert run.row("incremental").measured == ("你", "好")


def test_the_famous_wrong_characters() -> None:
    assert play("mojibake").fact("wrong", "text") == "浣犲ソ"


def test_fin_reset_and_a_silence_that_keepalive_does_not_see_through() -> None:
    run = play("goodbyes")
    assert run.row("fin").measured == Word("fin")
    assert run.row("reset").measured == Word("reset")
    if sys.platform == "linux":
        silent, ago = run.fact("probed", "silent"), run.fact("probed", "ago")
        assert isinstance(silent, Seconds)
        assert isinstance(ago, Seconds)
        assert 0.9 < silent.s < 5
        assert ago.s < silent.s - 0.5


def test_the_loop_with_the_bug_never_ends() -> None:
    assert play("never-equal").row("rounds").measured == 10_000


@pytest.mark.skipif(sys.platform != "linux", reason="Linux lets one more in, and drops the next")
def test_the_backlog_takes_one_more_than_it_was_told() -> None:
    run = play("full-backlog")
    assert run.row("in_queue").measured == 3
    assert run.row("outcome").measured == Word("unanswered")


def test_who_does_not_read_holds_nobody_up() -> None:
    run = play("deaf-client")
    assert isinstance(run.fact("other", "took"), Seconds)  # answered before the deaf one read
    assert run.fact("whole", "received") == run.fact("whole", "accepted")


def test_a_stranger_reads_a_plain_port_and_of_tls_only_the_outside() -> None:
    run = play("eavesdropper")
    assert run.row("plain").measured == "密码是 1234"
    data = run.fact("read", "data")
    assert isinstance(data, Code)
    assert data.text.startswith("17 03 03 ")  # a TLS record with data
    # A record of TLS 1.3 adds a header, the kind of its content, and a tag.
    assert run.fact("secured", "version") == Code("TLSv1.3")
    assert run.fact("read", "n") == len("密码是 1234".encode("gbk")) + 5 + 1 + 16


def test_udp_keeps_borders_and_loses_what_it_has_no_room_for() -> None:
    run = play("datagrams")
    assert run.row("sockets").measured == 2
    kept = run.row("kept").measured
    assert isinstance(kept, tuple)
    assert len(kept) == 3
    assert run.row("glued").measured == 1
    lost = run.fact("lost", "lost")
    assert isinstance(lost, int)
    assert lost > 0
    if sys.platform == "linux":
        assert run.row("dropped").measured == lost


def test_who_is_in_the_middle_reads_and_changes_plain_bytes_and_of_tls_nothing() -> None:
    run = play("middleman")
    assert run.row("passed").measured == "转账 100 元"
    assert run.row("changed").measured == "转账 900 元"
    assert run.fact("dialled", "client") != run.fact("dialled", "out")
    assert run.fact("tampered", "n") == 0
    assert run.row("impostor").measured == Word("yes")


def test_a_thousand_threads() -> None:
    run = play("thousand-threads")
    each = run.row("memory").measured
    assert isinstance(each, Size)
    assert each.size_bytes < 256 * 1024
    if run.fact("started", "n") == 1000:
        assert run.row("threads").measured == 1001


def test_no_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    play("queue-or-threads")
    assert list(tmp_path.iterdir()) == []
