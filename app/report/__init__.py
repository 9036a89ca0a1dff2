"""The report room: what the program leaves behind about its own troubles.

====== ==========================================================================
log    one rotating file: what the program did, at the level the user chose
crash  this run's report: the stacks of all threads, should it end by a crash
hooks  exceptions that left a slot, a painting or a thread: into log and report
found  the reports of earlier runs that a user has not seen yet
====== ==========================================================================

Nothing that a client sent and nothing that the user typed stands in any of it: no message of an
exception (it may quote a value), no value of a variable. So a report can be sent to a stranger.
It stands below all other rooms, because all of them may have something to say.
"""
