"""The exercises: a task, a starter, and checks that real clients play against the student's code.

=======  =====================================================================
checks   what clients do and expect, as plain data; how it is read from a file
playing  plays one check against a port; says where what was seen parted
shelf    all exercises, ours and the teacher's; what a folder of one holds
=======  =====================================================================

A folder of one exercise, in `resources/exercises` or in the teacher's own folder:

====================== ========================================================
task.zh_CN.md, .en.md  title and task, and under a heading `Answer` what is folded
starter.py             where the student begins: `def handle(client): …`
solution.py            one way to do it
checks.toml            what the clients do and expect
wrong/*.py             known mistakes: tests, that each fails at its own check
====================== ========================================================

What checks hold is data: it is never run.
"""
