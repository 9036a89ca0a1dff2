"""What must hold for the program files of a Linux bundle; readable on any system.

A fault is one sentence that begins with the file it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from bundlelib.closure import reached
from bundlelib.elf import ElfFile, NotElf, elf_files

# What a desktop has of its own, and must be used as it is there: the C and C++ runtimes, what
# speaks to the screen's driver, and what shares files or settings with other programs. A copy in
# the bundle would be older than the driver on a newer system, or read settings it does not know.
# Debian's packages: libc6 libstdc++6 libgcc-s1 zlib1g libgl1 libegl1 libx11-6 libx11-xcb1 libxcb1
# libfontconfig1 libfreetype6 libglib2.0-0 libdbus-1-3 libwayland-client0 libwayland-cursor0. They
# are among what gnome-core, plasma-desktop, xfce4, lxqt-core, cinnamon-core and
# mate-desktop-environment-core need in Debian 12.
_OWN = """
    ld-linux-x86-64.so.2 ld-linux-aarch64.so.1
    libc.so.6 libdl.so.2 libm.so.6 libpthread.so.0 libresolv.so.2 librt.so.1 libutil.so.1
    libgcc_s.so.1 libstdc++.so.6 libz.so.1
    libGL.so.1 libEGL.so.1 libX11.so.6 libX11-xcb.so.1 libxcb.so.1
    libfontconfig.so.1 libfreetype.so.6 libglib-2.0.so.0 libgthread-2.0.so.0 libdbus-1.so.3
    libwayland-client.so.0 libwayland-cursor.so.0
"""
DESKTOPS_OWN = frozenset(_OWN.split())

# Debian 12 and Ubuntu 22.04 have 2.36 and 2.35; Qt itself asks for 2.34.
NEWEST_GLIBC = (2, 36)

# A library that others want by its name, and not a plugin or a module of Python.
_LIBRARY = re.compile(r"lib[^/]+\.so\.[\d.]+")
# The programs load it by name.
_PYTHON = re.compile(r"libpython3\.\d+\.so\.1\.0")


def elf_faults(folder: Path) -> list[str]:
    """Return what is wrong with the program files under `folder`; nothing if all is well."""
    faults: list[str] = []
    here: dict[str, ElfFile] = {}
    for path in elf_files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            here[name] = ElfFile(path)
        except NotElf as error:
            faults.append(f"{name}: {error}")
    # Links count: the loader looks for the name.
    present = {path.name for path in folder.rglob("*.so*") if path.exists()}
    machines = {file.machine for file in here.values()}
    for name, file in here.items():
        faults += [f"{name}: {what}" for what in _own_faults(file)]
        faults += [
            f"{name}: wants {wanted}, which is neither here nor on every desktop"
            for wanted in file.needs
            if wanted not in present | DESKTOPS_OWN
        ]
    if len(machines) > 1:
        faults.append(f"the files are for different processors: {', '.join(sorted(machines))}")
    return faults + [f"{name}: nothing wants it" for name in unneeded(here)]


def _own_faults(file: ElfFile) -> Iterable[str]:
    if {file.path.name, file.soname} & DESKTOPS_OWN:
        yield "is the desktop's own, and must not be in the bundle"
    if file.glibc > NEWEST_GLIBC:
        yield f"wants glibc {'.'.join(map(str, file.glibc))}, newer than Debian 12's"


def unneeded(files: dict[str, ElfFile]) -> list[str]:
    """Return the names of the libraries that no program, module or plugin wants."""
    by_name = {file.soname or file.path.name: file for file in files.values()}
    roots = [name for name, file in by_name.items() if is_root(file.path.name)]
    found = reached(roots, lambda name: by_name[name].needs if name in by_name else ())
    return sorted(
        name for name, file in files.items() if (file.soname or file.path.name) not in found
    )


def is_root(name: str) -> bool:
    """Whether a file of that name is started or loaded by name, and not wanted by another."""
    return not _LIBRARY.fullmatch(name) or bool(_PYTHON.fullmatch(name))
