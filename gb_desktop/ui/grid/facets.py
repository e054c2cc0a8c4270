"""The filters above a sheet: all, errors, warnings, changed, left out. Each says how many rows it shows."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QWidget

from gb_desktop.runs.model import CheckCounts
from gb_desktop.text import tr
from gb_desktop.ui import tokens

FACETS = ("all", "errors", "warnings", "changed", "excluded")


class FacetBar(QWidget):
    """`chosen` carries the filter's word, as Draft.show takes it."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.TINY)
        self._buttons: dict[str, QPushButton] = {}
        for word in FACETS:
            button = QPushButton(self)
            button.setCheckable(True)
            button.setObjectName(f"facet-{word}")
            button.setProperty("kind", "facet")
            self._group.addButton(button)
            self._buttons[word] = button
            row.addWidget(button)
        row.addStretch(1)
        self._buttons["all"].setChecked(True)
        self._group.buttonClicked.connect(self._clicked)
        self.set_counts(CheckCounts())

    @property
    def current(self) -> str:
        checked = self._group.checkedButton()
        return next((word for word, button in self._buttons.items() if button is checked), "")

    def choose(self, word: str) -> None:
        """Show a filter as chosen; a word that is none of them (a problem group) shows none."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == word)
        self._group.setExclusive(True)

    def set_counts(self, counts: CheckCounts) -> None:
        texts = {
            "all": tr("All {count}", count=counts.rows),
            "errors": tr("Errors {count}", count=counts.errors),
            "warnings": tr("Warnings {count}", count=counts.warnings),
            "changed": tr("Changed {count}", count=counts.changed),
            "excluded": tr("Left out {count}", count=counts.excluded),
        }
        for word, text in texts.items():
            self._buttons[word].setText(text)
            self._buttons[word].setAccessibleName(text)

    @Slot(QAbstractButton)
    def _clicked(self, _button: QAbstractButton) -> None:
        self.chosen.emit(self.current)
