"""Who gets it, while clients come and go."""

from __future__ import annotations

from app.ui.composer.target import Obstacle, TargetChoice, TargetKind


def test_all_means_everybody_online_now() -> None:
    choice = TargetChoice()
    assert choice.obstacle() is Obstacle.NO_CLIENT
    choice.online = {3, 1, 2}
    assert choice.client_ids() == (1, 2, 3)
    assert choice.obstacle() is None
    choice.online = {2}
    assert choice.client_ids() == (2,)


def test_selected_rows_that_are_offline_get_nothing() -> None:
    choice = TargetChoice(TargetKind.SELECTED, online={1, 2, 3}, selected={2, 3, 9})
    assert choice.client_ids() == (2, 3)
    choice.online = {1}
    assert choice.client_ids() == ()
    assert choice.obstacle() is Obstacle.SELECTED_OFFLINE


def test_a_selection_that_is_gone_never_becomes_all() -> None:
    choice = TargetChoice(TargetKind.SELECTED, online={1, 2}, selected=set())
    assert choice.client_ids() == ()
    assert choice.obstacle() is Obstacle.NONE_SELECTED


def test_one_client_that_left_never_becomes_another() -> None:
    choice = TargetChoice(TargetKind.ONE, one=4, online={4, 5})
    assert choice.client_ids() == (4,)
    choice.online = {5}
    assert choice.client_ids() == ()
    assert choice.obstacle() is Obstacle.ONE_OFFLINE
    choice.one = None
    assert choice.obstacle() is Obstacle.NO_NUMBER
