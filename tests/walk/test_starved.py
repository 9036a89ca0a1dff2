"""Every action when the system has no more threads or descriptors: each says so; all goes on.

With no descriptor at all the X server's own library stands still as it makes a window: the
program keeps some back from its clients for that, and that is what is tried.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

import pytest

from tests.support.wait import wait_until
from tests.walk.test_actions import ENDS
from tests.walk.walker import Walker

Walk = Callable[..., Walker]

DESCRIPTORS = 160
CROWD = 300


def open_port(walker: Walker) -> int:
    """Open the port, if it is closed; return its number."""
    walker.ask("serve")
    wait_until(lambda: walker.ask("port")["port"])
    return int(walker.ask("port")["port"])


def still_serves(walker: Walker) -> None:
    """A new client is heard, once there is room again."""
    port = open_port(walker)
    before = walker.ask("picture")["picture"]["clients"]
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(b"still here")
        wait_until(lambda: walker.ask("picture")["picture"]["clients"] != before)


@pytest.mark.long
def test_every_action_without_threads(walk: Walk) -> None:
    walker = walk(1600, 900)
    still_serves(walker)
    for name in walker.ask("actions")["names"]:
        if name in ENDS or not walker.ask("action", name=name)["enabled"]:
            continue
        walker.ask("starve_threads")
        walker.ask("trigger", name=name)
        walker.picture()
        walker.ask("feed")
        walker.put_away()
        walker.hear(name)
    still_serves(walker)
    walker.done()


@pytest.mark.long
def test_every_action_among_more_clients_than_descriptors(walk: Walk) -> None:
    walker = walk(1600, 900)
    walker.ask("few_descriptors", most=DESCRIPTORS)
    with contextlib.ExitStack() as crowd:
        port = 0
        for name in walker.ask("actions")["names"]:
            if name in ENDS:
                continue
            if port != (port := open_port(walker)):
                crowd.close()
                for _ in range(CROWD):  # the backlog takes who is not let in
                    client = crowd.enter_context(socket.create_connection(("127.0.0.1", port), 10))
                    client.sendall(b"hello")
                wait_until(lambda: " " in walker.ask("picture")["picture"]["clients"])
            walker.ask("select_client", row=0)
            walker.ask("trigger", name=name)
            walker.picture()
            walker.put_away()
            walker.hear(name)
    still_serves(walker)
    walker.done()
