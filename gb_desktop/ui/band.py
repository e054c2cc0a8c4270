"""The band across the top: which account, which environment, and what is being sent right now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import Chooser, ElidedLabel, QuietButton, Text, named, restyle

if TYPE_CHECKING:
    from gb_desktop.accounts.model import Account


class Band(QFrame):
    """Names the account and its environment in words; only LIVE is red."""

    add_account = Signal()
    show_sending = Signal(str)  # a run's ID, "" when there are several

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._accounts: tuple[Account, ...] = ()
        self.setProperty("part", "band")
        named(self, "band", tr("Account"))
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.HUGE, tokens.SMALL, tokens.HUGE, tokens.SMALL)
        line.setSpacing(tokens.MEDIUM)
        label = Text(tr("Account"), "muted", self, wrap=False)
        self.chooser = Chooser("account_chooser", tr("Account"), self)
        self.chooser.setMinimumWidth(200)
        self.chooser.activated.connect(self._chosen)
        label.setBuddy(self.chooser)
        self.environment = named(QLabel(self), "environment")
        self.environment.setContentsMargins(tokens.SMALL, tokens.TINY - 1, tokens.SMALL, tokens.TINY - 1)
        self.meaning = ElidedLabel("", self, kind="muted")
        self.sending = QuietButton("", "band_sending", "send", self)
        self.sending.clicked.connect(self._sending_clicked)
        line.addWidget(label)
        line.addWidget(self.chooser)
        line.addWidget(self.environment, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.meaning, 1)
        line.addWidget(self.sending)
        session.account_changed.connect(self.refresh)
        session.sendings.changed.connect(self.refresh)
        self.refresh()

    def show_accounts(self, accounts: Sequence[Account]) -> None:
        """The accounts to choose from, the practice account first."""
        self._accounts = tuple(accounts)
        with QSignalBlocker(self.chooser):
            self.chooser.clear()
            for account in accounts:
                self.chooser.addItem(account.name)
            self.chooser.insertSeparator(self.chooser.count())
            self.chooser.addItem(tr("Add an account…"))
        self.refresh()

    @Slot(int)
    def _chosen(self, index: int) -> None:
        if index < len(self._accounts):
            self._session.use_account(self._accounts[index])
        else:
            self.refresh()
            self.add_account.emit()

    @Slot()
    def refresh(self) -> None:
        """Show the session's account and what is being sent."""
        account = self._session.account
        names = [known.name for known in self._accounts]
        with QSignalBlocker(self.chooser):
            self.chooser.setCurrentIndex(names.index(account.name) if account and account.name in names else -1)
        self.chooser.setPlaceholderText(tr("Choose an account"))
        self.environment.setVisible(account is not None)
        if account is not None:
            self.environment.setText(account.environment.upper())
            restyle(self.environment, environment=account.environment)
            self.environment.setAccessibleName(tr("Environment: {word}", word=account.environment.upper()))
        self.meaning.setText(_meaning(account.environment) if account else "")
        self._show_sending()

    def _show_sending(self) -> None:
        active = self._session.sendings.active()
        self.sending.setVisible(bool(active))
        if len(active) == 1:
            self.sending.setText(tr("Sending a run to {account}", account=active[0].account.name))
        elif active:
            self.sending.setText(tr("Sending {count} runs", count=len(active)))

    @Slot()
    def _sending_clicked(self) -> None:
        active = self._session.sendings.active()
        self.show_sending.emit(active[0].run if len(active) == 1 else "")


def _meaning(environment: str) -> str:
    meanings = {
        "practice": tr("Nothing leaves this computer."),
        "test": tr("Sent to Gameball's test data."),
        "live": tr("Sent to your real customers."),
    }
    return meanings.get(environment, "")
