"""Choosing how bytes are cut into frames, with the effect over real bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.frames.clue import clue_of
from app.frames.cutting import Cutter, Part, Piece
from app.frames.framing import FramingFault, LengthField
from app.ui.dialogs import fit_dialog
from app.ui.log.framing_form import FramingForm
from app.ui.log.framing_ruler import FramingRuler
from app.ui.widgets import FieldError, PlainLabel
from app.wording import tr
from app.wording.frames import clue_text, framing_fault_sentence

if TYPE_CHECKING:
    from app.journal.entry import Entry
    from app.models.framing_plan import ReadBy
    from app.models.framings import Framings

SAMPLE_BYTES = 768  # of a client, shown over the ruler


class FramingDialog(QDialog):
    """Takes what is chosen when it is accepted; nothing before. GUI thread."""

    def __init__(
        self,
        framings: Framings,
        client_id: int,
        sample: Sequence[Entry],
        parent: QWidget | None = None,
    ) -> None:
        """`client_id` is the client whose chunks `sample` are; 0: there is none."""
        super().__init__(parent)
        self.setWindowTitle(tr("framing.title"))
        self._framings = framings
        self._client_id = client_id
        self._sample = sample
        self.scope = QComboBox()
        self.scope.addItem(tr("framing.for_all"), 0)
        if client_id:
            self.scope.addItem(tr("framing.for_client", id=client_id), client_id)
            self.scope.setCurrentIndex(1 if client_id in framings.own else 0)
        self.form = FramingForm(framings.kits.usable() if framings.kits is not None else ())
        self.ruler = FramingRuler()
        self._error, self._outcome = FieldError(), PlainLabel(role="secondary")
        self._outcome.setWordWrap(True)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self.form.changed.connect(self._try)
        self.scope.currentIndexChanged.connect(self._show_scope)
        self._show_scope()
        fit_dialog(self, QSize(640, 560))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        head = QFormLayout()
        head.addRow(tr("framing.scope"), self.scope)
        column.addLayout(head)
        column.addWidget(self.form)
        column.addWidget(self._error)
        column.addWidget(self._outcome)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.StyledPanel)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.ruler)
        column.addWidget(area, 1)
        column.addWidget(self._buttons)

    def _show_scope(self) -> None:
        client_id = self.scope.currentData()
        self.form.show_spec(self._framings.of(client_id) if client_id else self._framings.default)

    def _try(self) -> None:
        """Cut the sample as the fields say, or say what is wrong with them."""
        ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        try:
            read_by = self._framings.read_strictly(self.form.spec)
        except FramingFault as fault:
            self._error.show_error(framing_fault_sentence(fault))
            ok.setEnabled(False)
            return
        self._error.clear_error()
        ok.setEnabled(True)
        pieces: list[Piece] = []
        cutter = Cutter(read_by.framing, offset=self._sample[0].offset if self._sample else 0)
        for entry in self._sample:
            pieces += cutter.feed(entry.data, entry.mono_ns)
        pieces += cutter.held_back()
        shown = read_by.framing if isinstance(read_by.framing, LengthField) else None
        self.ruler.show_pieces(pieces, shown)
        self._outcome.setText(f"{self._told(pieces)} {self._clue(read_by, pieces)}".strip())

    def _told(self, pieces: Sequence[Piece]) -> str:
        if not self._client_id:
            return ""
        sizes = {part: [len(p.data) for p in pieces if p.part is part] for part in Part}
        return tr(
            "framing.outcome",
            id=self._client_id,
            n=len(sizes[Part.FRAME]),
            junk=sum(sizes[Part.JUNK]),
            held=sum(sizes[Part.INCOMPLETE]),
        )

    def _clue(self, read_by: ReadBy, pieces: Sequence[Piece]) -> str:
        """What the first piece may be that is no whole frame."""
        odd = (piece for piece in pieces if piece.part is not Part.FRAME)
        clues = (clue_of(read_by.framing, read_by.kit, piece.data) for piece in odd)
        return next((tr("framing.clue", what=clue_text(clue)) for clue in clues if clue), "")

    def accept(self) -> None:
        """Read everything so from now on."""
        spec = str(self._framings.read_strictly(self.form.spec).framing)
        client_id = self.scope.currentData()
        if client_id:
            usual = self._framings.default_of(client_id)
            self._framings.set_own([client_id], spec if spec != usual else None)
        else:
            self._framings.set_default(spec)
        super().accept()
