"""The states after a run for `tests.screenshots`: its results workbook opened again, on the computer that made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gb_desktop.runs.model import RunState

if TYPE_CHECKING:
    from tests.screenshots import Tour


def results_here(tour: Tour) -> None:
    desk = tour.whole.desk
    run = next(run for run in desk.runs() if run.state is RunState.FINISHED and run.counts.failed)
    results = desk.write_report(run.run, tour.files / "March cashback of all branches-results.xlsx", lambda _: None)
    tour.begin("cashback")
    tour.open(results)
    tour.picture("workbook-results-here")


STOPS: tuple[Callable[[Tour], None], ...] = (results_here,)
