"""The looks: readable, following the system or the choice, without leftovers at a change."""

from __future__ import annotations

import importlib
import itertools
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QFile, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.paths import program_root, resource
from app.ui.theme import set_role, theme
from app.ui.theme.role import ROLES
from app.ui.theme.sheet import make_sheet
from app.ui.theme.tokens import BACKGROUND_TOKENS, DARK, FILL_PAIRS, LIGHT, TEXT_TOKENS, contrast

THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
ICONS = sorted(path.stem for path in resource("icons").glob("*.svg"))


@pytest.fixture(autouse=True)
def _looks_as_before(qapp: QApplication) -> Iterator[None]:
    theme().set_mode("light")
    theme().set_type_percent(100)
    yield
    theme().set_mode("light")
    theme().set_type_percent(100)


# colours


@THEMES
def test_every_text_is_readable_on_every_background(tokens: dict[str, str]) -> None:
    for text, background in itertools.product(TEXT_TOKENS, BACKGROUND_TOKENS):
        ratio = contrast(tokens[text], tokens[background])
        assert ratio >= 4.5, f"{text} on {background}: {ratio:.2f}"


@THEMES
def test_words_on_filled_controls_are_readable(tokens: dict[str, str]) -> None:
    for text, fill in FILL_PAIRS:
        ratio = contrast(tokens[text], tokens[fill])
        assert ratio >= 4.5, f"{text} on {fill}: {ratio:.2f}"


@THEMES
def test_marks_and_focus_rings_can_be_seen(tokens: dict[str, str]) -> None:
    for mark, background in itertools.product(("mark", "accent"), ("window", "surface")):
        assert contrast(tokens[mark], tokens[background]) >= 3
    assert contrast(tokens["secondary"], tokens["disabled_fill"]) >= 4.5  # a locked field
    assert contrast(tokens["placeholder"], tokens["surface"]) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_both_themes_have_the_same_tokens() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_no_other_file_holds_a_colour() -> None:
    app = program_root() / "app"
    # An exported page stands alone, in the colours of whoever opens it.
    own = (app / "ui" / "theme" / "tokens.py", app / "evidence" / "page.py")
    files = [*(program_root() / "app").rglob("*.py"), *resource("styles").glob("*.qss")]
    for path in files:
        if path not in own:
            found = re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text("utf-8"))
            assert not found, f"{path}: {found}"


# the sheet and its images


@THEMES
def test_the_sheet_has_no_hole_left(tokens: dict[str, str]) -> None:
    sheet = make_sheet(tokens, 1.5, ":/somewhere")
    assert "@" not in sheet
    assert not re.search(r"\b\d+u\b", sheet)


def test_the_sheet_names_only_images_that_exist() -> None:
    source = resource("styles/portside.qss").read_text("utf-8")
    named = set(re.findall(r"url\(@images/([a-z-]+)\.svg\)", source))
    for folder in ("light", "dark"):
        assert named == {path.stem for path in resource(f"images/{folder}").glob("*.svg")}


def test_the_sheet_knows_every_role_and_no_other() -> None:
    source = resource("styles/portside.qss").read_text("utf-8")
    named = set(re.findall(r'\[role="([a-z-]+)"\]', source))
    assert named == set(ROLES)
    for start in re.findall(r'\[role\^="([a-z-]+)"\]', source):
        assert any(role.startswith(start) for role in ROLES)


def test_each_image_is_drawn_from_its_icon_in_the_colours_of_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(program_root() / "packaging"))
    drawing = importlib.import_module("draw_images")
    for mode, tokens in (("light", LIGHT), ("dark", DARK)):
        theme().set_mode(mode)
        for name, image in drawing.IMAGES.items():
            content = drawing.drawn(image, tokens)
            ElementTree.fromstring(content)
            file = QFile(f"{theme().images}/{name}.svg")
            assert file.open(QFile.OpenModeFlag.ReadOnly), name
            assert bytes(file.readAll().data()) == content, f"draw_images.py again, for {name}"
            file.close()


# icons


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_of_one_style(name: str) -> None:
    root = ElementTree.fromstring(resource(f"icons/{name}.svg").read_bytes())
    if name == "portside":  # the application's own: not a line drawing
        return
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "1.75"
    assert root.get("fill") == "none"


