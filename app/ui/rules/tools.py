"""What can be done with the rules, and by which keys."""

from __future__ import annotations

from app.ui.widgets.table_tools import Tool

TOOLS = (
    Tool("add", "plus", "Ctrl+N"), Tool("record", "record"), Tool("copy", "copy", "Ctrl+D"),
    Tool("switch", "check", "Space", in_table=True),
    Tool("remove", "trash", "Del", in_table=True),
    Tool("up", "up", "Alt+Up"), Tool("down", "down", "Alt+Down"),
    Tool("undo", "undo", "Ctrl+Z"), Tool("redo", "", "Ctrl+Shift+Z"),
    Tool("import", "folder-open", "Ctrl+O"), Tool("export", "export", "Ctrl+S"),
    Tool("reset", "clear"),
)  # fmt: skip
