"""All experiments, in the order of the lessons."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app.teaching.experiments import (
    cut_character,
    daemon_threads,
    datagrams,
    deaf_client,
    eavesdropper,
    first_words,
    full_backlog,
    glued_messages,
    goodbyes,
    middleman,
    mojibake,
    never_equal,
    not_encryption,
    queue_or_threads,
    split_messages,
    thousand_threads,
)
from app.teaching.experiments.facts import Result
from app.teaching.experiments.lab import Lab


class Experiment(NamedTuple):
    """One experiment. Its words are `experiments.<id>.<key>`."""

    id: str
    steps: tuple[str, ...]  # the keys of all its steps, in order
    run: Callable[[Lab], Result]


_ALL = (
    Experiment("first-words", first_words.STEPS, first_words.run),
    Experiment("queue-or-threads", queue_or_threads.STEPS, queue_or_threads.run),
    Experiment("glued-messages", glued_messages.STEPS, glued_messages.run),
    Experiment("split-messages", split_messages.STEPS, split_messages.run),
    Experiment("cut-character", cut_character.STEPS, cut_character.run),
    Experiment("mojibake", mojibake.STEPS, mojibake.run),
    Experiment("goodbyes", goodbyes.STEPS, goodbyes.run),
    Experiment("never-equal", never_equal.STEPS, never_equal.run),
    Experiment("not-encryption", not_encryption.STEPS, not_encryption.run),
    Experiment("full-backlog", full_backlog.STEPS, full_backlog.run),
    Experiment("deaf-client", deaf_client.STEPS, deaf_client.run),
    Experiment("daemon-threads", daemon_threads.STEPS, daemon_threads.run),
    Experiment("thousand-threads", thousand_threads.STEPS, thousand_threads.run),
    Experiment("eavesdropper", eavesdropper.STEPS, eavesdropper.run),
    Experiment("datagrams", datagrams.STEPS, datagrams.run),
    Experiment("middleman", middleman.STEPS, middleman.run),
)
EXPERIMENTS = {experiment.id: experiment for experiment in _ALL}
