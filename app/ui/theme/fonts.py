"""The two font families: the system's interface font, and a monospaced one, both with Chinese."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

# The height the design's pixels were drawn for. Smaller system fonts are raised to it, because
# Chinese below 13 px loses strokes; larger ones (a user's choice) enlarge everything else too.
DESIGN_FONT_PX = 13

_UI_FALLBACKS = (
    "Microsoft YaHei UI",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
)
# What fontconfig answers with where no desktop has chosen a font: their Latin does not suit the
# Chinese that follows, so the Chinese font's own Latin is taken instead.
_NOBODYS_CHOICE = frozenset({"", "sans", "sans serif", "sans-serif", "helvetica", "dejavu sans"})
_MONO = (
    "Cascadia Mono",
    "Consolas",
    "SF Mono",
    "Menlo",
    "Noto Sans Mono CJK SC",
    "DejaVu Sans Mono",
    "Microsoft YaHei",
    "PingFang SC",
    "monospace",
)


def system_font() -> tuple[tuple[str, ...], float]:
    """Return the interface's families, best first, and their height in pixels at 100 %."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    family = font.family()
    chosen = () if family.lower() in _NOBODYS_CHOICE else (family,)
    last = ("sans-serif",) if not chosen else ()
    return (*chosen, *_UI_FALLBACKS, *last), max(_height_px(font), DESIGN_FONT_PX)


def make_ui_font(families: tuple[str, ...], height_px: float) -> QFont:
    """Return the interface font; its digits all have the same width."""
    font = QFont()
    font.setFamilies(list(families))
    font.setPixelSize(round(height_px))
    font.setFeature(QFont.Tag("tnum"), 1)  # San Francisco's digits have different widths
    return font


def make_mono_font(height_px: float) -> QFont:
    """Return the monospaced font; a Chinese character is two cells wide where the font allows."""
    font = QFont()
    font.setFamilies(list(_MONO))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    font.setPixelSize(round(height_px))
    return font


def _height_px(font: QFont) -> float:
    if font.pixelSize() > 0:
        return float(font.pixelSize())
    return font.pointSizeF() * 96 / 72
