"""The lessons that come with the program: complete in both languages, and what they say is so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app.paths import resource
from app.teaching.experiments.catalogue import EXPERIMENTS
from app.teaching.lessons.links import parse_link
from app.teaching.lessons.reading import Lesson, read_lesson
from app.teaching.lessons.shelf import Shelf
from app.ui.classroom.lessons.errands import TARGETS
from app.wording import LANGUAGES, set_language, tr

ROOT = resource("lessons")
PATHS = sorted(ROOT.glob("*/*.md"))
_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def lesson(path: Path) -> Lesson:
    found = read_lesson(path)
    assert isinstance(found, Lesson), found
    return found


@pytest.fixture(params=PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def each(request: pytest.FixtureRequest) -> Lesson:
    return lesson(request.param)


def test_each_is_there_in_both_languages_with_the_same_links() -> None:
    names = {language: {p.name for p in (ROOT / language).iterdir()} for language in LANGUAGES}
    assert names["zh_CN"] == names["en"]
    assert len(names["en"]) >= 12
    for name in names["en"]:
        chinese, english = (lesson(ROOT / language / name) for language in ("zh_CN", "en"))
        assert chinese.hrefs == english.hrefs, name
        assert len(_CODE.findall(chinese.text)) == len(_CODE.findall(english.text)), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_link_leads_nowhere_or_out(language: str) -> None:
    contents = Shelf(ROOT, ROOT / "nobody's").look(language, TARGETS)
    assert not contents.flaws
    links = [parse_link(href) for v in contents.volumes for href in v.lesson.hrefs]
    assert None not in links


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_how_to_names_every_lesson_and_every_place(language: str) -> None:
    words = set(re.split(r"[^\w-]+", (ROOT / f"how-to.{language}.txt").read_text("utf-8")))
    assert {path.stem for path in PATHS} <= words
    for targets in TARGETS.values():
        assert targets <= words


def test_every_experiment_has_its_lesson() -> None:
    said = {href for path in (ROOT / "en").iterdir() for href in lesson(path).hrefs}
    assert {f"experiment:{name}" for name in EXPERIMENTS} <= said


def test_each_has_a_length_something_to_do_and_a_question(each: Lesson) -> None:
    words = re.findall(r"[\u4e00-\u9fff]|[A-Za-z0-9_']+", each.text + each.answer)
    low, high = (450, 1000) if each.path.parent.name == "zh_CN" else (250, 560)
    assert low <= len(words) <= high
    headings = re.findall(r"^## (.+)$", each.text, re.MULTILINE)
    expected = ["动手", "想一想"] if each.path.parent.name == "zh_CN" else [
        "Try it", "Think about it",
    ]  # fmt: skip
    assert headings[-2:] == expected
    assert each.answer


def test_windows_is_spoken_of_in_each(each: Lesson) -> None:
    """Where a fact differs there, or that it does not."""
    systems = ("Windows", "哪个系统上都一样", "same on every system")
    assert any(words in each.text for words in systems)


def test_its_python_is_python(each: Lesson) -> None:
    for code in _CODE.findall(each.text):
        is_part = code.startswith(" ")
        assert ast.parse(f"while True:\n{code}" if is_part else code).body


def test_names_of_controls_are_those_of_the_window(each: Lesson) -> None:
    """What a student is told to press exists under that name."""
    language = each.path.parent.name
    set_language(language)
    known = {
        words
        for key in (
            "classroom.lessons", "clients.disconnect", "stream.naive", "calls.waits", "source.own",
            "crowd.talkative", "crowd.silent", "clients.column_bytes_out", "clients.column_waiting",
            "clients.column_reason", "framing.kind_delimiter", "kits.new",
            "servers.add",
        )
        for words in (tr(key), tr(key).rstrip("…"))
    }  # fmt: skip
    chinese, english = (
        r"(?:给|点|按|打开|切换到|表里的|表的)“([^”]+)”",
        r'(?:beside|tab|choose|on|at|and) "([^"]+)"',
    )
    names = set(re.findall(chinese if language == "zh_CN" else english, each.text))
    assert names <= known | {"运行"}, names - known


def test_what_the_lessons_say_of_encodings_is_so() -> None:
    hello = "你好".encode("gbk")
    assert hello.hex(" ").upper() == "C4 E3 BA C3"
    assert "你".encode().hex(" ").upper() == "E4 BD A0"
    assert "你好".encode().decode("gbk") == "浣犲ソ"
    assert hello.decode("utf-8", "replace") == "���"
    assert "��".encode().decode("gbk") == "锟斤拷"
    assert hello[:3].decode("gbk", "ignore") == "你"
    assert hello[:3].decode("gbk", "replace") == "你�"
    with pytest.raises(UnicodeDecodeError):
        hello[:3].decode("gbk")
    with pytest.raises(UnicodeEncodeError):
        "😀".encode("gbk")
    assert [bytes([byte]).decode("gbk", "replace") for byte in hello] == ["�"] * 4
    assert len("😀".encode()) == 4
    assert "😀".encode("gb18030").decode("gb18030") == "😀"
