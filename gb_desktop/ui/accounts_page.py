"""The accounts: listed, added, edited, tested, removed. Keys are pasted into masked fields and never shown again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from gb_desktop.accounts.model import Account, Keys
from gb_desktop.new_keys import WhoseKeysError
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.account_form import AccountForm
from gb_desktop.ui.dialogs import ask_to_remove_account, ask_whose_keys
from gb_desktop.ui.errors import mishap_of
from gb_desktop.ui.leaving import Leaving
from gb_desktop.ui.session import Session
from gb_desktop.ui.widgets import Banner, Choices, SecondaryButton, Text, Tone, named

if TYPE_CHECKING:
    from gb_desktop.accounts.vault import Kept


class AccountsPage(QWidget):
    """A list on the left, the account's facts on the right."""

    accounts_changed = Signal(object)  # tuple[Account, ...]

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "accounts_page")
        self._session = session
        self._accounts: tuple[Account, ...] = ()
        self._wanted = ""  # the account to select when the list comes
        self._adding = False  # what is typed for a new account must outlast a list that comes late
        self._then: Callable[[], None] | None = None  # where to go once what was typed is stored
        self.saving = False
        self._leaving = Leaving(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.HUGE, tokens.HUGE, tokens.HUGE, tokens.LARGE)
        column.setSpacing(tokens.LARGE)
        column.addWidget(Text(tr("Accounts"), "title", self))
        self.banner = Banner(Tone.ERROR, "accounts_banner", self)
        column.addWidget(self.banner)
        parts = QHBoxLayout()
        parts.setSpacing(tokens.HUGE)
        parts.addLayout(self._left())
        parts.addWidget(self._right(), 1)
        parts.addStretch(0)
        column.addLayout(parts, 1)
        self.keyring = named(Text("", "muted", self), "accounts_keyring")
        column.addWidget(self.keyring)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(tokens.SMALL)
        self.list = Choices("accounts_list", tr("Accounts"), 240, self)
        self.list.currentRowChanged.connect(self._selected)
        self.add_button = SecondaryButton(tr("Add an account"), "accounts_add", "plus", self)
        self.add_button.clicked.connect(self.begin_new)
        column.addWidget(self.list, 1)
        column.addWidget(self.add_button)
        return column

    def _right(self) -> QWidget:
        self.form = AccountForm(self)
        self.form.saved.connect(self._save)
        self.form.tested.connect(self._test)
        self.form.removed.connect(self._ask_to_remove)
        self.form.cancelled.connect(self._cancel)
        return self.form

    # ------------------------------------------------------------------ the list

    def enter(self) -> None:
        """The page is shown."""
        if not (self.saving or self.altered):
            self.banner.clear()
        self.reload()

    @Slot()
    def reload(self) -> None:
        """Read accounts and keyring again, in the background."""
        book = self._session.desk.accounts
        self._session.desk_tasks.run(book.accounts, self._show_accounts, self._say, owner=self)
        vault = self._session.desk.vault
        self._session.desk_tasks.run(vault.describe, self.keyring.setText, self._say, owner=self)

    def _show_accounts(self, accounts: tuple[Account, ...]) -> None:
        chosen = self._wanted or (self.form.account.name if self.form.account else "")
        self._accounts = accounts
        self.list.blockSignals(True)
        self.list.clear()
        for account in accounts:
            item = QListWidgetItem(
                tr("{name} · {environment}", name=account.name, environment=account.environment.upper())
            )
            self.list.addItem(item)
        names = [account.name for account in accounts]
        row = names.index(chosen) if chosen in names else 0
        shown = self.form.account
        self.list.blockSignals(False)
        if not self._wanted and shown is not None and shown.name == chosen in names and self.form.altered:
            self.form.account = accounts[row]
            self._mark()  # what was typed meanwhile stays
        elif chosen in names or not self._adding:
            self._show(row)
        if self._wanted in names:
            self._wanted = ""
        self.accounts_changed.emit(accounts)
        if notice := self._session.desk.accounts.notice:
            self.banner.say(Tone.WARNING, notice, closable=True)

    @Slot(int)
    def _selected(self, row: int) -> None:
        """A person chose a line of the list."""
        if 0 <= row < len(self._accounts):
            QTimer.singleShot(0, self, self._mark)  # once Qt has done with the press: the form may have to stay
            self._leaving.go_on(self, partial(self._go_to, self._accounts[row].name))

    def _go_to(self, name: str) -> None:
        names = [account.name for account in self._accounts]
        if self._wanted:
            self._wanted = name  # the list that was asked for after saving selects it
        if name in names:
            self._show(names.index(name))

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._accounts):
            self._adding = False
            self.form.show_account(self._accounts[row])
            self._mark()

    @Slot()
    def _mark(self) -> None:
        """Mark the line whose account the form shows, unheard."""
        shown = self.form.account.name if self.form.account is not None else ""
        row = next((at for at, account in enumerate(self._accounts) if account.name == shown), -1)
        self.list.blockSignals(True)
        self.list.setCurrentRow(row)
        if row < 0:
            self.list.clearSelection()
        self.list.blockSignals(False)

    @Slot()
    def begin_new(self) -> None:
        """An empty form for another account."""
        self._leaving.go_on(self, self._begin_new)

    def _begin_new(self) -> None:
        self.banner.clear()
        self._wanted, self._adding = "", True
        self.form.show_new()
        self._mark()

    @Slot()
    def _cancel(self) -> None:
        self._show(0)

    # ------------------------------------------------------------------ leaving

    @property
    def altered(self) -> bool:
        """Whether the form holds anything that is not stored."""
        return self.form.altered

    def unsaved(self) -> tuple[str, str]:
        account = self.form.account
        if account is None:
            return tr("Add the new account?"), tr("What you typed for a new account is not saved yet.")
        title = tr("Save the changes to “{name}”?", name=account.name)
        return title, tr("What you changed in this account is not saved yet.")

    def save(self, then: Callable[[], None]) -> None:
        """Store what was typed, then go on; or say what is missing, and stay."""
        self._then = then
        typed = None if self.saving else self.form.complete()
        if typed is not None:
            self._save(*typed)
        elif not self.saving:
            self._then = None

    def forget(self) -> None:
        """Show what is stored again, or the first account where nothing is."""
        if self.form.account is not None:
            self.form.show_account(self.form.account)
        elif self._accounts:
            self._show(0)
        else:
            self.form.show_new()

    # ------------------------------------------------------------------ what may be done

    @Slot(object, object)
    def _save(self, account: Account, keys: Keys | None) -> None:
        self._store(account, keys, self.form.account is None)

    def _store(self, account: Account, keys: Keys | None, is_new: bool, same: bool | None = None) -> None:
        """Store what was typed. same: what was answered about the keys, None before it was asked."""
        stored = self._session.desk.new_keys
        self.banner.clear()

        def store() -> Kept | None:
            if is_new and keys is not None:
                return stored.add(account, keys, same)
            return stored.change(account, keys, same)

        def not_stored(error: Exception) -> None:
            self.saving = False
            if isinstance(error, WhoseKeysError) and keys is not None:
                self._ask_whose(account, keys, is_new)
            else:
                self._say(error)

        self.saving = True
        self.form.set_busy(tr("Saving…"))
        self._session.desk_tasks.run(store, partial(self._saved, account.name), not_stored, owner=self)

    def _ask_whose(self, account: Account, keys: Keys, is_new: bool) -> None:
        """Whether the keys belong to the Gameball account of the earlier ones. A closed question changes nothing."""
        self.form.set_busy("")

        then = self._then

        def other() -> None:
            if is_new:
                self._then = then
                self._store(account, keys, is_new, False)
            else:
                self._propose_another(account, keys)

        same = partial(self._store, account, keys, is_new, True)
        ask_whose_keys(self.window(), account.name, is_new, same, other).rejected.connect(self._stay)

    @Slot()
    def _stay(self) -> None:
        self._then = None

    def _propose_another(self, account: Account, keys: Keys) -> None:
        """The form of a new account with these keys; the one that they were typed for stays as it is."""
        self._adding = True
        self.form.show_another(account, keys)
        self._mark()
        title = tr("Nothing was changed in “{name}”.", name=account.name)
        self.banner.say(Tone.INFO, title, "", tr("Give the account of these keys a name, and add it."), closable=True)

    def _saved(self, name: str, kept: Kept | None) -> None:
        self.saving = False
        self._wanted = name
        self.form.set_busy("")
        self.form.settle()
        self.banner.say(Tone.SUCCESS, tr("Saved."), kept.sentence if kept else "", closable=True)
        self.reload()
        current = self._session.account
        if current is not None and current.name == name:
            self._refresh_session(name)
        then, self._then = self._then, None
        if then is not None:
            then()

    def _refresh_session(self, name: str) -> None:
        book = self._session.desk.accounts
        self._session.desk_tasks.run(lambda: book.get(name), self._session.use_account, self._say, owner=self)

    @Slot()
    def _test(self) -> None:
        account = self.form.account
        if account is not None:
            desk = self._session.desk
            self.banner.clear()
            self.form.set_busy(tr("Asking Gameball…"))
            self._session.desk_tasks.run(lambda: desk.test_connection(account), self._tested, self._say, owner=self)

    def _tested(self, sentence: str) -> None:
        self.form.set_busy("")
        self.banner.say(Tone.SUCCESS, sentence, closable=True)

    @Slot()
    def _ask_to_remove(self) -> None:
        if self.form.account is not None:
            name = self.form.account.name
            ask_to_remove_account(self.window(), name, lambda: self._remove(name))

    def _remove(self, name: str) -> None:
        book = self._session.desk.accounts
        self._session.desk_tasks.run(lambda: book.remove(name), self._removed, self._say, owner=self)

    def _removed(self, sentence: str) -> None:
        if sentence:
            self.banner.say(Tone.WARNING, sentence, closable=True)
        self.reload()

    def _say(self, error: Exception) -> None:
        self._wanted, self._then = "", None
        self.form.set_busy("")
        mishap = mishap_of(error)
        self.banner.say(Tone.ERROR, mishap.title, "", mishap.what_to_do, mishap.details, closable=True)
