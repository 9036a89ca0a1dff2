"""What is to be known of a task: plain values, no prose."""

from __future__ import annotations

from enum import StrEnum


class TaskKind(StrEnum):
    """What a task does. The values are stored in journals."""

    REPEAT = "repeat"
    SEQUENCE = "sequence"
    FILE = "file"


class TaskState(StrEnum):
    """Where a task stands. What it waits for is told while it runs, too."""

    RUNNING = "running"
    WAITS_FOR_CLIENTS = "waits_for_clients"  # everybody is meant, and nobody is online
    WAITS_FOR_PEER = "waits_for_peer"  # a client does not read
    WAITS_FOR_ANSWER = "waits_for_answer"
    READS_AGAIN = "reads_again"  # everything is sent: the file's SHA-256 is found out
    PAUSED = "paused"
    ENDED = "ended"


class TaskEnd(StrEnum):
    """Why a task ended. The values are stored in journals."""

    DONE = "done"
    STOPPED = "stopped"  # by the user
    CLIENT_LEFT = "client_left"  # all that were meant
    PORT_CLOSED = "port_closed"
    PROGRAM_ENDS = "program_ends"
    NO_ANSWER = "no_answer"  # in time
    FILE_CHANGED = "file_changed"  # it became shorter while it was sent
    NO_FILE = "no_file"  # a folder, a pipe, a device
    UNENCODABLE = "unencodable"  # a client's encoding lacks a character
    FAILED = "failed"  # the error says why
