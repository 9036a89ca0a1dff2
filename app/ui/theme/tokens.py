"""Every colour of the program, named by its use. No other file holds one.

`window surface line text secondary accent on_accent selection received sent warning` are the
design's table; the others are needed to draw what the table implies. Whatever is read as text is
in TEXT_TOKENS and has a contrast of at least 4.5 on every background of BACKGROUND_TOKENS
(WCAG 2.1, success criterion 1.4.3); a test checks every pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODE_TOKENS = ("code_keyword", "code_string", "code_comment", "code_number", "code_name")
TEXT_TOKENS = (
    *("text", "secondary", "received", "sent", "warning", "error", "link"),
    *CODE_TOKENS,
)
BACKGROUND_TOKENS = ("window", "surface", "selection")
ROW_TOKENS = tuple(
    f"row_{hue}" for hue in ("yellow", "orange", "red", "pink", "violet", "blue", "teal", "green")
)
# Text on a filled control: (text, fill).
FILL_PAIRS = (
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("on_danger", "danger"),
    ("on_danger", "danger_hover"),
    ("on_danger", "danger_pressed"),
    ("text", "hover"),
    ("text", "pressed"),
    ("text", "info_fill"),
    ("text", "warning_fill"),
    ("text", "error_fill"),
    ("on_tooltip", "tooltip"),
    ("text", "lane_connecting"),
    ("text", "lane_accepting"),
    ("text", "lane_receiving"),
    ("text", "lane_working"),
    ("text", "lane_sending"),
    ("text", "lane_held"),
    ("text", "lane_idle"),
    # a row of the log
    *(
        (token, row)
        for row in ROW_TOKENS
        for token in ("text", "secondary", "received", "sent", "warning", "error")
    ),
    # a line of source that was passed just now, and the value behind it
    *(
        (token, "flash")
        for token in (*CODE_TOKENS, "text", "secondary", "received", "sent", "error")
    ),
)

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "window": "#F5F6F8",
        "surface": "#FFFFFF",
        "line": "#DFE3E8",
        "text": "#1F2328",
        "secondary": "#5F6873",
        "accent": "#0B63C4",
        "on_accent": "#FFFFFF",
        "selection": "#DCEBFC",
        "received": "#0A6E3A",
        "sent": "#0B57B7",
        "warning": "#8A5A00",
        "error": "#B3261E",
        "link": "#0B5CB8",
        # the accent under the pointer, and pressed
        "accent_hover": "#0A58AF",
        "accent_pressed": "#084B96",
        # what ends something: the open port, a connection
        "danger": "#C5221F",
        "on_danger": "#FFFFFF",
        "danger_hover": "#AF1D1A",
        "danger_pressed": "#971815",
        # controls
        "field_line": "#BFC6CE",
        "field_line_hover": "#98A2AD",
        "mark": "#5F6873",
        "hover": "#E9ECF0",
        "pressed": "#DDE2E8",
        "disabled_text": "#9CA5AF",
        "disabled_fill": "#ECEEF1",
        "placeholder": "#6B747F",
        "scroll": "#C3C9D0",
        "scroll_hover": "#9AA3AD",
        # strips and floating things
        "info_fill": "#E6F0FC",
        "warning_fill": "#FDF2DB",
        "error_fill": "#FCE8E6",
        "tooltip": "#2A2F35",
        "on_tooltip": "#F3F5F7",
        "find": "#FFE08A",
        # what a thread does, on the time line
        "lane_connecting": "#BFE3CB",
        "lane_accepting": "#DDD2F7",
        "lane_receiving": "#D5E4F0",
        "lane_working": "#F6C65B",
        "lane_sending": "#9CC4F5",
        "lane_held": "#F3AEA6",
        "lane_idle": "#ECEEF1",
        # source on display
        "code_keyword": "#8A2190",
        "code_string": "#0A6239",
        "code_comment": "#59626D",
        "code_number": "#0B57B7",
        "code_name": "#8A3B00",
        "flash": "#FFF0BF",
        # a row of the log that a filter colours
        "row_yellow": "#FFF0A0",
        "row_orange": "#FFE3CC",
        "row_red": "#FDE0DE",
        "row_pink": "#F9E0F1",
        "row_violet": "#ECE4F8",
        "row_blue": "#D6E9FF",
        "row_teal": "#C9F2EE",
        "row_green": "#D3F4C8",
    }
)

DARK: Mapping[str, str] = MappingProxyType(
    {
        "window": "#1B1D20",
        "surface": "#232629",
        "line": "#363B41",
        "text": "#E4E7EA",
        "secondary": "#9AA4AF",
        "accent": "#3D8BEB",
        "on_accent": "#0B1016",
        "selection": "#1F3A5C",
        "received": "#5CCB8A",
        "sent": "#7DB5FF",
        "warning": "#E0B04B",
        "error": "#FF8F87",
        "link": "#7DB5FF",
        "accent_hover": "#5A9DF0",
        "accent_pressed": "#3880DA",
        "danger": "#F0625A",
        "on_danger": "#160605",
        "danger_hover": "#F47B74",
        "danger_pressed": "#DB564F",
        "field_line": "#4A5159",
        "field_line_hover": "#6A737D",
        "mark": "#9AA4AF",
        "hover": "#2E3237",
        "pressed": "#393F45",
        "disabled_text": "#646D77",
        "disabled_fill": "#2A2D31",
        "placeholder": "#8B95A0",
        "scroll": "#4B525A",
        "scroll_hover": "#6A737D",
        "info_fill": "#1D3149",
        "warning_fill": "#3A2F17",
        "error_fill": "#43211F",
        "tooltip": "#3A4047",
        "on_tooltip": "#F0F2F4",
        "find": "#6B5514",
        "lane_connecting": "#24553A",
        "lane_accepting": "#483A70",
        "lane_receiving": "#2F4454",
        "lane_working": "#80580F",
        "lane_sending": "#1F5592",
        "lane_held": "#84362E",
        "lane_idle": "#2C3035",
        "code_keyword": "#D9A8F5",
        "code_string": "#8CD7A5",
        "code_comment": "#A3ADB8",
        "code_number": "#8ABEFF",
        "code_name": "#F0C674",
        "flash": "#3D330F",
        # a row of the log that a filter colours
        "row_yellow": "#41380B",
        "row_orange": "#572F0F",
        "row_red": "#62201C",
        "row_pink": "#5C1D46",
        "row_violet": "#432370",
        "row_blue": "#0F3A66",
        "row_teal": "#06403F",
        "row_green": "#164019",
    }
)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two `#RRGGBB` colours, 1 to 21 (WCAG 2.1)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
