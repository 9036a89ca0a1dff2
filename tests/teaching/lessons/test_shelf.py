"""Which lessons there are, in which order, and the teacher's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.teaching.lessons.folder import adapt, make_folder
from app.teaching.lessons.reading import Fault
from app.teaching.lessons.shelf import MOST_FILES, Contents, Shelf
from app.teaching.lessons.teachers_words import HOW_TO_NAMES


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    for language, word in (("zh_CN", "课"), ("en", "Lesson")):
        (folder / language).mkdir(parents=True)
        for name in ("010-one", "020-two", "100-ten"):
            (folder / language / f"{name}.md").write_text(f"# {word} {name}\n", "utf-8")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture
def shelf(ours: Path, own: Path) -> Shelf:
    return Shelf(ours, own)


def titles(contents: Contents) -> list[str]:
    return [volume.lesson.title for volume in contents.volumes]


def drop(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, "utf-8")


def test_ours_are_sorted_by_number_and_counted(shelf: Shelf) -> None:
    contents = shelf.look("zh_CN", {})
    assert titles(contents) == ["课 010-one", "课 020-two", "课 100-ten"]
    assert [volume.number for volume in contents.volumes] == [1, 2, 3]
    assert not any(volume.is_own for volume in contents.volumes)
    assert titles(shelf.look("en", {}))[0] == "Lesson 010-one"


def test_own_lessons_stand_where_their_numbers_say(shelf: Shelf, own: Path) -> None:
    drop(own, "15-between.md", "# Between")
    drop(own, "last.md", "# Last")
    drop(own, "0-first.md", "# First")
    drop(own, "020-a.md", "# Before two, by its name")
    contents = shelf.look("en", {})
    assert titles(contents) == [
        "First", "Lesson 010-one", "Between", "Before two, by its name", "Lesson 020-two",
        "Lesson 100-ten", "Last",
    ]  # fmt: skip
    assert [v.is_own for v in contents.volumes] == [True, False, True, True, False, False, True]


def test_the_same_name_takes_the_place_of_ours(shelf: Shelf, own: Path) -> None:
    drop(own, "020-Two.md", "# Mine")
    assert titles(shelf.look("en", {}))[1] == titles(shelf.look("zh_CN", {}))[1] == "Mine"
    drop(own, "020-two.zh_CN.md", "# 我的")
    assert titles(shelf.look("zh_CN", {}))[1] == "我的"
    assert titles(shelf.look("en", {}))[1] == "Mine"
    (own / "020-Two.md").unlink()
    assert titles(shelf.look("en", {}))[1] == "Lesson 020-two", "ours in the right language"
    (own / "020-two.zh_CN.md").unlink()
    assert titles(shelf.look("zh_CN", {}))[1] == "课 020-two"


def test_a_lesson_in_one_language_is_shown_in_both(shelf: Shelf, ours: Path, own: Path) -> None:
    drop(own, "30-three.zh_CN.md", "# 三")
    (ours / "en" / "100-ten.md").unlink()
    assert titles(shelf.look("en", {})) == [
        "Lesson 010-one", "Lesson 020-two", "三", "课 100-ten",
    ]  # fmt: skip


def test_a_broken_file_hides_nothing(shelf: Shelf, own: Path) -> None:
    (own / "020-two.md").write_bytes("你好".encode("gbk"))
    (own / "30-x.md").mkdir()
    drop(own, "late.md.txt", "# Late")
    drop(own, "notes.txt", "no lesson")
    contents = shelf.look("en", {})
    assert titles(contents) == ["Lesson 010-one", "Lesson 020-two", "Lesson 100-ten"]
    assert [(flaw.file_name, flaw.fault) for flaw in contents.flaws] == [
        ("020-two.md", Fault.NOT_UTF8),
        ("30-x.md", Fault.NO_FILE),
        ("late.md.txt", Fault.MISNAMED),
    ]


def test_dangling_links_are_named_once_and_other_lessons_are_known(shelf: Shelf, own: Path) -> None:
    drop(own, "30-x.md", "# X\n[a](lesson:020-TWO) [b](lesson:gone) [c](lesson:gone) [d](http:x)")
    (flaw,) = shelf.look("en", {}).flaws
    assert (flaw.file_name, flaw.fault, flaw.detail) == ("30-x.md", Fault.DANGLING, "lesson:gone")


def test_a_changed_file_is_read_again(shelf: Shelf, own: Path) -> None:
    drop(own, "30-x.md", "# Old")
    assert "Old" in titles(shelf.look("en", {}))
    drop(own, "30-x.md", "# New")
    os.utime(own / "30-x.md", ns=(1, 1))  # a clock may be coarse
    assert "New" in titles(shelf.look("en", {}))


def test_there_is_an_end_to_it(shelf: Shelf, own: Path) -> None:
    for number in range(MOST_FILES + 2):
        drop(own, f"{1000 + number}.md", "# x")
    contents = shelf.look("en", {})
    assert len(contents.volumes) == 3 + MOST_FILES
    assert [(f.file_name, f.fault) for f in contents.flaws] == [
        (f"{1000 + MOST_FILES}.md", Fault.TOO_MANY)
    ]


def test_nothing_at_all_is_no_error(tmp_path: Path) -> None:
    assert Shelf(tmp_path / "a", tmp_path / "b").look("en", {}) == Contents()
    drop(tmp_path, "file", "")
    contents = Shelf(tmp_path / "a", tmp_path / "file").look("en", {})
    assert [flaw.fault for flaw in contents.flaws] == [Fault.UNREADABLE]


def test_the_folder_is_made_with_a_how_to_that_is_no_lesson(ours: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "lessons"
    for language, name in HOW_TO_NAMES.items():
        make_folder(folder, language)
        assert "25-queues.md" in (folder / name).read_text("utf-8-sig")
        (folder / name).write_text("mine", "utf-8")
        make_folder(folder, language)
        assert (folder / name).read_text("utf-8") == "mine"
    assert len(Shelf(ours, folder).look("en", {}).volumes) == 3


def test_ours_can_be_adapted(shelf: Shelf, own: Path) -> None:
    first = shelf.look("en", {}).volumes[0]
    copy = adapt(first.lesson, own, "en")
    assert copy.name == "010-one.en.md"
    drop(own, copy.name, "# Changed")
    assert adapt(first.lesson, own, "en").read_text("utf-8") == "# Changed", "never written over"
    volume = shelf.look("en", {}).volumes[0]
    assert (volume.lesson.title, volume.is_own) == ("Changed", True)
    assert shelf.look("zh_CN", {}).volumes[0].lesson.title == "课 010-one"
