"""What holds for the whole source: who may import whom, sizes, and catalogues without gaps."""

from __future__ import annotations

import ast
import json
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

from app.wording import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "resources" / "i18n"
SOURCES = sorted((ROOT / "app").rglob("*.py"))
AREAS = sorted({path.stem for language in LANGUAGES for path in (CATALOGUES / language).iterdir()})

LONGEST_FUNCTION = 60  # lines: what fits a screen
LONGEST_FILE = 330
# The tutorial's reply; the texts of the self-test, the demo clients and the experiments; what
# teachers write in their lessons.
CHINESE_BY_NATURE = ("settings.py", "visit.py", "habits.py", "samples.py", "teachers_words.py")


def test_imports_go_downwards_only() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_console_works_where_qt_is_not_installed() -> None:
    program = """
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(name)
sys.meta_path.insert(0, NoQt())
import app.__main__, app.cli.console
print(*{"PySide6", "shiboken6"} & set(sys.modules), "without Qt")
"""
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert (result.stdout.strip(), result.stderr) == ("without Qt", "")


def test_widgets_only_in_the_ui() -> None:
    """Models and the bridge know no widgets and no colours; the self-test tries the ui."""
    offenders = {
        name
        for path in SOURCES
        if not {"ui", "self_test"} & set(path.relative_to(ROOT).parts)
        for name in imports(path)
        if name.startswith("PySide6.") and not name.startswith("PySide6.QtCore")
    }
    assert not offenders


def test_functions_fit_a_screen_and_files_hold_one_idea() -> None:
    offenders = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST_FILE:
            offenders.append(f"{path}: {text.count(chr(10))} lines")
        offenders += [
            f"{path}: {node.name}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
        ]
    assert not offenders


def test_every_painter_ends_with_its_block() -> None:
    """One that an exception keeps alive beyond its paint event ends the program (SIGSEGV)."""
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        blocks = {
            id(item.context_expr)
            for node in ast.walk(tree)
            if isinstance(node, ast.With)
            for item in node.items
        }
        loose = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func) == "QPainter"
            and id(node) not in blocks
        ]
        assert not loose, f"{path}: lines {loose}"


def test_words_for_the_user_stand_in_the_catalogues() -> None:
    """Chinese in the source is a default or an example, never a sentence on the screen."""
    offenders = [
        f"{path}: {node.value}"
        for path in SOURCES
        if path.name not in CHINESE_BY_NATURE and path.parent.name != "text"
        for node in ast.walk(without_docstrings(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"[\u4e00-\u9fff]", node.value)
    ]
    assert not offenders


@pytest.mark.parametrize("area", AREAS)
def test_a_catalogue_says_the_same_in_every_language(area: str) -> None:
    chinese, english = (read_catalogue(name, area) for name in ("zh_CN", "en"))
    # A plural form of its own is for languages that have one.
    assert {key for key in english if not key.endswith(".one")} == {
        key for key in chinese if not key.endswith(".one")
    }
    for key, words in english.items():
        other = chinese.get(key, chinese.get(key.removesuffix(".one"), ""))
        if key.endswith(".one"):
            assert fields(words) <= fields(other) | {"n"}, key
        else:
            assert fields(words) == fields(other), key


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("name", LANGUAGES)
def test_no_word_is_empty_or_defined_twice(area: str, name: str) -> None:
    words = read_catalogue(name, area)
    assert all(isinstance(value, str) and value.strip() for value in words.values())


def test_every_word_that_is_asked_for_exists() -> None:
    known = {f"{area}.{key}" for area in AREAS for key in read_catalogue("en", area)}
    unknown = [
        f"{path}: {node.args[0].value}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if is_tr(node) and isinstance(node.args[0], ast.Constant)
        if node.args[0].value not in known
    ]
    assert not unknown


def is_tr(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr"


def read_catalogue(language: str, area: str) -> dict[str, str]:
    def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names)), f"twice in {language}/{area}: {names}"
        return dict(pairs)

    text = (CATALOGUES / language / f"{area}.json").read_text(encoding="utf-8")
    return json.loads(text, object_pairs_hook=once)


