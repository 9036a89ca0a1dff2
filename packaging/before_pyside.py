"""What the packaged program does first: PyInstaller's own hook would import PySide6 slowly."""

from app.ui.start import import_pyside

import_pyside()
