"""Each exercise that ships: its solution passes, its starter fails, and each known mistake fails
first at the check that it is named after."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.paths import resource
from app.teaching.exercises.checks import Check
from app.teaching.exercises.playing import Verdict, play
from app.teaching.exercises.shelf import Exercise, look
from app.teaching.programs.program import Program
from app.teaching.programs.stage import ProgramServer

NOWHERE = resource("no-such-folder")
EXERCISES = look(resource("exercises"), NOWHERE, "zh_CN").exercises
MISTAKES = [
    pytest.param(exercise, path, id=f"{exercise.key}-{path.stem}")
    for exercise in EXERCISES
    for path in sorted((exercise.path / "wrong").iterdir())
]


def played(text: str, check: Check) -> Verdict:
    program = Program(text)
    program.load()
    server = ProgramServer(program)
    try:
        return play(check, server.endpoint)
    finally:
        server.close()
        assert server.standing == []


def all_played(text: str, exercise: Exercise) -> list[Verdict]:
    """Play all checks, beside one another: each has a server of its own, and mostly waits."""
    with ThreadPoolExecutor(len(exercise.checks)) as pool:
        return list(pool.map(lambda check: played(text, check), exercise.checks))


def first_failed(text: str, exercise: Exercise) -> str:
    failed = [verdict.check.id for verdict in all_played(text, exercise) if not verdict.passed]
    return failed[0] if failed else ""


def test_there_are_enough_and_all_can_be_read_in_both_languages() -> None:
    assert len(EXERCISES) >= 10
    for language in ("zh_CN", "en"):
        contents = look(resource("exercises"), NOWHERE, language)
        assert not contents.flaws
        assert [each.key for each in contents.exercises] == [each.key for each in EXERCISES]
        for exercise in contents.exercises:
            assert exercise.task.answer
            assert exercise.solution
            assert all(language in check.titles for check in exercise.checks)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)
def test_the_solution_passes(exercise: Exercise) -> None:
    for verdict in all_played(exercise.solution, exercise):
        assert verdict.passed, verdict.seen[-1]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)
def test_the_starter_fails(exercise: Exercise) -> None:
    assert first_failed(exercise.starter, exercise)


@pytest.mark.long
@pytest.mark.parametrize(("exercise", "path"), MISTAKES)
def test_a_known_mistake_fails_at_its_own_check(exercise: Exercise, path: Path) -> None:
    assert first_failed(path.read_text(encoding="utf-8"), exercise) == path.stem