def fields(words: str) -> set[str]:
    found = {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}
    assert all(name.isidentifier() for name in found), words
    return found


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def without_docstrings(path: Path) -> ast.Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [n for n in body if not is_bare_text(n)]  # type: ignore[attr-defined]
    return tree


def is_bare_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


# Rooms and packages that come when they are first used: what begins with one of these.
NOT_FOR_THE_FIRST_PAINT = (
    *("asyncio", "email", "psutil", "ssl", "subprocess", "tempfile", "unittest"),
    *(
        "ctypes",
        "datetime",
        "hashlib",
        "html",
        "logging.handlers",
        "secrets",
        "selectors",
        "socket",
    ),
    *("PySide6.QtDBus", "PySide6.QtNetwork", "anycrc", "unicodedata"),
    *("app.frames.c", "app.frames.f", "app.frames.k", "app.frames.s", "app.frames.w"),
    *("app.bridge.listener", "app.cli.options", "app.text.guess", "app.text.stray"),
    *("app.journal.context", "app.journal.history", "app.journal.needle", "app.journal.pattern"),
    *("app.models.frame", "app.models.framing_plan", "app.models.log_page"),
    *("app.teaching.calls", "app.teaching.pairs", "app.wording.frames"),
    *("app.ui.heap", "app.ui.log.speech", "app.ui.reports", "app.report.found"),
    *(
        "app.evidence.formats",
        "app.evidence.source",
        "app.journal.find",
        "app.journal.journal",
        "app.journal.shelf",
        "app.journal.writer",
    ),
    *("app.net.addresses", "app.net.server", "app.net.session", "app.reply"),
    *("app.models.call_", "app.models.log_gather", "app.models.log_search"),
    *("app.models.stream_", "app.models.timeline", "sqlite3"),
    *(f"app.ui.classroom.{piece}" for piece in ("calls", "crowd.", "source", "stream")),
    *(
        f"app.ui.stage.{part}"
        for part in ("foot", "place", "seen", "stage", "story", "top", "warm")
    ),
    *(f"app.ui.classroom.{piece}" for piece in ("editor", "exercises", "myserver")),
    *("app.bridge.hosting", "app.teaching.exercises", "app.teaching.programs"),
    *("app.bridge.assembly", "app.teaching.roll", "app.ui.classroom.assembly", "segno"),
    *("app.ui.classroom.timeline", "app.teaching.crowd", "app.teaching.experiments"),
    *("app.teaching.recorder", "app.teaching.lessons"),
    *("app.ui.clients.menu", "app.ui.composer.history_popup", "app.ui.firewall"),
    *("app.ui.journals", "app.ui.log.menu"),
    *("app.ui.log.detail_chunk", "app.self_test"),
)

MOST_BEFORE_THE_FIRST_PAINT = 199  # modules of ours


def test_nothing_is_imported_before_the_first_paint_that_it_does_not_need() -> None:
    program = """
import sys
from app.__main__ import Arguments
from app.paths import find_places
from app.ui.application import Program, make_application
application = make_application()
program = Program(application, Arguments(), find_places())
program.window.show()
while not program.window.windowHandle().isExposed():
    application.processEvents()
program.window.grab()
print(*sys.modules)
program.window.end()
program.stop()
"""
    bare = "import sys; from PySide6.QtWidgets import QApplication, QLabel; print(*sys.modules)"
    ours, inherent = (
        subprocess.run(
            [sys.executable, "-c", text], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.split()
        for text in (program, bare)
    )
    early = [name for name in ours if name.startswith(NOT_FOR_THE_FIRST_PAINT)]
    assert "app.ui.window" in ours
    assert sorted(set(early) - set(inherent)) == []
    # Whoever needs one more may find one that can wait: the least costs 0.3 ms.
    assert sum(name.startswith("app") for name in ours) <= MOST_BEFORE_THE_FIRST_PAINT


def test_no_process_is_started_with_a_black_window_on_windows() -> None:
    """A child of a windowed program gets a console of its own there, unless it is told not to."""
    offenders = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.FunctionDef) and not node.name.startswith("_mac_")):
                continue
            offenders += [
                f"{path.name}: {node.name}"
                for call in ast.walk(node)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in ("Popen", "run", "call", "check_call", "check_output")
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "subprocess"
                and "creationflags" not in {keyword.arg for keyword in call.keywords}
            ]
    assert not offenders
