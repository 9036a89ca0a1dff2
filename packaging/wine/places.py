"""Where everything is made and kept: one folder, which can be deleted at any time."""

from __future__ import annotations

from pathlib import Path

from bundlelib.places import ROOT as ROOT

HERE = Path(__file__).resolve().parent
WORK = ROOT / "build" / "wine"

PYTHON = WORK / "python"  # CPython for Windows and its packages
HOME = WORK / "home"  # where Wine puts Desktop and Documents
PREFIX = WORK / "prefix"  # Wine's C: and registry
SHIMS = WORK / "shims"
OUT = WORK / "dist"  # the bundle's folder, the zip, the installer
