"""Every action while a thousand clients flood and leave, and the end under them."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.support.wait import wait_until
from tests.walk.test_actions import ENDS, press
from tests.walk.walker import Walker

Walk = Callable[..., Walker]

CROWD = 1_000
FEWEST = 10
LEAVES_AFTER = 20_000  # sends, of all together
END_S = 60
CHUNK = b"x" * 1023 + b"\n"


@contextmanager
def flood(port: int) -> Iterator[None]:
    """Let a crowd come, flood, and go one by one, until the block ends."""
    over = threading.Event()
    thread = threading.Thread(target=_flood, args=(port, over), name="flood")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _flood(port: int, over: threading.Event) -> None:
    with selectors.DefaultSelector() as ready:
        crowd: list[socket.socket] = []
        sends = 0
        while not over.wait(0.002):
            if len(crowd) < CROWD:
                with suppress(OSError):
                    crowd.append(socket.create_connection(("127.0.0.1", port), 1))
                    crowd[-1].setblocking(False)
                    ready.register(crowd[-1], selectors.EVENT_WRITE)
            for key, _events in ready.select(0.1):
                client = key.fileobj
                assert isinstance(client, socket.socket)
                sends += 1
                try:
                    client.send(CHUNK)
                    leaves = sends % LEAVES_AFTER == 0 and len(crowd) > FEWEST
                except BlockingIOError:
                    continue
                except OSError:
                    leaves = True
                if leaves:
                    ready.unregister(client)
                    crowd.remove(client)
                    client.close()
        for client in crowd:
            client.close()


@pytest.mark.long
@pytest.mark.parametrize("way", ["key", "menu"])
@pytest.mark.parametrize("settings", [{"type_percent": 150, "theme": "dark"}, {}])
def test_every_action_in_a_flood(walk: Walk, settings: dict[str, object], way: str) -> None:
    walker = walk(*((1280, 720) if settings else (1920, 1080)), **settings)
    walker.ask("serve")
    wait_until(lambda: walker.ask("port")["port"])
    port = walker.ask("port")["port"]
    walker.ask("change", port=port)
    with flood(port):
        for name in walker.ask("actions")["names"]:
            walker.ask("serve")  # it may have been closed by the one before
            wait_until(lambda: walker.ask("picture")["picture"]["clients"])
            walker.ask("select_client", row=0)
            action = walker.ask("action", name=name)
            if name in ENDS or not action["enabled"] or (way == "key" and not action["keys"]):
                continue
            press(walker, name, way)
            walker.put_away()
            walker.ask("late")  # beside the flood itself: how late is judged where it is alone
            walker.hear(f"{name}, by {way}")
        walker.child.process.terminate()  # as the system ends it: nobody is asked
        assert walker.child.process.wait(END_S) == 0, walker.child.err
    walker.faults += walker.child.err
    walker.done()
