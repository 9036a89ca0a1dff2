"""Everything that the program brings along is there and can be used."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QImage

from app.net import server, session
from app.paths import resource
from app.self_test.steps import SelfTestFailed, Steps
from app.teaching.lessons.shelf import Shelf
from app.ui.application import Program
from app.ui.classroom.lessons.errands import TARGETS
from app.ui.stage.pages import PIECES
from app.ui.theme import theme
from app.wording import LANGUAGES, tr

ICON = QSize(24, 24)
_FIRST_LINES = (server.Server, session.Session)  # shown in the classroom as they run


def check_parts(program: Program, steps: Steps) -> None:
    """Take a step for each kind of part."""
    steps.take("icons", _draw_icons)
    steps.take("words", lambda: _speak(program))
    steps.take("classroom", lambda: _enter_classroom(program))
    steps.take("sources", _read_sources)
    steps.take("lessons", _read_lessons)


def _draw_icons() -> None:
    """Draw each icon by itself, and those of the style sheet by Qt's own plugin for SVG."""
    names = sorted(path.stem for path in resource("icons").glob("*.svg"))
    blank = [name for name in names if _is_blank(theme().icon(name).pixmap(ICON).toImage())]
    images = [path.name for path in resource("images/light").glob("*.svg")]
    blank += [name for name in images if _is_blank(QImage(f"{theme().images}{name}"))]
    if blank or not names or not images:
        raise SelfTestFailed(tr("console.self_test_icons", names=", ".join(blank)))


def _is_blank(image: QImage) -> bool:
    return image.isNull() or not any(bytes(image.constBits()))


def _speak(program: Program) -> None:
    """Change the window's language to and fro; Qt's own buttons must follow."""
    before = program.controller.settings.language
    for name in LANGUAGES:
        _check_catalogues(name)
        program.controller.change(language=name)
        QCoreApplication.processEvents()  # the window hears of it by an event
        cancel = QCoreApplication.translate("QPlatformTheme", "Cancel")
        followed = program.window.windowTitle() == tr("window.title")
        if not followed or (cancel == "Cancel") != (name == "en"):
            raise SelfTestFailed(tr("console.self_test_words", language=name))
    program.controller.change(language=before)


def _check_catalogues(language: str) -> None:
    """Every area must be there in every language, with words."""
    areas = {path.name for name in LANGUAGES for path in resource(f"i18n/{name}").glob("*.json")}
    for area in areas:
        if not json.loads(resource(f"i18n/{language}/{area}").read_bytes()):
            raise SelfTestFailed(tr("console.self_test_words", language=language))


def _enter_classroom(program: Program) -> None:
    """Show every piece of the classroom once: each is imported only when it is first shown."""
    command, door = program.window.commands["classroom"], program.window.classroom
    command.trigger()
    for spec in PIECES:
        door.show_piece(spec.name)
        QCoreApplication.processEvents()
    command.trigger()
    if door.is_on:
        raise SelfTestFailed(tr("console.self_test_classroom"))


def _read_lessons() -> None:
    """Read the lessons in each language: all whole, all there, no link into nowhere."""
    shelf = Shelf(resource("lessons"), resource("lessons") / "nobody's")
    keys = []
    for name in LANGUAGES:
        contents = shelf.look(name, TARGETS)
        keys.append([volume.lesson.name.key for volume in contents.volumes])
        strangers = [v for v in contents.volumes if v.lesson.path.parent.name != name]
        if contents.flaws or strangers or not contents.volumes:
            raise SelfTestFailed(tr("console.self_test_lessons", language=name))
    if keys != keys[:1] * len(keys):
        raise SelfTestFailed(tr("console.self_test_lessons", language=" / ".join(LANGUAGES)))


def _read_sources() -> None:
    """Read the source that the classroom shows: it must be what runs."""
    for shown in _FIRST_LINES:
        module = __import__(shown.__module__, fromlist=["__file__"])
        path = Path(module.__file__ or "").with_suffix(".py")
        lines = {
            node.name: min([node.lineno, *(d.lineno for d in node.decorator_list)])
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
        runs = {
            name: value.__code__.co_firstlineno
            for name, value in vars(shown).items()
            if hasattr(value, "__code__")
        }
        if not runs or not runs.items() <= lines.items():
            raise SelfTestFailed(tr("console.self_test_sources", name=path.name))
