"""Lines of a source, the calls that they made, and the threads that stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.reply import EchoReply
from app.settings import ServerProfile, changed
from app.teaching.marks import LineMarks
from app.teaching.own_source import OWN_MODULES, own_line_of, read_source, threads_in
from app.teaching.recorder import CallRecorder
from app.teaching.tutorial import tutorial_source
from app.teaching.tutorial_lines import TutorialLines
from app.wording import LANGUAGES
from tests.net.rig import Rig
from tests.support.wait import wait_until


@pytest.fixture
def recorder() -> Iterator[CallRecorder]:
    recorder = CallRecorder()
    recorder.start({})
    yield recorder
    recorder.stop()


@pytest.fixture
def make_rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    rigs: list[Rig] = []

    def make(**options: object) -> Rig:
        rigs.append(Rig(tmp_path, **options).__enter__())
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.__exit__()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_passes_the_lines_of_the_tutorial(
    recorder: CallRecorder, make_rig: Callable[..., Rig], language: str
) -> None:
    source = tutorial_source(changed(ServerProfile(), reply_mode="text"), language)
    text = ["", *source.splitlines()]
    lines = TutorialLines(source)
    marks = LineMarks(recorder, lines.line_of)
    rig = make_rig(reply=EchoReply())
    client, session = rig.join()
    client.sendall(b"hello")
    assert client.recv(5) == b"hello"
    wait_until(
        lambda: (
            sorted(text[line].strip().split("(")[0] for line in lines.standing(recorder.lanes()))
            == ["client, address = server.accept", "data = client.recv"]
        )
    )
    assert set(lines.standing(recorder.lanes()).values()) == {1}
    client.close()
    rig.wait_gone(session)
    assert marks.update()
    assert not marks.update()
    passed = {call.name: text[line] for line, call in marks.last.items()}
    accept = next(call for call in marks.last.values() if call.name == "accept")
    assert isinstance(accept.result, tuple)  # and not that nobody else waited
    for name in ("socket", "bind", "listen", "accept", "start", "recv", "close"):
        assert f"{name}(" in passed[name]
    assert "sendall(" in passed["send"]
    assert "client.close()" in passed["close"]
    rig.stop()
    marks.update()
    assert {text[line].strip() for line, call in marks.last.items() if call.name == "close"} == {
        "client.close()",
        "server.close()",
    }


def test_a_refused_client_is_no_server(
    recorder: CallRecorder, make_rig: Callable[..., Rig]
) -> None:
    lines = TutorialLines(tutorial_source(ServerProfile(), "en"))
    rig = make_rig(max_clients=1)
    rig.join()
    refused = rig.dial()
    assert refused.recv(1) == b""
    marks = LineMarks(recorder, lines.line_of)
    wait_until(lambda: marks.update() and "close" in {c.name for c in marks.last.values()})
    text = tutorial_source(ServerProfile(), "en").splitlines()
    closed = next(line for line, call in marks.last.items() if call.name == "close")
    assert "client.close()" in text[closed - 1]


def test_threads_stand_in_portsides_own_source(
    recorder: CallRecorder, make_rig: Callable[..., Rig]
) -> None:
    rig = make_rig()
    for _ in range(3):
        rig.join()

    def where(module: str, words: str) -> int:
        text = read_source(module).splitlines()
        return sum(
            n
            for line, n in threads_in(module, lambda _ident: True).items()
            if words in text[line - 1]
        )

    wait_until(lambda: where("app.net.session", "self._wire.recv(size_bytes)") == 3)
    assert where("app.net.server", "session.run()") == 3
    wait_until(lambda: where("app.net.server", "self._door.wait") == 1)


def test_every_traced_call_of_a_visit_has_a_line_of_its_own_source(
    recorder: CallRecorder, make_rig: Callable[..., Rig]
) -> None:
    rig = make_rig(reply=EchoReply())
    client, session = rig.join()
    client.sendall(b"hello")
    assert client.recv(5) == b"hello"
    client.close()
    rig.wait_gone(session)
    found = {}
    for call in recorder.calls_after(0):
        module, number = own_line_of(call)
        if module:
            found[call.name] = module, read_source(module).splitlines()[number - 1]
    assert found["recv"][0] == "app.net.session"
    assert "recv(" in found["recv"][1]
    assert "listening.accept()" in found["accept"][1]
    assert "worker.start" in found["start"][1]
    assert "self._wire.send" in found["send"][1]
    assert "self._wire.close" in found["close"][1]
    assert {module for module, _ in found.values()} == set(OWN_MODULES)


def test_in_a_flood_the_newest_calls_count(recorder: CallRecorder) -> None:
    marks = LineMarks(recorder, lambda call: 1 if call.name == "recv" else 2)
    for n in range(5_000):
        recorder.calling("recv", None, (n,))
        recorder.returned("recv", None, (n,), b"")
    assert marks.update()
    assert marks.last[1].arguments == (4_999,)
