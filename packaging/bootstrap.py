#!/usr/bin/env python3
"""Start Portside from its source, test it or measure it: one command, nothing to prepare.

    python3 packaging/bootstrap.py run   [-- program options]
    python3 packaging/bootstrap.py test  [-- pytest options]
    python3 packaging/bootstrap.py bench [-- bench options]

This file is only the gate: it stays readable for old Pythons, so that they can say what is wrong.
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
    from bootlib.commands import main

    sys.exit(main(sys.argv[1:]))
