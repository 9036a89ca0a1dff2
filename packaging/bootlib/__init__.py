"""The steps of `bootstrap.py`, the first of `bundle.py`; nothing but the standard library.

===========  =====================================================================
commands     what `run`, `test` and `bench` do; the first thing to read
building     what `bundle.py` does before it becomes the build
wanted       what pyproject.toml asks for, and a fingerprint of it
environment  the virtual environment: making, mending, remembering what it holds
lock         one bootstrap at a time
system       what only the operating system can give: `venv`, Qt's libraries, a screen
===========  =====================================================================

A second start reads pyproject.toml and one small file, and becomes the program.
"""
