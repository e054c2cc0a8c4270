"""Questions that are asked in a window of their own; each is opened, never waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets import DangerButton, IconLabel, PrimaryButton, SecondaryButton, Text, named


class Question(QDialog):
    """A title, sentences, and two buttons; `yes` is called when the question is answered so.

    `no` is called for the other button alone: a question that is closed is not answered. `stay_words` are those of a
    third button that closes it.
    """

    def __init__(
        self,
        parent: QWidget,
        name: str,
        title: str,
        sentences: Sequence[str],
        yes_words: str,
        no_words: str,
        yes: Callable[[], None],
        *,
        danger: bool = False,
        no: Callable[[], None] | None = None,
        stay_words: str = "",
    ) -> None:
        super().__init__(parent)
        named(self, name, title)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._yes = yes
        self._no = no
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.HUGE, tokens.HUGE, tokens.HUGE, tokens.LARGE)
        column.setSpacing(tokens.MEDIUM)
        column.addLayout(self._head(title, danger))
        for sentence in sentences:
            column.addWidget(Text(sentence, "body", self))
        column.addSpacing(tokens.SMALL)
        column.addLayout(self._buttons(name, yes_words, no_words, danger, stay_words))
        self.setFixedWidth(480)

    def _head(self, title: str, danger: bool) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(tokens.MEDIUM)
        icon = IconLabel("warning" if danger else "info", "danger" if danger else "accent", 24, self)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(Text(title, "subtitle", self), 1)
        return head

    def _buttons(self, name: str, yes_words: str, no_words: str, danger: bool, stay_words: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(tokens.SMALL)
        if stay_words:
            stay = SecondaryButton(stay_words, f"{name}_stay", parent=self)
            stay.clicked.connect(self.reject)
            line.addWidget(stay)
        line.addStretch(1)
        kind = DangerButton if danger else PrimaryButton
        self.no_button = SecondaryButton(no_words, f"{name}_no", parent=self)
        self.yes_button = kind(yes_words, f"{name}_yes", parent=self)
        self.no_button.clicked.connect(self._refuse)
        self.yes_button.clicked.connect(self.accept)
        line.addWidget(self.no_button)
        line.addWidget(self.yes_button)
        self.no_button.setDefault(danger)
        self.yes_button.setDefault(not danger)
        self.no_button.setFocus() if danger else self.yes_button.setFocus()
        return line

    def accept(self) -> None:
        super().accept()
        self._yes()

    @Slot()
    def _refuse(self) -> None:
        self.reject()
        if self._no is not None:
            self._no()


def ask_to_close(parent: QWidget, runs: Sequence[str], yes: Callable[[], None]) -> Question:
    """Closing while rows are being sent. `runs` says in one line each what is under way."""
    dialog = Question(
        parent,
        "closing",
        tr("Rows are being sent. Pause and close?"),
        (
            *runs,
            tr(
                "Nothing new is sent from now on. A request that is on its way is waited for, so that its answer is "
                "stored; this may take up to a minute."
            ),
            tr(
                "Jobs that Gameball has accepted go on there. Their results are read when you continue the run under "
                "Runs. Nothing is sent twice and nothing is lost."
            ),
        ),
        tr("Pause and close"),
        tr("Keep sending"),
        yes,
    )
    dialog.open()
    return dialog


def ask_to_delete_draft(parent: QWidget, what: str, yes: Callable[[], None]) -> Question:
    """Deleting what was prepared and never sent."""
    sentences = (
        tr("{what}: what was prepared is deleted from this computer. Nothing of it was sent.", what=what),
        tr("The workbook that it was made from stays as it is."),
    )
    words = (tr("Delete this draft?"), tr("Delete"), tr("Keep it"))
    dialog = Question(parent, "deleting", words[0], sentences, words[1], words[2], yes, danger=True)
    dialog.open()
    return dialog


def ask_to_delete(parent: QWidget, what: str, undecided: int, yes: Callable[[], None]) -> Question:
    """Deleting a run's local data. `undecided` rows may have been applied without an answer."""
    sentences = [
        tr(
            "{what}: its rows, its answers and its log are deleted from this computer. What Gameball has stays as "
            "it is: deleting takes no points back.",
            what=what,
        ),
        tr("The IDs that were sent are remembered, so that the same rows are still recognised."),
    ]
    if undecided == 1:
        sentences.append(tr("The outcome of 1 row is unknown. Without this run it can't be looked up any more."))
    elif undecided:
        sentences.append(
            tr(
                "The outcome of {count} rows is unknown. Without this run they can't be looked up any more.",
                count=undecided,
            )
        )
    words = (tr("Delete this run's data?"), tr("Delete"), tr("Keep it"))
    dialog = Question(parent, "deleting", words[0], sentences, words[1], words[2], yes, danger=True)
    dialog.open()
    return dialog


def ask_to_remove_account(parent: QWidget, name: str, yes: Callable[[], None]) -> Question:
    """Removing an account with its keys."""
    dialog = Question(
        parent,
        "removing",
        tr("Remove the account “{name}”?", name=name),
        (
            tr("Its keys are deleted from this computer's keyring."),
            tr("Its runs stay, but they can only be continued after the account is added again with the same keys."),
        ),
        tr("Remove"),
        tr("Keep it"),
        yes,
        danger=True,
    )
    dialog.open()
    return dialog


def ask_whose_keys(
    parent: QWidget, name: str, is_new: bool, same: Callable[[], None], other: Callable[[], None]
) -> Question:
    """New keys under the name of an account that sent something: Gameball's same account, or another one."""
    earlier = (
        tr("An account called “{name}” sent rows from this computer with other keys.", name=name)
        if is_new
        else tr("Rows were sent with the keys that “{name}” has now.", name=name)
    )
    apart = (
        tr("Another account: what was sent with the other keys is not compared with what you send with these.")
        if is_new
        else tr("Another account: “{name}” stays as it is, and these keys go into an account of their own.", name=name)
    )
    sentences = (
        earlier,
        tr("Same account: what was sent before is recognised, so that no sheet and no ID is sent twice unasked."),
        apart,
        tr("If you are not sure, choose the same account: at worst you are asked once more than needed."),
    )
    title = tr("Are the new keys of the same Gameball account?")
    words = (tr("Same account"), tr("Another account"))
    dialog = Question(parent, "whose_keys", title, sentences, words[0], words[1], same, no=other)
    dialog.open()
    return dialog
