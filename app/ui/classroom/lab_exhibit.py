"""What a lab recorded, on display: of an experiment, or of an exercise's check."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.journal.errors import JournalError

if TYPE_CHECKING:
    from app.journal.reader import Reader
    from app.teaching.experiments.lab import Lab
    from app.teaching.recorder import CallRecorder


class LabExhibit:
    """What does not depend on whose lab it is. GUI thread.

    `let_go` must follow: until then its journal is kept.
    """

    is_own = False

    def __init__(self, lab: Lab) -> None:
        """`lab` keeps what it recorded."""
        assert lab.recorder is not None
        self._lab = lab
        self._recorder = lab.recorder
        self._reader: Reader | None = None

    @property
    def is_recording(self) -> bool:
        """Whether its calls are recorded now."""
        return not self._recorder.ended_ns

    @property
    def recorder(self) -> CallRecorder:
        """Its calls and lanes."""
        return self._recorder

    @cached_property
    def _open_reader(self) -> Reader | None:
        try:
            self._reader = self._lab.journal.reader()
        except JournalError:  # the run itself says so in the story
            return None
        return self._reader

    def let_go(self) -> None:
        """Close the reader, then the journal; what runs goes on, and keeps nothing."""
        if self._reader is not None:
            self._reader.close()
        self._lab.let_go()
