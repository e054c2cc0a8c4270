"""The wizard's flow: its steps, what each needs before Next, and which can be gone to. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gb_desktop.text import tr


class Step(StrEnum):
    """The six steps, in order; the values are what a run file remembers."""

    TYPE = "type"
    WORKBOOK = "workbook"
    COLUMNS = "columns"
    CHECK = "check"
    REVIEW = "review"
    SEND = "send"


STEPS: tuple[Step, ...] = tuple(Step)


def title_of(step: Step) -> str:
    """The step's name on the rail."""
    titles = {
        Step.TYPE: tr("Batch type"),
        Step.WORKBOOK: tr("Workbook"),
        Step.COLUMNS: tr("Columns"),
        Step.CHECK: tr("Check"),
        Step.REVIEW: tr("Review"),
        Step.SEND: tr("Send"),
    }
    return titles[step]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a draft, as far as the steps depend on it."""

    batch_type: str = ""
    account: str = ""
    account_known: bool = False  # its keys were found
    busy: str = ""  # a sentence while something is under way that Next must wait for
    loaded: bool = False
    rows: int = 0
    hidden_rows: int = 0
    hidden_answered: bool = False
    results_unanswered: bool = False  # a results workbook, and nobody said which of its rows are meant
    mapped: bool = False  # a mapping stands
    missing: tuple[str, ...] = ()  # titles of required fields without a source
    mapping_error: str = ""  # the first sentence of what is wrong with the mapping itself
    checked: bool = False
    sheet_error: str = ""  # a setting of the sheet as a whole that must be chosen first
    ready: int = 0
    errors: int = 0
    leave_out_errors: bool = False
    reviewed: bool = False


def why_not(step: Step, standing: Standing) -> str:
    """Why Next can't be pressed on `step`, one sentence; "" when it can."""
    if standing.busy:
        return standing.busy
    return _GUARDS[step](standing)


def _type(standing: Standing) -> str:
    if not standing.account:
        return tr("Choose an account at the top of the window.")
    return "" if standing.batch_type else tr("Choose what you want to send.")


def _workbook(standing: Standing) -> str:
    if not standing.loaded:
        return tr("Choose a workbook first.")
    if not standing.rows:
        return tr("This sheet has no rows below its header. Choose another sheet or another header row.")
    if standing.results_unanswered:
        return tr("Say what is to become of this results workbook: most of its rows were sent already.")
    if standing.hidden_rows and not standing.hidden_answered:
        return tr("Say whether hidden rows are sent too.")
    return ""


def _account(standing: Standing) -> str:
    if not standing.account:
        return tr("Choose an account at the top of the window.")
    return "" if standing.account_known else tr("The keys of {account} are not there yet.", account=standing.account)


def _columns(standing: Standing) -> str:
    if len(standing.missing) == 1:
        return tr("{field} has no source yet.", field=standing.missing[0])
    if standing.missing:
        return tr("{count} required fields have no source yet.", count=len(standing.missing))
    if standing.mapping_error:
        return standing.mapping_error
    return _account(standing) if standing.mapped else tr("Say which column holds what.")


def _check(standing: Standing) -> str:
    if not standing.checked:
        return tr("The rows are not checked yet.")
    if standing.sheet_error:
        return standing.sheet_error
    if not standing.ready:
        return tr("No row is ready to be sent. Fix the problems on the left first.")
    if standing.errors == 1 and not standing.leave_out_errors:
        return tr("1 row has errors: fix it, or say that it is left out.")
    if standing.errors and not standing.leave_out_errors:
        return tr("{count} rows have errors: fix them, or say that they are left out.", count=standing.errors)
    return _account(standing)


def _review(standing: Standing) -> str:
    if missing := _account(standing):
        return missing
    return "" if standing.reviewed else tr("The figures are not there yet.")


def _send(_standing: Standing) -> str:
    return ""


_GUARDS = {
    Step.TYPE: _type,
    Step.WORKBOOK: _workbook,
    Step.COLUMNS: _columns,
    Step.CHECK: _check,
    Step.REVIEW: _review,
    Step.SEND: _send,
}


class Flow:
    """Where the wizard is. Going back keeps everything; once sending has begun there is no way back."""

    def __init__(self) -> None:
        self.current = Step.TYPE
        self._done: set[Step] = set()

    @property
    def sent(self) -> bool:
        """True once the last step is reached: what is planned can't be changed any more."""
        return self.current is Step.SEND

    def done(self, step: Step) -> bool:
        """True for steps that have been finished and still stand."""
        return step in self._done

    def can_go(self, step: Step) -> bool:
        """True when a click on the rail may lead to `step`: it is done, or all before it are."""
        if self.sent or step is self.current:
            return step is self.current
        return all(earlier in self._done for earlier in STEPS[: STEPS.index(step)]) and step is not Step.SEND

    def advance(self) -> Step:
        """The current step is finished: on to the next one."""
        self._done.add(self.current)
        at = STEPS.index(self.current)
        self.current = STEPS[min(at + 1, len(STEPS) - 1)]
        return self.current

    def back(self) -> Step:
        """One step back, if there is one and nothing has been sent."""
        at = STEPS.index(self.current)
        if at and not self.sent:
            self.current = STEPS[at - 1]
        return self.current

    def go(self, step: Step) -> bool:
        """To a step of the rail; False when it can't be gone to."""
        if not self.can_go(step):
            return False
        self.current = step
        return True

    def forget_after(self, step: Step) -> None:
        """What came after `step` no longer stands, because `step` was changed."""
        self._done -= set(STEPS[STEPS.index(step) :])

    def reopen(self, step: Step) -> None:
        """Stand where a stored draft was left."""
        self._done = set(STEPS[: STEPS.index(step)])
        self.current = step
