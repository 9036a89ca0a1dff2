"""Parts of the window that play a role on the stage, and go back to where they were."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QSplitter, QWidget


class Loan:
    """One part: its place in a splitter or a box is kept free for it. GUI thread."""

    def __init__(self, part: QWidget) -> None:
        self.part = part
        home = part.parentWidget()
        assert home is not None
        self._home = home
        self._is_hidden = part.isHidden()
        self._at = self._index()

    def _index(self) -> int:
        home = self._home
        if isinstance(home, QSplitter):
            return home.indexOf(self.part)
        layout = home.layout()
        assert layout is not None
        return layout.indexOf(self.part)

    def give_back(self, *, as_it_is: bool = False) -> None:
        """Put it where it was, shown or hidden as it was then, or as it is now."""
        hidden = self.part.isHidden() if as_it_is else self._is_hidden
        if isinstance(self._home, QSplitter):
            self._home.insertWidget(self._at, self.part)
        else:
            layout = self._home.layout()
            assert isinstance(layout, QBoxLayout)
            layout.insertWidget(self._at, self.part)
        self.part.setVisible(not hidden)
