"""The log: its rows painted by one widget, its tool bar, the detail of one entry."""

from __future__ import annotations

from app.ui.log.panel import LogPanel

__all__ = ["LogPanel"]
