"""What an option that cannot be used is refused with."""


class BadOption(Exception):
    """An option that cannot be used; the text is the sentence for the user."""
