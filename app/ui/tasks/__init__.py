"""What sends by itself: how it is started, and the list of what runs.

Nothing of it is imported before the first task is asked for.
"""
