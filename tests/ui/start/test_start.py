"""A quick start leaves nothing as it should not be: compared with a process that does not hurry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.ui.start.signatures import SELDOM

ROOT = Path(__file__).resolve().parents[3]
HURRIED = "from app.ui.start import start_quickly; start_quickly()\n"


def said_by(program: str) -> str:
    """Run a program in a fresh interpreter and return what it printed."""
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


EVERY_ENUMERATION = """
import enum
from PySide6 import QtCore, QtGui, QtWidgets

def enumerations(place, seen):
    for name in dir(place):  # a class of Qt's is made when it is looked at
        found = getattr(place, name, None)
        if isinstance(found, type) and found not in seen:
            seen.add(found)
            if isinstance(found, enum.EnumMeta):
                yield found
            elif found.__module__.startswith("PySide6"):
                yield from enumerations(found, seen)

seen = set()
for module in (QtCore, QtGui, QtWidgets):
    for made in enumerations(module, seen):
        print(made.__module__, made.__qualname__, made.__mro__, len(made), *map(repr, made))
        for name, member in made.__members__.items():
            assert made[name] is member and getattr(made, name) is member
            assert made(member.value) is member and member in made and hash(member) is not None
            print(name, member.name, member.value, str(member), f"{member}", type(member).__mro__)
            if isinstance(member, enum.Flag):
                try:
                    print(~member, member | member, list(member))
                except (AttributeError, ValueError) as error:  # Python's own with a negative flag
                    print(error)
"""


def test_every_enumeration_of_qt_is_as_python_makes_it() -> None:
    hurried = said_by(HURRIED + EVERY_ENUMERATION).splitlines()
    assert len(hurried) > 5_000
    assert hurried == said_by(EVERY_ENUMERATION).splitlines()


def test_an_enumeration_lives_through_a_copy_and_a_pickle() -> None:
    said = said_by(
        HURRIED
        + """
import copy, pickle
from PySide6.QtCore import Qt
for member in (Qt.Key.Key_A, Qt.CheckState.Checked, Qt.AlignmentFlag.AlignLeft):
    assert copy.deepcopy(member) is member and pickle.loads(pickle.dumps(member)) is member
print("done")
"""
    )
    assert said == "done\n"


MISTAKES = """
import inspect
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QColor
for mistake in (
    lambda: QObject().setObjectName(3),
    lambda: QObject().setObjectName(),
    lambda: QObject(nothing=3),
    lambda: QSize("a"),
    lambda: QColor(1, 2, 3, 4, 5, 6),
    lambda: inspect.signature(QObject.setObjectName),
    lambda: inspect.signature(QSize.scaled),
    lambda: Qt.Key.__signature__,
):
    try:
        print(mistake())
    except Exception as error:
        print(repr(error))
"""


def test_a_wrong_call_is_told_in_the_same_words() -> None:
    hurried = said_by(HURRIED + MISTAKES)
    assert "setObjectName(int)" in hurried
    assert hurried == said_by(MISTAKES)


@pytest.mark.parametrize("name", SELDOM)
def test_what_is_seldom_asked_for_is_there_when_it_is(name: str) -> None:
    look = f"import PySide6.QtCore, sys\nmodule = sys.modules['shibokensupport.signature.{name}']\n"
    # What stands for the module has no such name; what it fetches has every one.
    names = "print(sorted(n for n in vars(module) if n[0] != '_' and not n.startswith('whole_')))"
    ask = "hasattr(module, 'nobody_has_this')\n"
    assert said_by(HURRIED + look + ask + names) == said_by(look + names)


def test_python_is_left_as_it_was() -> None:
    said = said_by(
        """
import builtins, enum, gc
before = builtins.compile, enum.EnumMeta._create_
from app.ui.start import start_quickly, started
start_quickly()
assert not gc.isenabled() and enum.EnumMeta._create_ is not before[1]
started()
assert (builtins.compile, enum.EnumMeta._create_) == before and gc.isenabled()
class Own(enum.Enum):
    ONE = 1
print(Own.ONE, enum.Enum("Late", [("A", 1)]).A, gc.get_freeze_count() > 0)
"""
    )
    assert said == "Own.ONE Late.A True\n"
