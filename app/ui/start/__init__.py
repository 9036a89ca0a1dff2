"""What a start spends before our own code has its turn, and how it is spent less.

Python and PySide do at every start what hardly any program needs: each file here knows one such
thing and has it left out or put off. Whatever another version does otherwise stays as it is there,
and the program only starts later. Nothing else in the program depends on this room.
"""

from app.ui.start.collector import calm_collector, rest_collector
from app.ui.start.enums import make_as_usual, make_quickly
from app.ui.start.features import want_no_features
from app.ui.start.signatures import compiled_when_asked

__all__ = ["import_pyside", "start_quickly", "started"]


def start_quickly() -> None:
    """Import PySide6, before anything else does, and wait with all that can wait. Main thread."""
    rest_collector()
    import_pyside()


def import_pyside() -> None:
    """Import PySide6 without what nobody has asked for; again, if that was done, it does no harm.

    In the packaged program PyInstaller imports it before `app.__main__` runs, and this before that.
    """
    make_quickly()
    with compiled_when_asked():
        import PySide6.QtCore  # noqa: F401
    want_no_features()


def started() -> None:
    """The window is there: from now on everything is done as always. Main thread."""
    make_as_usual()
    calm_collector()
