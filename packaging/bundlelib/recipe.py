"""What goes into a bundle: everything of ours, and of Qt and Python only what is used.

Entries are PyInstaller's: (name in the bundle, file, kind).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath

from app.frames.modules import MODULES
from bundlelib.closure import reached
from bundlelib.elf import ElfFile, is_elf
from bundlelib.elf_audit import DESKTOPS_OWN, is_root
from bundlelib.linux_folder import place_desktop_files, place_library_licences
from bundlelib.pe import PeFile
from bundlelib.places import PACKAGING, ROOT
from bundlelib.sbom import write_sbom

Entry = tuple[str, str, str]
_LINK = "SYMLINK"  # the kind of an entry that leads to another

ICON = PACKAGING / "windows" / "portside.ico"
MANIFEST = PACKAGING / "windows" / "portside.manifest"

FOLDER = "Portside"
WINDOW_PROGRAM = "Portside" if sys.platform == "win32" else "portside"
CONSOLE_PROGRAM = "portside-console"

# The program shows its own source from these rooms of `app`.
SHOWN_ROOMS = ("net", "teaching")

LICENCES = "licences"  # the bundle's folder of licence texts

# Packages that Portside needs, and whose licence texts travel with it.
PACKAGES = (
    *("anycrc", "cffi", "cryptography", "filelock"),
    *("platformdirs", "psutil", "regex", "segno"),
)

# What something imports for a case that never comes here. hashlib has its own code for all it must
# know, and needs no _hashlib. decimal stays: Shiboken imports it; it has _decimal and needs no
# _pydecimal. cffi is there for cryptography, which has nothing left to parse.
UNUSED_MODULES = [
    "_bz2",
    "_hashlib",
    "_lzma",
    "_pydecimal",
    "asyncio",
    "doctest",
    "lib2to3",
    "multiprocessing",
    "pdb",
    "pycparser",
    "pydoc",
    "PySide6.QtDBus",
    "PySide6.QtNetwork",
    "setuptools",
    "tarfile",
    "tkinter",
    "unittest",
    "xmlrpc",
]

# Qt's plugins in a folder `plugins`: what is not here is left out. The rest of a folder is not
# used: images are SVG, Fusion draws, nothing touches the network but Python.
_PLUGINS = {
    "iconengines": r"qsvgicon",
    "imageformats": r"qsvg",
    "platforms": r"qwindows|qoffscreen|qxcb|qwayland.*|qcocoa",
    # Chinese is typed by these on Linux.
    "platforminputcontexts": r"composeplatforminputcontextplugin|ibusplatforminputcontextplugin",
    # Dark or light, and the desktop's own file dialogs. Not qgtk3: it brings a GTK into the
    # process that must fit the desktop's. Nothing of OpenGL either: widgets paint without it.
    "platformthemes": r"qxdgdesktopportal",
    "wayland-decoration-client": r".*",
    "wayland-shell-integration": r"xdg-shell",
}
_PLUGIN_NAME = re.compile(r"(?:lib)?(.+?)\.(?:dll|so|dylib)")

# The first two are a fallback for machines without OpenGL: widgets paint without it. 20 MB.
_UNUSED_FILES = re.compile(
    r"opengl32sw\.dll|d3dcompiler_\d+\.dll|(lib)?Qt6Network\..*|.*\.pyi|.*\.prl", re.IGNORECASE
)

# Qt's own words: everything that widgets say is in qtbase; English is in the code.
_QT_WORDS = "qtbase_zh_CN.qm"

_RUNTIME = re.compile(r"(vcruntime140|msvcp140|concrt140|vcomp140).*\.dll", re.IGNORECASE)


def program_modules() -> list[str]:
    """Return every module of ours, for some are imported by a name that is put together; and those
    that a user's kit may import.
    """
    paths = sorted((ROOT / "app").rglob("*.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    ours = [name.removesuffix(".__init__") for name in names if name != "app.__main__"]
    return [*ours, *MODULES]


def data_files(scratch: Path) -> list[tuple[str, str]]:
    """Return (file, folder in the bundle) of resources, shown sources and licence texts.

    Texts that come with what is built from are written to `scratch`. Raises OSError, LookupError.
    """
    shown = [path for room in SHOWN_ROOMS for path in (ROOT / "app" / room).rglob("*.py")]
    resources = [path for path in (ROOT / "resources").rglob("*") if path.is_file()]
    found = [
        (str(path), path.parent.relative_to(ROOT).as_posix())
        for path in sorted(resources + shown)
        if "screenshots" not in path.parts
    ]
    licences = sorted((PACKAGING / "licences").iterdir())
    for name, text in _licence_texts().items():
        path = scratch / name
        path.write_text(text, "utf-8")
        licences.append(path)
    return found + [(str(path), LICENCES) for path in licences]


def finish(folder: Path) -> None:
    """Put what a user looks for where it is seen, in a bundle that was just built.

    Raises OSError, subprocess.CalledProcessError.
    """
    (folder / "_internal" / LICENCES).rename(folder / LICENCES)
    write_sbom(folder / LICENCES, folder / "_internal")
    if sys.platform == "linux":
        place_desktop_files(folder)
        place_library_licences(folder)
        _strip(folder / "_internal")


def _strip(folder: Path) -> None:
    """Take what only a debugger reads out of Python's own files: 20 MB in some builds of it.

    Qt's are stripped by its makers, and stay exactly as they published them.
    """
    if program := shutil.which("strip"):
        files = [*folder.glob("libpython3.*"), *folder.glob("python3.*/lib-dynload/*.so")]
        subprocess.run([program, "--strip-unneeded", *files], check=True)


def _licence_texts() -> dict[str, str]:
    """Return the texts that come with what is built from, by file name."""
    texts = {"LICENSE.txt": (ROOT / "LICENSE").read_text("utf-8"), "Python.txt": _python_licence()}
    for package in PACKAGES:
        files = distribution(package).files or []
        found = [file for file in files if file.name.upper().startswith(("LICENSE", "COPYING"))]
        if not found:
            raise LookupError(f"{package} is installed without its licence text")
        texts[f"{package}.txt"] = found[0].read_text("utf-8")
    return texts


def _python_licence() -> str:
    """Return Python's own licence: on Windows beside the program, elsewhere in its library."""
    places = [Path(sys.base_prefix), Path(re.__file__).parents[1]]
    for place in places:
        path = place / "LICENSE.txt"
        if path.is_file():
            return path.read_text("utf-8")
    debian = Path(f"/usr/share/doc/python{sys.version_info[0]}.{sys.version_info[1]}/copyright")
    if debian.is_file():
        return debian.read_text("utf-8")
    raise LookupError("this Python has no licence text")


