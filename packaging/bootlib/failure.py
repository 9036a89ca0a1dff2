"""The one way a bootstrap fails."""


class Failure(Exception):
    """It cannot go on without the user; the text says what happened and what to do."""
