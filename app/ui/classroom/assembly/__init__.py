"""The class joins in: where to dial, who is here, and a poll.

====== ===================================================================
piece  the page of the story: three tabs
join   the address, large and as a QR code; the teacher's switches
people the roll
asking the poll: the question, then its bars
bars   how many gave which answer
qr     a QR code
big    one line as large as it fits
====== ===================================================================
"""

from app.ui.classroom.assembly.piece import AssemblyPiece

__all__ = ["AssemblyPiece"]
