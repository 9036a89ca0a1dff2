"""What is not needed any more goes: however long somebody plays with the window."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.arguments import Arguments
from app.paths import Places
from app.ui.application import Program
from tests.support.program import ROOT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

# A large block that is freed must not keep others of its kind from being given back.
_BLOCKS = """
import ctypes
from app.ui.heap import OWN_BYTES, give_back

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
libc.mallinfo2.restype = type(
    "Info", (ctypes.Structure,), {"_fields_": [(str(n), ctypes.c_size_t) for n in range(10)]}
)
give_back()
libc.free(libc.malloc(16 << 20))
before = getattr(libc.mallinfo2(), "3")
held = [libc.malloc(OWN_BYTES) for _ in range(10)]
print(getattr(libc.mallinfo2(), "3") - before)
"""


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Program]:
    made = Program(qapp, Arguments(), Places(tmp_path, tmp_path))
    made.start()
    yield made
    made.window.close()
    made.stop()
    made.window.deleteLater()
    made.deleteLater()


def test_words_of_a_language_go_with_it(program: Program) -> None:
    for language in ("en", "zh_CN") * 5:
        program.controller.change(language=language)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(program.findChildren(QTranslator)) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the GNU C library's")
def test_large_blocks_have_pages_of_their_own() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _BLOCKS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(said.stdout) == 10