def chosen(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that the bundle needs."""
    wanted = [entry for entry in entries if is_wanted(entry[0])]
    if sys.platform == "win32":
        return _one_runtime(wanted)
    return _linked(wanted) if sys.platform == "linux" else wanted


def is_wanted(name: str) -> bool:
    """Whether the file that is called `name` in the bundle is used by Portside."""
    path = PurePosixPath(name.replace("\\", "/"))
    if _UNUSED_FILES.fullmatch(path.name):
        return False
    if path.suffix == ".qm":
        return path.name == _QT_WORDS
    if "plugins" in path.parts[:-2]:
        file = _PLUGIN_NAME.fullmatch(path.name)
        pattern = _PLUGINS.get(path.parent.name)
        return bool(file and pattern and re.fullmatch(pattern, file[1]))
    return True


def _one_runtime(entries: list[Entry]) -> list[Entry]:
    """Keep one copy of each file of Microsoft's C++ runtime: the newest, where all find it.

    Python and Qt both bring it. Windows would take whichever was loaded first, for both.
    """
    newest: dict[str, Entry] = {}
    rest = []
    for entry in entries:
        name = Path(entry[0]).name
        if not _RUNTIME.fullmatch(name):
            rest.append(entry)
            continue
        best = newest.get(name.lower())
        if best is None or _version(entry) > _version(best):
            newest[name.lower()] = (name, *entry[1:])
    return rest + list(newest.values())


def _version(entry: Entry) -> tuple[int, ...]:
    return PeFile(Path(entry[1])).version or ()


def _linked(entries: list[Entry]) -> list[Entry]:
    """Leave out what the desktop has of its own, and libraries that nothing here wants.

    PyInstaller follows whatever it finds on the system that builds: a theme plugin that is left
    out would leave its GTK behind.
    """
    files = {
        Path(name).name: ElfFile(Path(file)) for name, file, kind in entries if _is_elf(file, kind)
    }
    found = reached(
        filter(is_root, files),
        lambda name: files[name].needs if name in files and name not in DESKTOPS_OWN else (),
    )
    gone = {name for name in files if name in DESKTOPS_OWN or name not in found}
    kept = [entry for entry in entries if Path(entry[0]).name not in gone]
    names = {name for name, _, _ in kept}
    # A link stays with what it leads to.
    return [e for e in kept if e[2] != _LINK or (Path(e[0]).parent / e[1]).as_posix() in names]


def _is_elf(file: str, kind: str) -> bool:
    return kind != _LINK and is_elf(Path(file))
