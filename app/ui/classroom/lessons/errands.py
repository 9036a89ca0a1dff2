"""What the links of a lesson do: they show a piece, start a client, turn a switch. Nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bridge.controller import ServerState
from app.teaching.experiments.catalogue import EXPERIMENTS
from app.teaching.habits import Habit
from app.teaching.lessons.links import Action, Link, Scheme, exists, parse_link
from app.ui.stage.pages import PIECES
from app.wording import tr

if TYPE_CHECKING:
    from app.teaching.lessons.links import Targets
    from app.ui.classroom.desk import Desk

TARGETS: Targets = {
    Scheme.PIECE: frozenset(spec.name for spec in PIECES),
    Scheme.EXPERIMENT: frozenset(EXPERIMENTS),
    Scheme.DEMO: frozenset(Habit),
    Scheme.ACTION: frozenset(Action),
}


class Errands:
    """Runs links, but for a lesson's, and says in words what they do. GUI thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def tip(self, href: str) -> str:
        """Say what a link does before it is clicked."""
        link = parse_link(href)
        if link is None:
            return tr("lessons.leads_out", where=href)
        if link.scheme is Scheme.LESSON:
            return tr("lessons.tip_lesson")
        if not exists(link, TARGETS):
            return tr("lessons.no_such_place", where=href)
        if link.scheme is Scheme.PIECE:
            return tr("lessons.tip_piece", name=tr(f"classroom.{link.target}"))
        if link.scheme is Scheme.DEMO:
            return tr("lessons.tip_demo", kind=tr(f"crowd.{link.target}"))
        if link.scheme is Scheme.ACTION:
            return tr(f"lessons.tip_{link.target}")
        return tr("lessons.tip_experiment")

    def run(self, href: str) -> str:
        """Do what a link says; return what there is to say about it, "" where it is seen."""
        link = parse_link(href)
        if link is None:
            return tr("lessons.leads_out", where=href)
        if not exists(link, TARGETS):
            return tr("lessons.no_such_place", where=href)
        return {
            Scheme.PIECE: self._show_piece,
            Scheme.EXPERIMENT: self._show_experiment,
            Scheme.DEMO: self._start_demo,
            Scheme.ACTION: self._act,
        }[link.scheme](link)

    def _show_piece(self, link: Link) -> str:
        self._desk.piece_wanted.emit(link.target)
        return ""

    def _show_experiment(self, link: Link) -> str:
        self._desk.experiment_chosen.emit(link.target)
        return ""

    def _start_demo(self, link: Link) -> str:
        self._desk.service.start_demo(Habit(link.target))
        kind = tr(f"crowd.{link.target}")
        return tr("lessons.did_demo", kind=kind) if self._is_open() else self._what_became()

    def _act(self, link: Link) -> str:
        action = Action(link.target)
        if action is not Action.OPEN:
            self._desk.controller.change(single_threaded=action is Action.ONE_THREAD)
            return tr(f"lessons.did_{action}")
        if self._is_open():
            return tr("lessons.already_open")
        self._desk.service.open()
        return self._what_became()

    def _what_became(self) -> str:
        """What came of opening the port."""
        if self._is_open():
            return tr("lessons.did_open")
        is_coming = self._desk.controller.post.is_coming
        return tr("lessons.opens_soon" if is_coming else "lessons.not_open")

    def _is_open(self) -> bool:
        return self._desk.controller.state is ServerState.OPEN
