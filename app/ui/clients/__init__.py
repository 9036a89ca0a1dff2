"""The client table: model values painted in one call, edited in place."""

from __future__ import annotations

from app.ui.clients.panel import ClientPanel

__all__ = ["ClientPanel"]
