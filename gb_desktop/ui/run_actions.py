"""What may be done with a run in which state: plain rules, no Qt."""

from __future__ import annotations

from enum import StrEnum

from gb_desktop.runs.model import RunFacts, RunState


class Action(StrEnum):
    OPEN = "open"
    CONTINUE = "continue"
    RETRY = "retry"
    SAVE = "save"
    DELETE = "delete"


_UNFINISHED = frozenset({RunState.PAUSED, RunState.INTERRUPTED})
_PREPARED = frozenset({RunState.DRAFT, RunState.READY})


def allowed(run: RunFacts | None, sending_here: bool) -> frozenset[Action]:
    """The actions that make sense for a run; none for None. A run that is being sent is only opened."""
    if run is None:
        return frozenset()
    if sending_here:
        return frozenset({Action.OPEN})
    if run.state in _PREPARED:
        return frozenset({Action.CONTINUE, Action.DELETE})
    if run.state is RunState.SENDING:  # by another window or command
        return frozenset({Action.OPEN, Action.SAVE})
    actions = {Action.OPEN, Action.SAVE, Action.DELETE}
    if run.state in _UNFINISHED:
        actions.add(Action.CONTINUE)
    if run.state in (RunState.FINISHED, RunState.NEEDS_ATTENTION) and run.counts.failed:
        actions.add(Action.RETRY)
    return frozenset(actions)


def undecided(run: RunFacts) -> int:
    """Rows that may have been applied without the app knowing; deleting the run loses the way to find out."""
    return run.counts.unknown + run.counts.in_flight
