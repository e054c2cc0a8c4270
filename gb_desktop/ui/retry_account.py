"""A draft of failed rows proposes the account that they were sent with; nothing is chosen without a click."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gb_desktop.accounts.model import Account, AccountError
from gb_desktop.runs.model import RunError
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import Banner, Tone, isolated

if TYPE_CHECKING:
    from gb_desktop.desk import Desk


@dataclass(frozen=True, slots=True)
class Proposal:
    """The account that a draft of failed rows belongs to."""

    draft: str
    account: Account


class RetryAccount(QWidget):
    """Shown above a step while another account than the proposed one is chosen, or none."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.HUGE, tokens.MEDIUM, tokens.HUGE, 0)
        self.banner = Banner(Tone.INFO, "retry_account", self)
        row.addWidget(self.banner)
        self.hide()
        self._session = session
        self._proposal: Proposal | None = None
        self._declined = ""  # the draft whose proposal was closed
        self.banner.closed.connect(self._decline)
        session.draft_changed.connect(self.forget)
        session.account_changed.connect(self._show_proposal)

    def look(self) -> None:
        """Ask, in the background, whether the draft holds failed rows, and of which account."""
        desk, draft = self._session.desk, self._session.run
        if draft:
            self._session.desk_tasks.run(lambda: proposal_of(desk, draft), self._found, owner=self)

    def _found(self, proposal: Proposal | None) -> None:
        self._proposal = proposal
        self._show_proposal()

    @Slot()
    def forget(self) -> None:
        """Nothing is proposed any more: another draft, or one that is being sent."""
        self._proposal = None
        self.hide()

    @Slot()
    def _decline(self) -> None:
        self._declined = self._session.run
        self.hide()

    @Slot()
    def _show_proposal(self) -> None:
        found, chosen = self._proposal, self._session.account
        stale = found is None or found.draft != self._session.run or found.draft == self._declined
        if found is None or stale or (chosen is not None and chosen.name == found.account.name):
            self.hide()
            return
        title = tr("These rows were sent with the account {name} before.", name=_named(found.account))
        now = tr("Now {name} is chosen.", name=_named(chosen)) if chosen else tr("No account is chosen now.")
        self.banner.say(Tone.INFO, title, now, closable=True)
        use = partial(self._session.use_account, found.account)
        self.banner.set_action(tr("Use {name}", name=isolated(found.account.name)), "use_retry_account", use)
        self.show()


def _named(account: Account) -> str:
    return tr("{name} ({environment})", name=isolated(account.name), environment=account.environment.upper())


def proposal_of(desk: Desk, draft: str) -> Proposal | None:
    """The account of a draft of failed rows; None for any other draft, or if it is no longer there. Blocks."""
    try:
        with closing(desk.reader(draft)) as reader:
            facts, retry_of = reader.facts(), reader.meta("retry_of")
        if not retry_of or not facts.account:
            return None
        account = desk.accounts.get(facts.account)
    except (AccountError, RunError):  # one of them was deleted meanwhile
        return None
    return Proposal(draft, account) if account.environment == facts.environment else None
