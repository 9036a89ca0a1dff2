"""The client table: read where the sessions are, painted in one call, edited in place.

`panel` is what the window sees: heading, buttons, table, orders as signals. `view` is Qt's table
view with `cells` and `header` as its brushes and `delegates` as its editors; `columns` keeps widths
and visibility; `menu` is what pops up.
"""

from __future__ import annotations

from app.ui.clients.panel import ClientPanel

__all__ = ["ClientPanel"]
