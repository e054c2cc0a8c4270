"""The states after a run for `tests.screenshots`: its results workbook opened again, on the computer that made it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gb_desktop.runs.model import RunState
from gb_desktop.ui.flow import Step

if TYPE_CHECKING:
    from tests.screenshots import Tour


def results_here(tour: Tour) -> None:
    desk = tour.whole.desk
    run = next(run for run in desk.runs() if run.state is RunState.FINISHED and run.counts.failed)
    results = desk.write_report(run.run, tour.files / "March cashback of all branches-results.xlsx", lambda _: None)
    tour.begin("cashback")
    tour.open(results)
    tour.picture("workbook-results-here")
    tour.account(1)  # not the one that these rows were sent with
    tour.page._take_failed()
    tour.next_to(Step.COLUMNS)
    tour.picture("columns-failed-rows")
    tour.account(0)


STOPS: tuple[Callable[[Tour], None], ...] = (results_here,)
