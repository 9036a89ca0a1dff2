"""Kits of the user's that do everything wrong: none raises, hangs or breaks anything else."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.frames.fields import MOST_FIELDS, Field
from app.frames.guess import guess_kit
from app.frames.kits import Kit, KitFault, load_kit
from app.frames.shelf import KitShelf, KitState
from app.models.frame_words import words_of
from app.paths import resource
from app.wording.frames import kit_fault_sentence

HEAD = "from portside.kit import Field, Look, Short\nNAME = 'Mine'\n"


def kit_of(folder: Path, text: str) -> Kit:
    path = folder / "mine.py"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_kit(path, limited=True)


@pytest.mark.parametrize(
    "text",
    [
        "raise SystemExit(3)",
        "raise GeneratorExit",
        "class Odd(BaseException): pass\nraise Odd('x')",
        "import no_such_module_at_all",
        "EXAMPLES = 5",
        "EXAMPLES = [5]",
        "PORTS = 5",
        "NAME = 7",
        "x = " + "(" * 5_000 + ")" * 5_000,
        "x = '\0'",
        "from portside.kit import nothing",
        "def f():\n    f()\nf()",
    ],
)
def test_one_that_cannot_be_loaded_is_a_fault_with_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(KitFault) as caught:
        kit_of(tmp_path, text)
    assert "mine.py" in kit_fault_sentence(caught.value)
    assert "\n" not in kit_fault_sentence(caught.value)


def test_of_endless_ports_and_examples_some_are_taken(tmp_path: Path) -> None:
    assert len(kit_of(tmp_path, "import itertools\nPORTS = itertools.repeat(1)").ports) == 1_000
    kit = kit_of(tmp_path, "import itertools\nEXAMPLES = itertools.cycle([('00', '')])")
    assert len(kit.examples) == 1_000


DECODES = {
    "nothing": "return None",
    "numbers": "return [1, 2]",
    "words": "return 'abc'",
    "an endless list": "return iter(lambda: Field('a', 1), 0)",
    "a huge list": f"return [Field('a', 1)] * {MOST_FIELDS + 1}",
    "a name that is none": "return [Field(None, 1)]",
    "a value that is none": "return [Field('a', object())]",
    "a list as a value": "return [Field('a', [1])]",
    "names that are none": "return [Field('a', 1, look=Look([1]))]",
    "a negative width": "return [Field('a', 1, look=Look(None, '', -3))]",
    "a place that is none": "return [Field('a', 1, 'x', None)]",
    "a number nobody can read": "return [Field('a', 1 << 90_000)]",
    "an exit": "raise SystemExit",
    "an odd end": "class Odd(BaseException): pass\n    raise Odd",
    "a short without fields": "raise Short('a', 1, None, 0)",
    "a short of odd fields": "raise Short('a', 1, [5], 0)",
    "no memory": "return bytes(1 << 62)",
    "a generator that fails": "yield Field('a', 1)\n    raise ValueError('x')",
    "endless depth": "return decode(frame)",
}


@pytest.mark.parametrize("body", DECODES.values(), ids=DECODES)
def test_whatever_decode_gives_stands_in_its_row(tmp_path: Path, body: str) -> None:
    kit = kit_of(tmp_path, f"def decode(frame):\n    {body}\n")
    (field,) = kit.decode(b"ab")
    assert (field.name, bool(field.bad)) == ("!", True)
    assert "mine.py" in field.bad
    assert words_of(kit, b"ab", ["a"]).wrong


@pytest.mark.parametrize("body", ["return 'x'", "raise SystemExit", "return 10**30", "return None"])
def test_whatever_split_gives_is_a_number_of_bytes(tmp_path: Path, body: str) -> None:
    kit = kit_of(tmp_path, f"def split(data):\n    {body}\n")
    assert isinstance(kit.split(b"abc"), int)
    assert guess_kit([kit], b"abc") is None


@pytest.mark.parametrize("body", ["return None", "raise SystemExit", "return 'x' * 10**6", "1 / 0"])
def test_whatever_the_others_give_is_words(tmp_path: Path, body: str) -> None:
    text = "".join(f"def {name}(given):\n    {body}\n" for name in ("summary", "check", "sure"))
    kit = kit_of(tmp_path, f"def decode(frame):\n    return [Field('a', 1)]\n{text}")
    assert len(kit.words([Field("a", 1)])) <= 10_000
    assert isinstance(kit.check(b"a"), str)
    assert kit.is_sure(b"a") in (True, False)


@pytest.mark.parametrize("name", ["summary", "check", "sure", "decode"])
def test_one_that_never_ends_is_ended_wherever_it_is(tmp_path: Path, name: str) -> None:
    kit = kit_of(tmp_path, f"def {name}(given):\n    while True:\n        given = given\n")
    asked = {"summary": lambda: kit.words([]), "check": lambda: kit.check(b"a"),
             "sure": lambda: kit.is_sure(b"a"), "decode": lambda: kit.decode(b"a")}  # fmt: skip
    asked[name]()
    assert "mine.py" in kit.health.stuck


def test_what_changes_all_the_time_runs_as_it_was_consented_to_or_not_at_all(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mine.py"
    good, bad = HEAD + "MARK = 'good'\n", HEAD + "raise SystemExit('bad')\n"
    path.write_text(good)
    shelf = KitShelf(resource("kits"), tmp_path)
    item = shelf.own_item("mine")
    assert item is not None
    shelf.switch(item, True)
    over = threading.Event()

    def change() -> None:
        while not over.wait(0.002):
            path.write_text(bad)
            path.unlink()
            path.write_text(good)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(500):
            item = shelf.own_item("mine")
            if item is not None:
                assert item.state in (KitState.OK, KitState.CHANGED), item.fault
    finally:
        over.set()
        thread.join()
