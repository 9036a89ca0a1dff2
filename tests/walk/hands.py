"""A mouse and a keyboard: what they do reaches the program through the X server (XTEST)."""

from __future__ import annotations

from collections.abc import Sequence

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

_MODIFIERS = {"Ctrl": "Control_L", "Shift": "Shift_L", "Alt": "Alt_L"}
_KEYS = {
    "+": "plus", "-": "minus", "=": "equal", "Esc": "Escape", "Enter": "Return", "Space": "space",
    "PgDown": "Next", "PgUp": "Prior", "Del": "Delete", ".": "period", ",": "comma",
}  # fmt: skip


class Hands:
    """The pointer and the keys of one screen."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)

    def close(self) -> None:
        """Let the screen go."""
        self._display.close()

    def click(self, at: Sequence[int], button: int = 1) -> None:
        """Click in the middle of a rectangle of the screen."""
        x, y, width, height = at
        self.move(x + width // 2, y + height // 2)
        for event in (X.ButtonPress, X.ButtonRelease):
            xtest.fake_input(self._display, event, button)
        self._display.sync()

    def drag(self, at: Sequence[int], far: int) -> None:
        """Press in the middle of a rectangle, move so far down and right, and let go."""
        x, y, width, height = at
        self.move(x + width // 2, y + height // 2)
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self.move(max(x + far, 0), max(y + far, 0))
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.sync()

    def press(self, keys: str) -> None:
        """Press keys, as Qt writes them: "Ctrl+Shift+L"."""
        *held, last = keys.removesuffix("++").split("+") if keys != "+" else ["+"]
        if keys.endswith("++"):
            held, last = [*held, last], "+"
        codes = [self._code(_MODIFIERS[name])[0] for name in held]
        code, shifted = self._code(_KEYS.get(last, last.lower() if len(last) == 1 else last))
        if shifted and "Shift" not in held:
            codes.append(self._code("Shift_L")[0])
        for event, order in ((X.KeyPress, [*codes, code]), (X.KeyRelease, [code, *codes[::-1]])):
            for key in order:
                xtest.fake_input(self._display, event, key)
        self._display.sync()

    def type(self, text: str) -> None:
        """Type plain letters and digits."""
        for letter in text:
            self.press("Space" if letter == " " else letter)

    def _code(self, name: str) -> tuple[int, bool]:
        keysym = XK.string_to_keysym(name)
        places = sorted(self._display.keysym_to_keycodes(keysym), key=lambda place: place[1])
        assert places, f"the keyboard has no {name}"
        return places[0][0], places[0][1] == 1
