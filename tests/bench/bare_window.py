"""The least window that PySide6 can show: what a start is measured against."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QLabel

if __name__ == "__main__":
    application = QApplication(sys.argv)
    label = QLabel("Hello Neo 你好")
    label.resize(1280, 760)
    label.show()
    sys.exit(application.exec())
