#!/usr/bin/env python3
"""Make what people download, on the system where this runs: one command, nothing to prepare.

    python3 packaging/bundle.py [--try-installer]

The program with its Python and its Qt is built by PyInstaller, audited, tried out and packed; what
comes out lies in `dist`. The environment that builds is made in `build/venv`.
"""

import sys

NEEDED = (3, 11)

if sys.version_info < NEEDED:
    sys.exit(
        "Portside needs Python %d.%d or later; this is Python %s (%s)."
        % (NEEDED + (sys.version.split()[0], sys.executable))
    )

if __name__ == "__main__":
    # Beside this file; Python puts its folder on the path of imports.
    from bootlib.building import main

    sys.exit(main(sys.argv[1:]))
