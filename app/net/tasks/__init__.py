"""What sends by itself: a message again and again, a sequence, a file.

========= ======================================================================
facts     plain values: kinds, states, why a task ended
task      what all tasks have in common: state, counts, a clock that can stand still
timed     a task that the timetable's thread carries on, step by step
repeat    one message every so many milliseconds
sequence  messages in order, with pauses and waits for answers
file      a file of any size, read piece by piece in a thread of its own
registry  the tasks of one server
========= ======================================================================

A task belongs to its server and ends with it. What it sends goes through the clients' outboxes, as
everybody's does; what it raises ends the task alone, and is told in the log.
"""
