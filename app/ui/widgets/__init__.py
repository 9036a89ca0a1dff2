"""Small widgets that every part of the window uses; none knows the controller.

Words that come from outside are always shown as plain text: Qt guesses HTML otherwise.
A widget with words or sizes of its own is `Worded`: it asks for them at the start and at every
change. One that is given words keeps them, unless it is given what says them (Banner).
"""

from __future__ import annotations

from app.ui.widgets.banner import Banner, BannerKind
from app.ui.widgets.foot_banner import FootBanner
from app.ui.widgets.labels import ElidedLabel, FieldError, HeadingLabel, IconLabel, PlainLabel
from app.ui.widgets.overflow_bar import OverflowBar
from app.ui.widgets.segmented import SegmentedButtons

__all__ = [
    "Banner",
    "BannerKind",
    "ElidedLabel",
    "FieldError",
    "FootBanner",
    "HeadingLabel",
    "IconLabel",
    "OverflowBar",
    "PlainLabel",
    "SegmentedButtons",
]
