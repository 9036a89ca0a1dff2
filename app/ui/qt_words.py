"""Qt's own words (its dialogs, its menus of text fields) in the language of the program."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator

from app.paths import resource


class QtWords(QTranslator):
    """Knows what Qt's translators know. GUI thread."""

    def __init__(self, language: str, parent: QObject) -> None:
        """`language`: "en" or "zh_CN"; English is in Qt's code."""
        super().__init__(parent)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        name = f"qtbase_{language}"
        if not self.load(name, str(resource("i18n"))):  # the packaged program's
            self.load(name, folder)

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Return Qt's `source` in the language; None: there is no translation.

        Words that have got a key since they were translated ("&Look in:") are known without it.
        """
        found = super().translate(context, source, disambiguation, n)
        if not found and "&" in source:
            found = super().translate(context, source.replace("&", ""), disambiguation, n)
        return found or None
