"""The form of one account."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gb_desktop.accounts.model import GAMEBALL_URL, VERSIONS, Account, Keys, environment_of
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets import (
    Card,
    CardEdge,
    Chooser,
    DangerButton,
    PrimaryButton,
    ScrollPage,
    SecondaryButton,
    Text,
    labelled,
    named,
    restyle,
)

_ENVIRONMENTS = ("", "test", "live")
_UNITS = ("", "points", "money")


class AccountForm(QWidget):
    """Shows an account (or none yet) and hands out what was typed; it stores nothing itself."""

    saved = Signal(object, object)  # Account, Keys | None
    tested = Signal()
    removed = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "account_form", tr("Account"))
        self.account: Account | None = None
        self._pressed: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.LARGE)
        self.title = Text("", "subtitle", self)
        self.about = Text("", "muted", self)
        column.addWidget(self.title)
        column.addWidget(self.about)
        self._fields = QWidget(self)
        inner = QVBoxLayout(self._fields)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(tokens.LARGE)
        inner.addWidget(self._who())
        inner.addWidget(self._keys())
        inner.addWidget(self._how())
        inner.addStretch(1)
        self._area = ScrollPage(self._fields, "account_area", self)
        column.addWidget(self._area, 1)
        column.addWidget(self._foot())
        self._below = QWidget(self)  # the room that the fields leave when they are not shown
        column.addWidget(self._below, 1)
        self.setMaximumWidth(720)
        self._shown = self._fields_now()  # as they were when the account was shown

    # ------------------------------------------------------------------ its parts

    def _who(self) -> QWidget:
        card = Card(self)
        self.name = named(QLineEdit(card), "account_name", tr("Name"))
        self.name.setPlaceholderText(tr("For example: My shop, live"))
        self.environment = Chooser("account_environment", tr("Environment"), card)
        for words in (tr("Choose test or live"), tr("Test data"), tr("Live: real customers")):
            self.environment.addItem(words)
        card.layout_.addWidget(labelled(tr("Name"), self.name))
        card.layout_.addWidget(
            labelled(
                tr("Environment"),
                self.environment,
                tr("Set by itself when the API key says test or live. It can't be changed afterwards."),
            )
        )
        return card

    def _keys(self) -> QWidget:
        card = Card(self)
        self.api_key = self._masked("account_api_key", tr("API key"))
        self.secret_key = self._masked("account_secret_key", tr("Secret key"))
        self.api_key.textChanged.connect(self._key_typed)
        self.keys_hint = Text("", "caption", card)
        card.layout_.addWidget(labelled(tr("API key"), self.api_key))
        card.layout_.addWidget(labelled(tr("Secret key"), self.secret_key))
        card.layout_.addWidget(self.keys_hint)
        return card

    def _masked(self, name: str, words: str) -> QLineEdit:
        field = named(QLineEdit(self), name, words)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setPlaceholderText(tr("Paste it here"))
        return field

    def _how(self) -> QWidget:
        card = Card(self)
        self.url = named(QLineEdit(card), "account_url", tr("Address"))
        self.version = Chooser("account_version", tr("API version"), card)
        self.version.addItems(list(VERSIONS))
        self.unit = Chooser("account_unit", tr("Amounts of adjustments"), card)
        for words in (tr("Not confirmed yet: asked before the first live adjustment"), tr("Points"), tr("Money")):
            self.unit.addItem(words)
        self.merge_email = named(QCheckBox(tr("Merges customers by e-mail"), card), "account_merge_email")
        self.merge_mobile = named(QCheckBox(tr("Merges customers by mobile number"), card), "account_merge_mobile")
        self.proxy = named(QLineEdit(card), "account_proxy", tr("Proxy"))
        self.proxy.setPlaceholderText(tr("None: the proxy of the settings is used"))
        card.layout_.addWidget(labelled(tr("Address"), self.url))
        card.layout_.addWidget(labelled(tr("API version"), self.version))
        card.layout_.addWidget(self.merge_email)
        card.layout_.addWidget(self.merge_mobile)
        card.layout_.addWidget(labelled(tr("Amounts of adjustments"), self.unit))
        card.layout_.addWidget(labelled(tr("Proxy"), self.proxy))
        return card

    def _foot(self) -> QWidget:
        holder = QWidget(self)
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.SMALL)
        self.remove_button = DangerButton(tr("Remove…"), "account_remove", "trash", holder)
        self.remove_button.clicked.connect(self.removed)
        self.busy = Text("", "muted", holder, wrap=False)
        self.cancel_button = SecondaryButton(tr("Cancel"), "account_cancel", parent=holder)
        self.cancel_button.clicked.connect(self.cancelled)
        self.test_button = SecondaryButton(tr("Test connection"), "account_test", parent=holder)
        self.test_button.clicked.connect(self._test)
        self.save_button = PrimaryButton(tr("Save"), "account_save", parent=holder)
        self.save_button.clicked.connect(self._save)
        line.addWidget(self.remove_button)
        line.addStretch(1)
        for widget in (self.busy, self.cancel_button, self.test_button, self.save_button):
            line.addWidget(widget)
        line.addWidget(CardEdge(self._area, tokens.SMALL, holder))
        return holder

    # ------------------------------------------------------------------ showing

    def show_account(self, account: Account) -> None:
        """An account that exists. The practice account has nothing to change."""
        if self.account is None or self.account.name != account.name:
            self._area.verticalScrollBar().setValue(0)
        self.account = account
        practice = account.environment == "practice"
        self.title.setText(account.name)
        self.about.setText(
            tr("A Gameball of your own on this computer. What is sent to it never leaves the computer.")
            if practice
            else ""
        )
        self.about.setVisible(practice)
        self._show_fields(not practice)
        self._fill(account)
        self.environment.setEnabled(False)
        self.name.setReadOnly(True)
        self.keys_hint.setText(tr("Stored keys are never shown. Leave both fields empty to keep them."))
        self._shown = self._fields_now()
        self._show_buttons(new=False, practice=practice)

    @property
    def altered(self) -> bool:
        """Whether anything was typed since the account was shown."""
        return bool(self.api_key.text() or self.secret_key.text()) or self._fields_now() != self._shown

    def settle(self) -> None:
        """What was typed is stored now."""
        self.api_key.clear()
        self.secret_key.clear()
        self._shown = self._fields_now()

    def show_new(self) -> None:
        """An account that doesn't exist yet."""
        self.account = None
        self.title.setText(tr("New account"))
        self.about.setText(
            tr("Both keys are shown in Gameball's dashboard, where the account's integration is set up.")
        )
        self.about.show()
        self._show_fields(True)
        self._fill(Account("", "test"))
        self.environment.setCurrentIndex(0)
        self.environment.setEnabled(True)
        self.name.setReadOnly(False)
        self.keys_hint.setText(tr("Keys are never shown again. The line below says where this computer keeps them."))
        self._shown = self._fields_now()
        self._show_buttons(new=True, practice=False)
        self._area.verticalScrollBar().setValue(0)
        self.name.setFocus()

    def _show_fields(self, shown: bool) -> None:
        """Without fields the buttons follow the words, at the top."""
        self._area.setVisible(shown)
        self._below.setVisible(not shown)

    def show_another(self, like: Account, keys: Keys) -> None:
        """A new account at the same place, with keys that were typed for `like` and are of another Gameball account."""
        self.show_new()
        place = Account("", like.environment, base_url=like.base_url, version=like.version, proxy=like.proxy)
        self._fill(place)  # merging and the meaning of amounts are the other account's own
        self.api_key.setText(keys.api_key)
        self.secret_key.setText(keys.secret_key)

    def _fill(self, account: Account) -> None:
        self.name.setText(account.name)
        known = account.environment in _ENVIRONMENTS
        self.environment.setCurrentIndex(_ENVIRONMENTS.index(account.environment) if known else 0)
        self.api_key.clear()
        self.secret_key.clear()
        self.url.setText(account.base_url or GAMEBALL_URL)
        self.version.setCurrentText(account.version)
        self.unit.setCurrentIndex(_UNITS.index(account.unit))
        self.merge_email.setChecked("email" in account.merge)
        self.merge_mobile.setChecked("mobile" in account.merge)
        self.proxy.setText(account.proxy)

    def _show_buttons(self, new: bool, practice: bool) -> None:
        self.remove_button.setVisible(not new and not practice)
        self.cancel_button.setVisible(new)
        self.test_button.setVisible(not new)
        self.save_button.setVisible(not practice)
        self.save_button.setText(tr("Add account") if new else tr("Save"))
        self.set_busy("")

    def set_busy(self, sentence: str) -> None:
        """Say what is under way and keep the buttons still; "" ends it."""
        self._say(sentence)
        buttons = (self.remove_button, self.test_button, self.save_button)
        pressed = next((button for button in buttons if button.hasFocus()), None)
        if sentence and pressed is not None:
            self._pressed = pressed
            self.setFocus()  # else it would jump to Cancel, where the next Enter would throw away what was typed
        for button in buttons:
            button.setEnabled(not sentence)
        if not sentence and self._pressed is not None:
            if self.hasFocus():
                self._pressed.setFocus()
            self._pressed = None

    # ------------------------------------------------------------------ what was typed

    @Slot(str)
    def _key_typed(self, text: str) -> None:
        found = environment_of(text.strip().strip("\"'"))
        if self.account is None and found in _ENVIRONMENTS:
            self.environment.setCurrentIndex(_ENVIRONMENTS.index(found))

    @Slot()
    def _save(self) -> None:
        typed = self.complete()
        if typed is not None:
            self.saved.emit(*typed)

    def complete(self) -> tuple[Account, Keys | None] | None:
        """What was typed, and the keys where there are new ones; None after saying what is missing."""
        typed = self.api_key.text() or self.secret_key.text()
        if self.account is None and self.environment.currentIndex() == 0:
            self._complain(tr("Choose test or live."), self.environment)
            return None
        if (self.account is None or typed) and not (self.api_key.text() and self.secret_key.text()):
            field = self.secret_key if self.api_key.text() else self.api_key
            self._complain(tr("Paste both keys."), field)
            return None
        return self._typed(), Keys(self.api_key.text(), self.secret_key.text()) if typed else None

    @Slot()
    def _test(self) -> None:
        """The test asks with what is stored: other fields on the screen would be taken for what it tested."""
        if self.altered:
            self._complain(tr("Save first: the test uses what is stored."), self.save_button)
            return
        self.tested.emit()

    def _complain(self, sentence: str, field: QWidget) -> None:
        self._say(sentence, "error")
        self._area.ensureWidgetVisible(field, 0, tokens.HUGE)
        field.setFocus()

    def _say(self, sentence: str, tone: str = "") -> None:
        self.busy.setText(sentence)
        restyle(self.busy, tone=tone)

    def _fields_now(self) -> tuple[object, ...]:
        """Every field but the keys."""
        lines = tuple(field.text() for field in (self.name, self.url, self.proxy))
        chosen = tuple(field.currentIndex() for field in (self.environment, self.version, self.unit))
        return *lines, *chosen, self.merge_email.isChecked(), self.merge_mobile.isChecked()

    def _typed(self) -> Account:
        merge = {"email": self.merge_email.isChecked(), "mobile": self.merge_mobile.isChecked()}
        base = self.account or Account("", "live" if self.environment.currentIndex() == 2 else "test")
        return replace(
            base,
            name=self.name.text(),
            base_url=self.url.text(),
            version=self.version.currentText(),
            merge=frozenset(name for name, on in merge.items() if on),
            unit=("points" if self.unit.currentIndex() == 1 else "money") if self.unit.currentIndex() else "",
            proxy=self.proxy.text(),
        )
