"""Every action of every menu does something, or is off and says why."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.journal.entry import ClientRecord, Kind
from app.journal.journal import Journal
from tests.support.wait import wait_until
from tests.walk.walker import Walker

Walk = Callable[..., Walker]

# What ends the program; looked at by tests of its own.
ENDS = {"quit"}
# What must come before, for the action to have something to do.
FIRST: dict[str, tuple[str, ...]] = {
    "type_normal": ("type_larger",),
    "show_all": ("clear_view",),
    "stop_demos": ("start_demo",),
    "find": ("focus_log",),
    "focus_clients": ("focus_composer",),
    "focus_log": ("focus_composer",),
    "focus_composer": ("focus_log",),
}
SHOWN_IN_STATUS = {"reset_traffic"}  # the line of figures at the bottom, which never rests for long
# In the short choice.
SHORT = (
    "toggle_server", "find", "keys", "about", "theme_dark", "log_hex", "full_screen",
    "show_setup", "show_detail",
)  # fmt: skip


@pytest.fixture
def clients() -> Iterator[Callable[[Walker], None]]:
    """Open the port and have two clients say something."""
    with contextlib.ExitStack() as stack:

        def come(walker: Walker) -> None:
            walker.ask("serve")
            wait_until(lambda: walker.ask("port")["port"])
            port = walker.ask("port")["port"]
            for said in (b"one\r\n", b"two\r\n"):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
                client.sendall(said)
            wait_until(lambda: " " in walker.ask("picture")["picture"]["clients"])

        yield come


def press(walker: Walker, name: str, way: str) -> None:
    """Do `name` by its key or in the menu."""
    if way == "menu":
        walker.choose(name)
    else:
        walker.hands.press(walker.ask("action", name=name)["keys"][0])


def try_action(walker: Walker, name: str, way: str) -> None:
    """Do one action; take down if that has no effect, and none is promised."""
    for other in FIRST.get(name, ()):
        walker.ask("trigger", name=other)
    action = walker.ask("action", name=name)
    if not action["enabled"]:
        if not action["reason"]:
            walker.faults.append(f"{name}: is off and does not say why")
        return
    if (action["exclusive"] and action["checked"]) or (way == "key" and not action["keys"]):
        return
    in_status = name in SHOWN_IN_STATUS
    before = walker.picture(status=in_status)
    press(walker, name, way)
    if not walker.changes(before, status=in_status):
        walker.faults.append(f"{name}, by {way}: does nothing and says nothing")
    walker.hear(f"{name}, by {way}")
    walker.put_away()
    if walker.ask("action", name=name)["checked"] != action["checked"] and not action["exclusive"]:
        before = walker.picture()
        press(walker, name, way)  # and back
        if not walker.changes(before):
            walker.faults.append(f"{name}, by {way}: does not go back")
        walker.hear(f"{name} and back, by {way}")


def try_all(walker: Walker, again: Callable[[], None], way: str) -> None:
    """Do all actions, after `again` has brought about what there was at first."""
    for name in walker.ask("actions")["names"]:
        if name not in ENDS:
            again()
            try_action(walker, name, way)


@pytest.mark.parametrize("name", SHORT)
def test_an_action_by_its_key_and_in_the_menu(
    walk: Walk, clients: Callable[[Walker], None], name: str
) -> None:
    walker = walk(1280, 720)
    clients(walker)
    for way in ("key", "menu"):
        try_action(walker, name, way)
        clients(walker)
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize("way", ["key", "menu"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_action_while_the_port_is_closed(walk: Walk, way: str, language: str) -> None:
    walker = walk(language=language)
    try_all(walker, lambda: None, way)
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize("way", ["key", "menu"])
@pytest.mark.parametrize("selected", [False, True])
def test_every_action_among_clients(
    walk: Walk, clients: Callable[[Walker], None], way: str, selected: bool
) -> None:
    walker = walk()

    def again() -> None:
        if walker.ask("picture")["picture"]["clients"] == "":
            clients(walker)
        if selected:
            walker.ask("select_client", row=0)

    try_all(walker, again, way)
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize("way", ["key", "menu"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_action_in_large_type_on_a_small_screen(
    walk: Walk, clients: Callable[[Walker], None], way: str, language: str
) -> None:
    walker = walk(1280, 720, type_percent=150, language=language, theme="dark")

    def again() -> None:
        if walker.ask("picture")["picture"]["clients"] == "":
            clients(walker)
        walker.ask("select_client", row=0)

    try_all(walker, again, way)
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize("way", ["key", "menu"])
def test_every_action_in_class(walk: Walk, clients: Callable[[Walker], None], way: str) -> None:
    walker = walk()

    def again() -> None:
        if not walker.ask("action", name="classroom")["checked"]:
            walker.ask("trigger", name="classroom")
        if walker.ask("picture")["picture"]["clients"] == "":
            clients(walker)

    try_all(walker, again, way)
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize("way", ["key", "menu"])
def test_every_action_with_an_old_journal_shown(
    walk: Walk, clients: Callable[[Walker], None], tmp_path: Path, way: str
) -> None:
    path = tmp_path / "old.db"
    journal = Journal(path)
    journal.add_client(ClientRecord(journal.new_client_id(), "10.0.0.1", 5, "gbk", 1))
    journal.append(1, int(Kind.IN), b"old")
    journal.close()
    walker = walk()

    def again() -> None:
        if walker.ask("picture")["picture"]["clients"] == "":
            clients(walker)
        if not walker.ask("action", name="live_journal")["enabled"]:
            walker.ask("show_old", path=str(path))
            wait_until(lambda: walker.ask("action", name="live_journal")["enabled"])
        walker.ask("select_client", row=0)

    try_all(walker, again, way)
    walker.done()


def test_quit_ends_the_program(walk: Walk) -> None:
    walker = walk(1280, 720)
    walker.hands.press("Ctrl+Q")
    assert walker.child.end() == 0
    walker.faults += walker.child.err
    walker.done()
