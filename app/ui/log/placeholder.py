"""What stands in the log where there are no rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.wording import tr

if TYPE_CHECKING:
    from app.models.log_rows import LogRows


def placeholder(rows: LogRows) -> str:
    """Return why there is nothing to see."""
    if rows.is_filling:
        key = "cutting" if rows.plan is not None else "filling"
    elif rows.is_cleared:
        key = "none_cleared"
    elif rows.filter.clients is not None and not rows.filter.clients:
        key = "none_selected"
    else:
        key = "none_yet" if rows.filter.is_open else "none_match"
    return tr(f"log.{key}")
