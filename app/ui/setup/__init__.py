"""The left column: network, new clients, log, advanced."""

from __future__ import annotations

from app.ui.setup.column import SetupColumn

__all__ = ["SetupColumn"]
