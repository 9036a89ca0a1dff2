"""The student's own server program: one file with `def handle(client)`, run in the real workers.

========  ==================================================================
program   the file: compiled, run once for its definitions, its faults by line
stopping  ends what runs: politely, then by force, then says what does not end
output    what it prints
========  ==================================================================

It runs in this process with the user's rights: no sandbox. What it raises stays with its client.
"""
