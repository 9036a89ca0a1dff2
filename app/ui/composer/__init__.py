"""The composer: typed text, hex or escapes to all, some or one of the clients.

`panel` is the whole; the other modules are its parts. Those without Qt (`history`, `target`,
`conversion`, `check`, `outcome`) hold the rules, the others show them.
"""

from __future__ import annotations

from app.ui.composer.panel import ComposerPanel

__all__ = ["ComposerPanel"]
