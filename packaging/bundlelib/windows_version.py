"""The version information of a Windows program, in Chinese and English."""

from __future__ import annotations

from typing import Any

from app import APP_NAME, __version__

ENGLISH, CHINESE, UNICODE = 0x0409, 0x0804, 1200
_DESCRIPTIONS = {
    ENGLISH: "Network debugging assistant, server side",
    CHINESE: "网络调试助手 · 服务端",
}


def resource(program: str) -> Any:
    """Return PyInstaller's version resource for `program`, a name without .exe."""
    from installer.making import four_numbers
    from PyInstaller.utils.win32 import versioninfo as v  # type: ignore[import-untyped]

    numbers = tuple(map(int, four_numbers(__version__).split(".")))
    words = [
        v.StringTable(
            f"{language:04X}{UNICODE:04X}",
            [v.StringStruct(name, text) for name, text in strings(program, language).items()],
        )
        for language in _DESCRIPTIONS
    ]
    translations = [number for language in _DESCRIPTIONS for number in (language, UNICODE)]
    return v.VSVersionInfo(
        ffi=v.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[
            v.StringFileInfo(words),
            v.VarFileInfo([v.VarStruct("Translation", translations)]),
        ],
    )


def strings(program: str, language: int) -> dict[str, str]:
    """Return what the properties of `program` say in `language` (a Windows language number)."""
    return {
        "CompanyName": APP_NAME,
        "FileDescription": _DESCRIPTIONS[language],
        "FileVersion": __version__,
        "InternalName": program,
        "LegalCopyright": "MIT",
        "OriginalFilename": f"{program}.exe",
        "ProductName": APP_NAME,
        "ProductVersion": __version__,
    }
