"""Commands: messages prepared to be sent, each with a name, by a click or a key.

`command` and `files` know what a command is and how it is kept (no Qt); the other modules show it.
"""
