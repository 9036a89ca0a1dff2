"""The QPalette: what Fusion and Qt's own dialogs draw with where the sheet says nothing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QColor, QPalette

_Role = QPalette.ColorRole

_TOKENS = {
    _Role.Window: "window",
    _Role.WindowText: "text",
    _Role.Base: "surface",
    _Role.AlternateBase: "window",
    _Role.Text: "text",
    _Role.PlaceholderText: "placeholder",
    _Role.Button: "surface",
    _Role.ButtonText: "text",
    _Role.BrightText: "error",
    _Role.ToolTipBase: "tooltip",
    _Role.ToolTipText: "on_tooltip",
    # A selected row keeps its state's colour, so its background is pale and its text the usual.
    _Role.Highlight: "selection",
    _Role.HighlightedText: "text",
    _Role.Accent: "accent",
    _Role.Link: "link",
    _Role.LinkVisited: "link",
    _Role.Light: "surface",
    _Role.Midlight: "hover",
    _Role.Mid: "line",
    _Role.Dark: "field_line",
    _Role.Shadow: "line",
}
_DISABLED_TEXTS = (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText)


def make_palette(tokens: Mapping[str, str]) -> QPalette:
    """Return the palette of these colours."""
    palette = QPalette()
    for role, token in _TOKENS.items():
        palette.setColor(role, QColor(tokens[token]))
    dim = QColor(tokens["disabled_text"])
    for role in _DISABLED_TEXTS:
        palette.setColor(QPalette.ColorGroup.Disabled, role, dim)
    return palette
