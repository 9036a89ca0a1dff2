"""The application's one Theme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property

from PySide6.QtCore import QCoreApplication, QDir, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from app.paths import resource
from app.settings import number_limits
from app.ui.theme.fonts import DESIGN_FONT_PX, make_mono_font, make_ui_font, system_font
from app.ui.theme.icons import LineIconEngine
from app.ui.theme.palette import make_palette
from app.ui.theme.sheet import make_sheet
from app.ui.theme.tokens import DARK, LIGHT

_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


def system_is_dark() -> bool:
    """Whether the system asks programs to be dark. False where it has no wish."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


class Theme(QObject):
    """Colours, fonts, icons and sizes of the moment. GUI thread only."""

    resizing = Signal()
    """Emitted before the type size changes."""
    changed = Signal()
    """Emitted after the colours or the type size changed."""

    def __init__(self) -> None:
        super().__init__()
        self._mode = "system"
        self._percent = 100  # the user's
        self._magnified: int | None = None  # in its place, for a while
        self._dark = False
        self._applied = False
        self._sheet_waits = False
        self._colours: dict[str, QColor] = {}
        self._icons: dict[tuple[str, str, str], QIcon] = {}

    # colours

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in use."""
        return self._dark

    @property
    def tokens(self) -> Mapping[str, str]:
        """All colours in use, `#RRGGBB` by token."""
        return DARK if self._dark else LIGHT

    def colour(self, token: str) -> QColor:
        """Return the colour of a token of `tokens.py`; raise KeyError for any other name."""
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = QColor(self.tokens[token])
        return found

    def icon(self, name: str, token: str = "text", *, on_token: str = "") -> QIcon:
        """Return icon `resources/icons/<name>.svg`, drawn in the colour of `token`.

        `on_token` colours it while its button is checked. The icon follows the theme by itself.
        """
        key = (name, token, on_token or token)
        found = self._icons.get(key)
        if found is None:
            found = self._icons[key] = QIcon(LineIconEngine(*key, self._hex))
        return found

    def application_icon(self) -> QIcon:
        """Return the program's own icon, for windows and task bars."""
        return self.icon("portside")

    def _hex(self, token: str) -> str:
        return self.tokens[token]

    # fonts and sizes

    @property
    def type_percent(self) -> int:
        """The type size in force, in percent of the system's."""
        return self._percent if self._magnified is None else self._magnified

    @property
    def scale(self) -> float:
        """Real pixels for one of the design's."""
        return self._height_px / DESIGN_FONT_PX

    def px(self, design_pixels: float) -> int:
        """Return the design's pixels in the type size of the moment, never 0 for what is not."""
        scaled = round(design_pixels * self.scale)
        return scaled if scaled or not design_pixels else 1

    def ui_font(self) -> QFont:
        """Return a copy of the interface font."""
        return make_ui_font(self._system[0], self._height_px)

    def mono_font(self) -> QFont:
        """Return a copy of the monospaced font of the log and the composer."""
        return make_mono_font(self._height_px)

    @property
    def _height_px(self) -> float:
        return self._system[1] * self.type_percent / 100

    @cached_property
    def _system(self) -> tuple[tuple[str, ...], float]:
        return system_font()

    # changes

    @property
    def mode(self) -> str:
        """What decides between light and dark: "system", "light" or "dark"."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Follow the "system", or be "light" or "dark" whatever the system is."""
        if self._applied and mode == self._mode:
            return
        self._mode = mode
        hints = QGuiApplication.styleHints()
        # Tell Qt too: the system's own frames and dialogs follow it.
        hints.setColorScheme(_SCHEMES.get(mode, Qt.ColorScheme.Unknown))
        self._apply()

    def set_type_percent(self, percent: int) -> None:
        """Set the user's type size, in percent of the system's, cut to what the setting allows."""
        self._resize(_within_limits(percent), self._magnified)

    def magnify(self, percent: int | None) -> None:
        """Use this type size in the place of the user's; None: the user's again."""
        self._resize(self._percent, None if percent is None else _within_limits(percent))

    def _resize(self, percent: int, magnified: int | None) -> None:
        before, after = self.type_percent, percent if magnified is None else magnified
        if self._applied and before != after:
            self.resizing.emit()
        self._percent, self._magnified = percent, magnified
        if not self._applied or before != after:
            self._apply()

    def _on_scheme_changed(self) -> None:
        if self._mode == "system" and self._wants_dark() != self._dark:
            self._apply()

    def _wants_dark(self) -> bool:
        if self._mode != "system":
            return self._mode == "dark"
        return system_is_dark()

    def _apply(self) -> None:
        self._dark = self._wants_dark()
        self._colours.clear()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            if not self._applied:
                application.setStyle("Fusion")
                for name in ("light", "dark"):
                    QDir.addSearchPath(f"images-{name}", str(resource(f"images/{name}")))
                hints = QGuiApplication.styleHints()
                hints.colorSchemeChanged.connect(self._on_scheme_changed)
                self._applied = True
            sheet = self._make_sheet()
            if sheet != application.styleSheet():  # to set it lays every widget out anew
                # In the place of another, Qt would fit it to every widget once for each of those
                # that the widget lies in: a dozen times. In the place of none, once.
                application.setStyleSheet("")
            application.setFont(self.ui_font())
            application.setPalette(make_palette(self.tokens))
            if not self._sheet_waits:
                self._set_sheet(application, sheet)
        self.changed.emit()

    @property
    def images(self) -> str:
        """The folder of the sheet's images in the colours of now, as Qt's prefix.

        For a path may have what a sheet's `url()` may not.
        """
        return "images-dark:" if self._dark else "images-light:"

    def _make_sheet(self) -> str:
        return make_sheet(self.tokens, self.scale, self.images)

    @staticmethod
    def _set_sheet(application: QApplication, sheet: str) -> None:
        if sheet != application.styleSheet():
            application.setStyleSheet(sheet)

    @contextmanager
    def sheet_last(self) -> Iterator[None]:
        """Set the sheet after the block, which builds or moves much.

        With a sheet Qt looks through its rules anew for a widget and all it holds whenever it gets
        a parent: a window of 300 widgets took 0.2 s longer to build.
        """
        self._sheet_waits = True
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setStyleSheet("")
        try:
            yield
        finally:
            self._sheet_waits = False
            if isinstance(application, QApplication):
                self._set_sheet(application, self._make_sheet())
                self.changed.emit()
                # What it made larger is laid out before the window is shown, not after.
                QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def _within_limits(percent: int) -> int:
    low, high = number_limits("type_percent")
    return min(max(percent, low), high)


@cache
def theme() -> Theme:
    """Return the application's Theme. GUI thread only."""
    return Theme()
