"""The demo client is a real client."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.net.facts import CloseReason
from app.reply import FixedReply
from app.teaching.demo_client import DemoClient
from tests.net.rig import Rig
from tests.support.wait import wait_until


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1", "::"])
def test_it_says_hello_every_so_often_and_reads_the_answer(tmp_path: Path, host: str) -> None:
    with Rig(tmp_path, host=host, reply=FixedReply("交易正在处理")) as rig:
        demo = DemoClient(rig.endpoint, every_s=0.01)
        demo.start()
        wait_until(lambda: demo.received_bytes >= 36)
        (session,) = rig.seen.joins
        assert session.endpoint == demo.endpoint
        assert demo.is_running
        demo.stop()
        demo.join(5)
        assert not demo.is_running
        rig.wait_gone(session)
        assert session.reason in (CloseReason.FIN, CloseReason.RESET)
        assert rig.stream(Kind.IN, session.client_id).startswith(b"Hello NeoHello Neo")


def test_it_ends_with_the_server(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        demo = DemoClient(rig.endpoint)
        demo.start()
        wait_until(lambda: demo.sent_bytes)
        rig.stop()
        demo.join(5)
        assert not demo.is_running


def test_nobody_there(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.stop()
        demo = DemoClient(rig.endpoint)
        demo.start()
        demo.join(5)
        assert not demo.is_running


def test_it_may_be_stopped_before_it_starts(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        DemoClient(rig.endpoint).stop()
        assert not rig.seen.joins
