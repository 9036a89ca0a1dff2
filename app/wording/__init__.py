"""Every word the user reads, in Chinese and English.

The rooms below raise and emit facts; here they become words. `tr` looks a key up in the catalogues
`resources/i18n/<language>/<area>.json`: the key `log.pause_count` is `pause_count` in `log.json`.
A catalogue is flat JSON; its values are `str.format` patterns, filled with `tr`'s fields.

Where a count changes the word, a second pattern `<key>.one` serves `n == 1`: English says
"1 client" and "2 clients". Chinese needs none and has none.

`sentences` turns the program's facts into sentences, `amounts` numbers into sizes and times.
"""

from __future__ import annotations

from app.wording.catalogue import LANGUAGES, language, set_language, tr
from app.wording.system import language_of, system_language

__all__ = ["LANGUAGES", "language", "language_of", "set_language", "system_language", "tr"]
