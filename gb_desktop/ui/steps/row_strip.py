"""Under the grid: what is wrong with the row under the cursor, and leaving rows out or taking them in."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gb_desktop.checking.model import RowState
from gb_desktop.runs.model import GridRow
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.grid.model import state_words
from gb_desktop.ui.widgets import SecondaryButton, Text


class RowStrip(QWidget):
    """`leave_out_wanted` carries True to leave the selected rows out, False to take them in."""

    leave_out_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.SMALL)
        self.words = Text("", "body", self)
        row.addWidget(self.words, 1)
        self.button = SecondaryButton(tr("Leave out"), "row_leave_out", "exclude", self)
        self.button.setToolTip(tr("Leave the selected rows out, or take them in again (Delete)"))
        self.button.clicked.connect(self._clicked)
        row.addWidget(self.button)
        self._leaving_out = True
        self.show_row(None, 0)

    @property
    def leaving_out(self) -> bool:
        """What the button would do now."""
        return self._leaving_out

    def show_row(self, line: GridRow | None, chosen: int) -> None:
        """The row under the cursor, and how many are selected."""
        self.button.setEnabled(line is not None)
        if line is None:
            self.words.setText(tr("Choose a row to see what is wrong with it; F8 goes to the next problem."))
            self._leaving_out = True
            self.button.setText(tr("Leave out"))
            self.button.set_icon("exclude")
            return
        self._leaving_out = line.state is not RowState.EXCLUDED
        many = chosen > 1
        if self._leaving_out:
            self.button.setText(tr("Leave out {rows}", rows=rows_words(chosen)) if many else tr("Leave out this row"))
        else:
            self.button.setText(tr("Take in {rows}", rows=rows_words(chosen)) if many else tr("Take this row in"))
        self.button.set_icon("exclude" if self._leaving_out else "include")
        said = "  ".join(line.messages) or state_words(line)
        self.words.setText(tr("Row {row}: {problem}", row=str(line.row), problem=said))

    @Slot()
    def _clicked(self) -> None:
        self.leave_out_wanted.emit(self._leaving_out)
