"""What must hold for the program files of a Windows bundle; readable on any system.

A fault is one sentence that begins with the file it is about.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from bundlelib.closure import reached
from bundlelib.pe import CONSOLE, SUFFIXES, WINDOW, X64, NotPe, PeFile, pe_files

# What 64-bit Windows 10 1809 has in System32, as far as Python and Qt ask for it. icuuc.dll is
# there since 1703. Not here, since Windows has them only by chance: MSVCP140, VCRUNTIME140.
WINDOWS_OWN = """
    advapi32 authz bcrypt bcryptprimitives cfgmgr32 combase comctl32 comdlg32 crypt32 cryptbase
    d2d1 d3d11 d3d12 d3d9 dbghelp dcomp dnsapi dwmapi dwrite dxgi dxva2 gdi32 icuin icuuc imm32
    iphlpapi kernel32 mpr mscms msvcrt ncrypt netapi32 normaliz ntdll ole32 oleaut32 oleacc
    opengl32 pdh powrprof propsys psapi rpcrt4 secur32 setupapi shcore shell32 shlwapi
    ucrtbase uiautomationcore user32 userenv uxtheme version winhttp winmm winspool.drv wintrust
    wldp ws2_32 wtsapi32
"""
_OWN_NAMES = frozenset(WINDOWS_OWN.split())
_API_SETS = ("api-ms-win-", "ext-ms-win-")
_RUNTIME = re.compile(r"(vcruntime140|msvcp140|concrt140)", re.IGNORECASE)


def pe_faults(folder: Path) -> list[str]:
    """Return what is wrong with the program files under `folder`; nothing if all is well."""
    faults: list[str] = []
    files: list[PeFile] = []
    for path in pe_files(folder):
        try:
            files.append(PeFile(path))
        except NotPe as error:
            faults.append(f"{path.relative_to(folder).as_posix()}: {error}")
    here = {file: file.path.relative_to(folder).as_posix() for file in files}
    for file, name in here.items():
        faults += [f"{name}: {what}" for what in _own_faults(file)]
    faults += _import_faults(here)
    faults += _runtime_faults(here)
    return faults


def _own_faults(file: PeFile) -> Iterable[str]:
    if file.made_by_wine:
        yield "is a stand-in of Wine's"
    if file.machine != X64 or not file.is_64_bit:
        yield "is not for x64"
    if file.path.suffix.lower() == ".exe":
        wanted = CONSOLE if "console" in file.path.stem.lower() else WINDOW
        if file.subsystem != wanted:
            yield f"has subsystem {file.subsystem} and not {wanted}"


def _import_faults(here: dict[PeFile, str]) -> Iterable[str]:
    """Every DLL that is wanted is in the bundle or in Windows."""
    present = {file.path.name.lower() for file in here}
    for file, name in here.items():
        for wanted in sorted(file.imports):
            if wanted not in present and not is_windows_own(wanted):
                yield f"{name}: wants {wanted}, which is neither here nor in Windows"
            if wanted.startswith("python3") and wanted not in present:
                yield f"{name}: is made for another Python ({wanted})"


def is_windows_own(name: str) -> bool:
    """Whether every supported Windows has the DLL `name`, given in lower case."""
    return name.startswith(_API_SETS) or name.removesuffix(".dll") in _OWN_NAMES


def _runtime_faults(here: dict[PeFile, str]) -> Iterable[str]:
    """Microsoft's C++ runtime is there once, and no older than what was linked against it.

    Windows takes the copy that was loaded first, whichever folder it lies in; one older than a
    file was linked against is not supported by Microsoft ("C++ binary compatibility").
    """
    served = [file.linker for file in here if any(map(_RUNTIME.match, file.imports))]
    newest_linker = max(served, default=(0, 0))  # its numbers are those of the runtime it wants
    copies: dict[str, list[str]] = defaultdict(list)
    for file, name in here.items():
        if not _RUNTIME.match(file.path.name):
            continue
        copies[file.path.name.lower()].append(name)
        version = file.version
        if version is None or version[:2] < newest_linker:
            shown = "no version" if version is None else ".".join(map(str, version))
            yield f"{name}: {shown}, older than {newest_linker[0]}.{newest_linker[1]} it must serve"
    for names in copies.values():
        if len(names) > 1:
            yield f"{names[0]}: is there {len(names)} times: {', '.join(names[1:])}"


def unneeded(folder: Path, roots: Iterable[str]) -> list[str]:
    """Return the DLLs that neither one of `roots` (names, lower case) nor a needed file wants.

    Extension modules and plugins are loaded by name at run time: they are roots of their own.
    """
    files = {path.name.lower(): path for path in pe_files(folder)}
    first = [name for name in files if not name.endswith(SUFFIXES[1]) or name in set(roots)]
    needed = reached(first, lambda name: PeFile(files[name]).imports if name in files else ())
    return sorted(files[name].relative_to(folder).as_posix() for name in files.keys() - needed)
