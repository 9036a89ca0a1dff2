"""Somebody who uses the program: looks, clicks, types, and complains of what is wrong."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.program import ROOT, Program
from tests.support.wait import wait_until
from tests.walk.hands import Hands

START_S, ANSWER_S, EFFECT_S = 40.0, 30.0, 3.0
RESTS = 5  # so many looks one after the other see the same
NEW_SETTINGS = {"language": "en", "theme": "light"}
Seen = dict[str, Any]


class Walker:
    """The running program, and what was wrong with it so far."""

    def __init__(self, child: Program, hands: Hands) -> None:
        self.child = child
        self.hands = hands
        self.faults: list[str] = []
        self._known: set[str] = set()
        self._asked = 0
        wait_until(lambda: self.ask("ready")["ready"], START_S, self._dead)
        self.ask("late")  # how long the start takes is measured elsewhere

    # -- looking ---------------------------------------------------------------------------------

    def ask(self, what: str, **rest: object) -> Seen:
        """Ask the program; what was clicked before has been taken up by then."""
        self._asked += 1
        self.child.type(json.dumps({"do": what, "number": self._asked, **rest}))
        wait_until(lambda: self._answer() or self._ended(), ANSWER_S, self._dead)
        answer = self._answer()
        assert answer, self._dead()
        return answer

    def _answer(self) -> Seen | None:
        """Return the answer to what was asked last."""
        said = next((line for line in reversed(self.child.out) if line.startswith("{")), "{}")
        answer: Seen = json.loads(said)
        return answer if answer.get("number") == self._asked else None

    def picture(self, *, status: bool = False) -> dict[str, str]:
        """Return all by which a user notices a change, once it rests."""
        seen: list[Seen] = [self.ask("picture", status=status)["picture"]]

        def rests() -> bool:
            seen.append(self.ask("picture", status=status)["picture"])
            return seen[-1] == seen[-2]

        with contextlib.suppress(AssertionError):  # some things never rest
            wait_until(rests, EFFECT_S)
        return dict(seen[-1])

    def changes(self, before: dict[str, str], *, status: bool = False) -> bool:
        """Whether anything becomes different from `before`."""
        try:
            wait_until(lambda: self.ask("picture", status=status)["picture"] != before, EFFECT_S)
        except AssertionError:
            return False
        return True

    def controls(self, **wanted: object) -> list[Seen]:
        """Return what is on the screen and has these properties; a pattern for each text."""
        return [
            seen
            for seen in self.ask("controls")["controls"]
            if all(_fits(seen[name], value) for name, value in wanted.items())
        ]

    def first(self, **wanted: object) -> Seen:
        """Wait for a control with these properties, and return it where it rests."""
        wait_until(
            lambda: self.controls(in_sight=True, **wanted), message=lambda: f"there is no {wanted}"
        )
        self.picture()
        return self.controls(in_sight=True, **wanted)[0]

    def judge(self, where: str) -> None:
        """Take down what is cut off, outside the screen or late; each flaw where it came first."""
        for flaw in self.ask("flaws")["flaws"]:
            if flaw not in self._known:
                self._known.add(flaw)
                self.faults.append(f"{where}: {flaw}")
        self.hear(where)

    def hear(self, where: str) -> None:
        """Take down what the program said on stderr, and whether the window stood still."""
        self.faults += [f"{where}: the window was {late}" for late in self.ask("late")["late"]]
        self.faults += [f"{where}: on stderr: {line}" for line in self.child.err]
        self.child.err.clear()

    # -- doing -----------------------------------------------------------------------------------

    def choose(self, action: str) -> None:
        """Choose an action in the menus with the mouse."""
        there = False
        while not there:
            way = self.ask("in_menu", name=action)
            assert way["at"], f"{action} stands in no menu"
            there = way["there"]
            self.hands.click(way["at"])

    def put_away(self) -> None:
        """Close whatever popped up, with Esc; what stays open is a fault."""
        for _ in range(4):
            if not self.popped_up():
                return
            self.hands.press("Esc")
            with contextlib.suppress(AssertionError):
                wait_until(lambda: not self.popped_up(), EFFECT_S)
        for stays in self.popped_up()[:1]:
            self.faults.append(f"Esc does not close {stays['kind']} {stays['text']!r}")
        self.hands.click([0, 0, 2, 2])

    def popped_up(self) -> list[Seen]:
        """Return the dialogs and popups that are open."""
        return [seen for seen in self.ask("controls")["controls"] if seen["modal"] or seen["popup"]]

    def become(self, width: int, height: int) -> None:
        """Give the window this size; 0: as large as the screen. Its manager is done by then."""
        self.ask("size", width=width, height=height)
        seen: list[Seen] = []

        def rests() -> bool:
            seen.append(self.ask("has_size")["has"])
            large = seen[-1]["large"] if width == 0 else not seen[-1]["maximised"]
            return (
                bool(large) and len(seen) > RESTS and all(has == seen[-1] for has in seen[-RESTS:])
            )

        wait_until(rests, message=lambda: f"the window does not come to rest: {seen[-3:]}")
        self.picture()

    # -- the end ---------------------------------------------------------------------------------

    def done(self) -> None:
        """Fail with everything that was wrong."""
        assert not self.faults, "\n".join(dict.fromkeys(self.faults))

    def _ended(self) -> bool:
        return self.child.process.poll() is not None

    def _dead(self) -> str:
        ended = self.child.process.poll()
        how = f"ended by itself with {ended}"
        if ended is None:  # where it stands, faulthandler says
            self.child.end(signal.SIGABRT)
            how = "gives no answer"
        return "\n".join([f"the program {how}", *self.child.err])


@contextlib.contextmanager
def walker(display: str, **settings: object) -> Iterator[Walker]:
    """Start the program on a screen; when the block ends it is closed as a user does."""
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "tests.walk.child",
         json.dumps(NEW_SETTINGS | settings)],
        cwd=os.environ["HOME"],  # a file that is written without a folder lies there
        env=_environment(display),
        text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    child, hands = Program(process), Hands(display)
    try:
        yield Walker(child, hands)
    finally:
        hands.close()
        child.clean_up()


def _environment(display: str) -> dict[str, str]:
    hidden = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "PYTEST_CURRENT_TEST")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"DISPLAY": display, "LANGUAGE": "en", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}


def _fits(seen: object, wanted: object) -> bool:
    if isinstance(wanted, str) and isinstance(seen, str):
        return re.search(wanted, seen) is not None
    if isinstance(wanted, str) and isinstance(seen, list):
        return wanted in seen
    return seen == wanted


Look = Callable[[Walker], None]
