"""The Windows bundle, built and tested on Debian without Windows: `packaging/wine/run.sh`.

A genuine CPython for Windows runs under Wine, PyInstaller in it builds from the same spec as on
Windows, and what comes out is audited and tried: the same stages as there (`bundlelib`), and more.
It is a preview: releases are built on Windows.

===========  =====================================================================
__main__     the stages one after the other; the first thing to read
places       where everything is made and kept
python       Python for Windows with what the bundle is made of
shims        two DLLs that Windows 10 has and Wine 8 has not, for tests only
box          a Wine prefix, its screen, and programs in it
session      the window program at work, with clients from outside
trials       what a person would do with all of it, and what must fail
===========  =====================================================================

What Wine 8 asks for: Python 3.11 (later ones fail in `os.fstat`); no regular file as a standard
stream; Qt's platform as an argument, since QT_QPA_PLATFORM does not arrive. A missing DLL brings a
dialog that waits for ever, so nothing runs without a deadline.
"""