@pytest.mark.parametrize("name", ICONS)
@pytest.mark.parametrize("side", [16, 32])
def test_every_icon_draws_something_and_stays_inside(name: str, side: int, qapp: object) -> None:
    image = theme().icon(name).pixmap(QSize(side, side), 1.0).toImage()
    assert image.size() == QSize(side, side)
    inked = sum(image.pixelColor(x, y).alpha() > 128 for x in range(side) for y in range(side))
    assert inked > side // 4


def test_icons_named_in_the_program_exist() -> None:
    sources = [*(program_root() / "app" / "ui").rglob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    named = set(re.findall(r"\.icon\(\s*\"([a-z-]+)\"", text))
    named |= set(re.findall(r"set_icon\(\s*\"([a-z-]+)\"", text))
    assert named <= set(ICONS)


def _ink(image: QImage) -> QColor:
    inked = (
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    )
    return next(inked)


def test_an_icon_follows_the_theme_by_itself(qapp: object) -> None:
    icon = theme().icon("stop")
    size = QSize(24, 24)
    assert _ink(icon.pixmap(size, 1.0).toImage()).name().upper() == LIGHT["text"].upper()
    theme().set_mode("dark")
    assert _ink(icon.pixmap(size, 1.0).toImage()).name().upper() == DARK["text"].upper()


def test_an_icon_has_its_own_colours_for_on_and_disabled(qapp: object) -> None:
    icon = theme().icon("stop", "on_accent", on_token="link")
    size = QSize(24, 24)
    on = icon.pixmap(size, 1.0, QIcon.Mode.Normal, QIcon.State.On)
    off = icon.pixmap(size, 1.0, QIcon.Mode.Normal, QIcon.State.Off)
    dim = icon.pixmap(size, 1.0, QIcon.Mode.Disabled, QIcon.State.Off)
    colours = [_ink(pixmap.toImage()).name().upper() for pixmap in (on, off, dim)]
    assert colours == [LIGHT[token].upper() for token in ("link", "on_accent", "disabled_text")]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_an_icon_is_drawn_in_the_pixels_of_its_screen(scale: float, qapp: object) -> None:
    pixmap = theme().icon("search").pixmap(QSize(16, 16), scale)
    assert pixmap.width() == round(16 * scale)
    assert pixmap.devicePixelRatio() == scale


def test_an_icon_outlives_its_copies(qapp: object) -> None:
    icon = QIcon(theme().icon("play"))
    icon.setIsMask(True)  # makes Qt clone the engine
    del icon
    assert not theme().icon("play").pixmap(QSize(16, 16)).isNull()


# changes at run time


class Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit("text")
        self.button = QPushButton("button")
        set_role(self.button, "primary")
        self.box = QCheckBox("box")
        column = QVBoxLayout(self)
        for widget in (self.field, self.button, self.box):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a focus ring is drawn in one window
            column.addWidget(widget)

    def picture(self) -> QImage:
        return self.grab().toImage()


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    page = Page()
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_light_and_dark_leave_nothing_behind(page: Page) -> None:
    light = page.picture()
    theme().set_mode("dark")
    dark = page.picture()
    assert dark != light
    corner = dark.pixelColor(1, 1)
    assert corner.name().upper() == DARK["window"].upper()
    theme().set_mode("light")
    assert page.picture() == light


def test_a_window_made_after_the_change_looks_like_one_made_before(
    page: Page, qtbot: QtBot
) -> None:
    theme().set_mode("dark")
    theme().set_type_percent(150)
    other = Page()
    qtbot.addWidget(other)
    other.show()
    page.adjustSize()
    other.adjustSize()
    assert page.size() == other.size()
    other.resize(page.size())
    assert page.picture() == other.picture()


@pytest.mark.parametrize("percent", [75, 150, 250])
def test_the_type_size_enlarges_everything(page: Page, percent: int) -> None:
    before = page.field.sizeHint().height(), page.button.iconSize().height(), theme().px(26)
    theme().set_type_percent(percent)
    after = page.field.sizeHint().height(), page.button.iconSize().height(), theme().px(26)
    for old, new in zip(before, after, strict=True):
        assert new == pytest.approx(old * percent / 100, rel=0.12)
    assert page.field.font().pixelSize() == theme().ui_font().pixelSize()
    assert theme().mono_font().pixelSize() == pytest.approx(13 * percent / 100, abs=1)
    theme().set_type_percent(100)
    assert (page.field.sizeHint().height(), page.button.iconSize().height()) == before[:2]


def test_the_type_size_has_limits(qapp: object) -> None:
    theme().set_type_percent(1000)
    assert theme().type_percent == 250
    theme().set_type_percent(1)
    assert theme().type_percent == 75


def test_nothing_that_is_something_becomes_nothing(qapp: object) -> None:
    theme().set_type_percent(75)
    assert theme().px(0) == 0
    assert theme().px(0.5) == 1


def test_a_change_is_told_once_and_only_if_there_is_one(qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme().changed):
        theme().set_mode("dark")
    with qtbot.assertNotEmitted(theme().changed):
        theme().set_mode("dark")
        theme().set_type_percent(100)


class Counter(QWidget):
    """Counts how often it is told that its style has changed."""

    count = 0

    def changeEvent(self, event: QEvent) -> None:
        self.count += event.type() == QEvent.Type.StyleChange
        super().changeEvent(event)


def test_a_change_costs_no_more_for_what_lies_deep_inside(qtbot: QtBot) -> None:
    outermost = inner = Counter()
    qtbot.addWidget(outermost)
    for _ in range(12):
        layout = QVBoxLayout(inner)
        inner = Counter()
        layout.addWidget(inner)
    with qtbot.waitExposed(outermost):
        outermost.show()
    counts = []
    for change in (
        lambda: theme().set_mode("dark"),
        lambda: theme().set_type_percent(150),
        lambda: theme().magnify(200),
        lambda: theme().magnify(None),
    ):
        outermost.count = inner.count = 0
        change()
        counts.append((outermost.count, inner.count))
    assert all(0 < count <= 3 for both in counts for count in both), counts


def test_the_system_decides_until_the_user_does(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The offscreen platform has no colour scheme of its own to change.
    def system_becomes(scheme: Qt.ColorScheme) -> None:
        dark = scheme == Qt.ColorScheme.Dark
        monkeypatch.setattr("app.ui.theme.looks.system_is_dark", lambda: dark)
        QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)

    theme().set_mode("system")
    system_becomes(Qt.ColorScheme.Dark)
    assert theme().is_dark
    assert page.picture().pixelColor(1, 1).name().upper() == DARK["window"].upper()
    system_becomes(Qt.ColorScheme.Light)
    assert not theme().is_dark
    theme().set_mode("light")
    system_becomes(Qt.ColorScheme.Dark)
    assert not theme().is_dark


def test_qts_own_dialogs_get_the_colours_too(qapp: QApplication) -> None:
    theme().set_mode("dark")
    palette = qapp.palette()
    assert palette.color(QPalette.ColorRole.Window).name().upper() == DARK["window"].upper()
    assert palette.color(QPalette.ColorRole.Text).name().upper() == DARK["text"].upper()


def test_a_role_changes_the_look_at_once(page: Page) -> None:
    primary = page.picture()
    set_role(page.button, "danger")
    danger = page.picture()
    middle = page.button.geometry().center()
    assert primary != danger
    x, y = page.button.x() + 8, middle.y()
    assert danger.pixelColor(x, y).name().upper() == LIGHT["danger"].upper()
    set_role(page.button, "primary")
    assert page.picture() == primary


def test_the_fonts_have_chinese(qapp: object) -> None:
    for font in (theme().ui_font(), theme().mono_font()):
        families = font.families()
        assert any("CJK" in name or "YaHei" in name or "PingFang" in name for name in families)


def test_the_looks_can_be_asked_for_before_there_is_anything(tmp_path: Path) -> None:
    assert theme().colour("accent").isValid()
    with pytest.raises(KeyError):
        theme().colour("no such token")


def test_an_icon_squeezed_to_nothing_draws_nothing_and_says_nothing(qapp: object) -> None:
    assert theme().icon("send").pixmap(QSize(0, 16)).isNull()
    paper = QPixmap(20, 20)
    paper.fill(QColor("white"))
    painter = QPainter(paper)
    theme().icon("send").paint(painter, QRect(0, 0, 10, 0))
    painter.end()
    assert paper.toImage().pixelColor(5, 5) == QColor("white")
