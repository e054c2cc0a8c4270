"""Questions and notes of the workbook step: the password, hidden rows, and what was left out."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from gb_desktop.runs.model import Loaded
from gb_desktop.runs.told import skipped_words
from gb_desktop.text import columns_words, rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import Card, IconLabel, PrimaryButton, Text, named


class PasswordCard(Card):
    """Asks for a workbook's password where the workbook would be. `asking` says whether it is on the screen."""

    given = Signal(str)
    asking = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("password_card")
        self.sentence = Text("", "strong", self)
        self.layout_.addWidget(self.sentence)
        self.layout_.addWidget(Text(tr("The password is used to read the file and is not kept."), "muted", self))
        row = QHBoxLayout()
        row.setSpacing(tokens.SMALL)
        self.edit = named(QLineEdit(self), "password", tr("Password of the workbook"))
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setPlaceholderText(tr("Password"))
        self.edit.returnPressed.connect(self._give)
        row.addWidget(self.edit, 1)
        self.button = PrimaryButton(tr("Open"), "password_open", "key", self)
        self.button.clicked.connect(self._give)
        row.addWidget(self.button)
        self.layout_.addLayout(row)
        self.hide()

    def ask(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.edit.clear()
        self.show()
        self.edit.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.asking.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.asking.emit(False)

    @Slot()
    def _give(self) -> None:
        if self.edit.text():
            self.given.emit(self.edit.text())
            self.edit.clear()


class HiddenQuestion(Card):
    """Hidden rows: sent or not? Never decided silently. `answered` carries "visible" or "all"."""

    answered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=tokens.MEDIUM)
        self.setObjectName("hidden_question")
        self.sentence = Text("", "strong", self)
        self.layout_.addWidget(self.sentence)
        row = QHBoxLayout()
        row.setSpacing(tokens.HUGE)
        self.visible_rows = named(QRadioButton(self), "hidden_visible")
        self.all_rows = named(QRadioButton(self), "hidden_all")
        self._group = QButtonGroup(self)
        for button in (self.visible_rows, self.all_rows):
            self._group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.layout_.addLayout(row)
        self._group.buttonClicked.connect(self._clicked)
        self.hide()

    def ask(self, loaded: Loaded, answer: str | None) -> None:
        hidden = loaded.skipped.hidden_rows
        rows = loaded.rows - loaded.skipped.total_rows
        visible = rows - hidden
        shown = tr("1 visible row") if visible == 1 else tr("{count} visible rows", count=visible)
        not_shown = tr("1 hidden row") if hidden == 1 else tr("{count} hidden rows", count=hidden)
        sentence = "{visible}, {hidden}. Which are to be sent?"
        self.sentence.setText(tr(sentence, visible=shown, hidden=not_shown))
        self.visible_rows.setText(tr("Only the visible ones: {rows}", rows=rows_words(visible)))
        self.all_rows.setText(tr("All of them: {rows}", rows=rows_words(rows)))
        self._group.setExclusive(False)
        self.visible_rows.setChecked(answer == "visible")
        self.all_rows.setChecked(answer == "all")
        self._group.setExclusive(True)
        self.setVisible(hidden > 0)

    @Slot()
    def _clicked(self) -> None:
        self.answered.emit("all" if self.all_rows.isChecked() else "visible")


class LoadedNotes(Card):
    """What was loaded, what was left out, and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=tokens.MEDIUM)
        self.setObjectName("loaded_notes")
        row = QHBoxLayout()
        row.setSpacing(tokens.SMALL)
        row.addWidget(IconLabel("check", "success", parent=self))
        self.headline = Text("", "strong", self)
        row.addWidget(self.headline, 1)
        self.layout_.addLayout(row)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(tokens.TINY)
        self.layout_.addLayout(self._notes)
        self.hide()

    def say(self, loaded: Loaded) -> None:
        self.headline.setText(loaded_words(loaded))
        emptied(self._notes)
        for sentence in skipped_words(loaded):
            self._notes.addWidget(Text(sentence, "muted", self))
        self.show()


def loaded_words(loaded: Loaded) -> str:
    """What is loaded, in figures that add up with the question about hidden rows and the rows left out."""
    rows, hidden = loaded.rows - loaded.skipped.total_rows, loaded.skipped.hidden_rows
    words, columns = rows_words(rows), columns_words(len(loaded.columns))
    if not hidden:
        if rows == 1:
            return tr("{rows} in {columns} is loaded.", rows=words, columns=columns)
        return tr("{rows} in {columns} are loaded.", rows=words, columns=columns)
    return tr(
        "{rows} in {columns} are loaded: {visible} visible and {hidden} hidden.",
        rows=words,
        columns=columns,
        visible=rows - hidden,
        hidden=hidden,
    )
