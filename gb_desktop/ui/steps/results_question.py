"""What is asked about a results workbook that is handed in: the choice that fits its run leads. Knows no Qt."""

from __future__ import annotations

from gb_desktop.runs.model import RunFacts, RunState
from gb_desktop.text import tr

OPEN, FAILED, ALL = "open_results_run", "take_failed_rows", "use_all_results"
_AT_REST = (RunState.FINISHED, RunState.NEEDS_ATTENTION)

Question = tuple[str, tuple[tuple[str, str], ...]]


def question_about(run: RunFacts | None) -> Question:
    """(what to do, (choice, its words) in order) for the run of the workbook, None when it isn't on this computer.

    The last choice, all rows, sends rows again that were sent already: it never leads.
    """
    failed = FAILED, tr("Start anew with the failed rows")
    whole = ALL, tr("Use all of its rows")
    if run is None:
        sentence = tr("That run is not on this computer. Start anew with the rows that failed, as they stand here now.")
        return sentence, (failed, whole)
    look = OPEN, tr("Open that run")
    if run.unreadable:
        return run.sentence, (look, whole)
    if run.state not in _AT_REST:
        sentence = tr("That run is not finished: continue it. Rows that failed can be taken from its results after it.")
        return sentence, ((OPEN, tr("Continue that run")), whole)
    if not run.counts.failed:
        return tr("None of its rows failed, so there is nothing to try again."), (look, whole)
    sentence = tr("Start anew with the rows that failed, as they stand in this workbook now, or look at that run.")
    return sentence, (failed, look, whole)
