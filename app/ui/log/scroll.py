"""Where the log stands: at its end, which it follows, or at a row, which it keeps in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.models.log_rows import LogRows


class ScrollPlace:
    """The place is an entry's id, so rows that come or go elsewhere do not move what is read."""

    def __init__(self, rows: LogRows) -> None:
        self.follows = True  # the newest rows are shown as they come
        self._rows = rows
        self._top_id = 0  # the uppermost row while it does not follow

    def top_row(self, page: int) -> int:
        """Return the uppermost row, where `page` rows fit."""
        last = self.last_top_row(page)
        return last if self.follows else min(self._rows.row_of(self._top_id), last)

    def last_top_row(self, page: int) -> int:
        """Return the uppermost row when the end is in sight."""
        return max(self._rows.count - page, 0)

    def go_to(self, row: int, page: int) -> None:
        """The user scrolled: stay there, or follow if the end is in sight."""
        self.follows = row >= self.last_top_row(page)
        self.keep(row)

    def keep(self, row: int) -> None:
        """Remember `row` as the uppermost one."""
        if 0 <= row < self._rows.count:
            self._top_id = self._rows.id_at(row)

    def stop_following(self, page: int) -> None:
        """Stay where it is."""
        if self.follows:
            self.keep(self.last_top_row(page))
            self.follows = False

    def show_row(self, row: int, page: int) -> None:
        """Scroll as little as it takes to show `row` whole."""
        top = self.top_row(page)
        if row < top:
            self.go_to(row, page)
        elif row >= top + page:
            self.go_to(row - page + 1, page)

    def centre(self, row: int, page: int) -> None:
        """Show `row` in the middle, unless it is well in sight."""
        top = self.top_row(page)
        if not top <= row < top + page:
            self.go_to(min(max(row - page // 2, 0), self.last_top_row(page)), page)
