"""Which kits may run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.frames.shelf import KitItem, KitShelf, KitState
from app.paths import resource
from app.ui.kits.files import TEMPLATE, copy_kit, is_name, new_kit

RAN = "import builtins\nbuiltins.kit_ran = getattr(builtins, 'kit_ran', 0) + 1\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "kits"


def shelf_of(own: Path, choices: str = "") -> KitShelf:
    return KitShelf(resource("kits"), own, choices)


def mine(shelf: KitShelf, name: str = "mine") -> KitItem:
    return next(item for item in shelf.items() if item.own and item.id == name)


def save(path: Path, text: str, at_s: int = 0) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(0, 1_700_000_000_000_000_000 + at_s * 1_000_000_000))


def test_ours_are_there_and_can_be_switched_off(own: Path) -> None:
    shelf = shelf_of(own)
    assert [item.state for item in shelf.items()] == [KitState.OK] * 15
    item = shelf.items()[0]
    shelf.switch(item, False)
    assert shelf.find(item.id) is None
    assert shelf_of(own, shelf.choices).find(item.id) is None
    shelf.switch(item, True)
    assert shelf.find(item.id) is not None
    assert shelf.choices == ""


def test_nothing_of_the_users_runs_before_it_is_switched_on(own: Path) -> None:
    path = new_kit(own, "mine")
    save(path, RAN.replace("kit_ran", "kit_ran_unasked") + TEMPLATE.partition("\n\n")[2])
    shelf = shelf_of(own)
    assert shelf.find("mine") is None
    assert mine(shelf).state is KitState.OFF
    import builtins

    assert not hasattr(builtins, "kit_ran_unasked")
    shelf.switch(mine(shelf), True)
    assert shelf.find("mine") is not None
    assert builtins.kit_ran_unasked == 1  # type: ignore[attr-defined]
    del builtins.kit_ran_unasked  # type: ignore[attr-defined]


def test_a_changed_file_is_asked_for_again_unless_its_user_writes_it(own: Path) -> None:
    path = new_kit(own, "mine")
    shelf = shelf_of(own)
    shelf.switch(mine(shelf), True)
    save(path, TEMPLATE.replace('"My protocol"', '"Other"'), 1)
    assert shelf_of(own, shelf.choices).find("mine") is None
    assert mine(shelf).state is KitState.CHANGED
    shelf.switch(mine(shelf), True)
    shelf.set_writing(mine(shelf), True)
    save(path, TEMPLATE.replace('"My protocol"', '"Third"'), 2)
    found = shelf_of(own, shelf.choices).find("mine")
    assert found is not None
    assert found.name == "Third"


def test_one_that_fails_never_replaces_the_one_that_works(own: Path) -> None:
    path = new_kit(own, "mine")
    shelf = shelf_of(own)
    shelf.switch(mine(shelf), True)
    shelf.set_writing(mine(shelf), True)
    good = shelf.find("mine")
    for number, bad in enumerate(("def (", TEMPLATE.replace("258", "259")), 1):
        save(path, bad, number)
        assert mine(shelf).state is KitState.FAILED
        assert mine(shelf).fault is not None
        assert shelf.find("mine") is good
    save(path, TEMPLATE, 9)
    assert mine(shelf).state is KitState.OK
    assert mine(shelf).fault is None


def test_twenty_errors_in_a_row_switch_a_kit_off_until_it_is_saved(own: Path) -> None:
    path = new_kit(own, "mine")
    text = TEMPLATE.replace("r = Reader(frame)", "r = Reader(frame); 1 / (len(frame) - 9)")
    save(path, text)
    shelf = shelf_of(own)
    shelf.switch(mine(shelf), True)
    kit = shelf.find("mine")
    assert kit is not None
    for _ in range(20):
        assert "ZeroDivisionError" in kit.decode(bytes(9))[0].bad
    assert kit.decode(bytes(9)) == []
    assert mine(shelf).state is KitState.TIRED
    shelf.set_writing(mine(shelf), True)
    save(path, TEMPLATE, 5)
    assert mine(shelf).state is KitState.OK


def test_a_copy_of_ours_takes_its_place(own: Path) -> None:
    shelf = shelf_of(own)
    path = copy_kit(resource("kits/modbus_tcp.py"), own)
    ours = shelf.find("modbus_tcp")
    assert ours is not None
    assert ours.path == resource("kits/modbus_tcp.py")  # the copy was not switched on
    shelf.switch(mine(shelf, "modbus_tcp"), True)
    own_one = shelf.find("modbus_tcp")
    assert own_one is not None
    assert own_one.path == path
    with pytest.raises(FileExistsError):
        copy_kit(resource("kits/modbus_tcp.py"), own)


@pytest.mark.parametrize("name", ["", "../x", "a b", "1a", "é", "a" * 41, "x.py"])
def test_a_kits_file_has_a_plain_name(own: Path, name: str) -> None:
    assert not is_name(name)
    assert shelf_of(own).find(name) is None


@pytest.mark.parametrize("choices", ["[", "[1]", '{"jt808": 3}', "{" * 5_000])
def test_damaged_choices_are_as_none(own: Path, choices: str) -> None:
    assert shelf_of(own, choices).find("jt808") is not None


@pytest.mark.parametrize(
    "text",
    [
        "while True:\n    pass\n" + TEMPLATE,
        TEMPLATE.replace("    r = Reader(frame)", "    while True:\n        frame = frame"),
        TEMPLATE.replace(
            "    if len(data) < 3:", "    while data:\n        start += 1\n    if not data:"
        ),
    ],
    ids=["at loading", "in decode", "in split"],
)
def test_a_loop_without_an_end_is_ended_and_its_line_told(own: Path, text: str) -> None:
    path = new_kit(own, "mine")
    save(path, text)
    shelf = shelf_of(own)
    shelf.switch(mine(shelf), True)
    item = mine(shelf)
    assert item.state is KitState.FAILED
    assert item.fault is not None
    assert item.fault.case == "endless"
    lines = text.splitlines()
    assert item.fault.line - 1 in (
        n + d for n, x in enumerate(lines) if "while" in x for d in (0, 1)
    )


def test_a_kit_that_does_not_end_later_is_asked_no_more(own: Path) -> None:
    path = new_kit(own, "mine")
    save(
        path,
        TEMPLATE.replace(
            "    r = Reader(frame)",
            "    while len(frame) == 9:\n        pass\n    r = Reader(frame)",
        ),
    )
    shelf = shelf_of(own)
    shelf.switch(mine(shelf), True)
    kit = shelf.find("mine")
    assert kit is not None
    assert "mine.py:" in kit.decode(bytes(9))[0].bad
    assert "mine.py:" in kit.decode(bytes(8))[0].bad
    assert mine(shelf).state is KitState.TIRED
