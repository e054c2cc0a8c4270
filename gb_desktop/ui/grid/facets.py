"""The filters above a sheet: all, errors, warnings, changed, left out. Each says how many rows it shows."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from gb_desktop.runs.model import CheckCounts
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets import Chooser, PushButton

FACETS = ("all", "errors", "warnings", "changed", "excluded")


class FacetBar(QWidget):
    """`chosen` carries the filter's word, as Draft.show takes it. Where room is short it is a drop-down."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.list = Chooser("facets", tr("Which rows are shown"), self)
        self.list.setPlaceholderText(tr("The chosen problem"))  # stands there while none of the filters is on
        self.list.hide()
        self._pills = QWidget(self)
        whole.addWidget(self.list, 1)
        whole.addWidget(self._pills, 1)
        row = QHBoxLayout(self._pills)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.TINY)
        self._buttons: dict[str, PushButton] = {}
        for word in FACETS:
            button = PushButton(self._pills)
            self.list.addItem("", word)
            button.setCheckable(True)
            button.setObjectName(f"facet-{word}")
            button.setProperty("kind", "facet")
            self._group.addButton(button)
            self._buttons[word] = button
            row.addWidget(button)
        row.addStretch(1)
        self._buttons["all"].setChecked(True)
        self._group.buttonClicked.connect(self._clicked)
        self.list.activated.connect(self._picked)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_counts(CheckCounts())

    @property
    def current(self) -> str:
        checked = self._group.checkedButton()
        return next((word for word, button in self._buttons.items() if button is checked), "")

    def choose(self, word: str, instead: str = "") -> None:
        """Show a filter as chosen; a word that is none of them shows none, and `instead` where room is short."""
        self.list.setPlaceholderText(instead or tr("The chosen problem"))
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == word)
        self.list.setCurrentIndex(self.list.findData(word))
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
            self.list.setItemText(self.list.findData(word), text)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.list.minimumSizeHint().width(), self._pills.minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Pills where they fit, else the drop-down with the same words."""
        wide = self._pills.sizeHint().width() <= self.width()
        self._pills.setVisible(wide)
        self.list.setVisible(not wide)

    @Slot(QAbstractButton)
    def _clicked(self, _button: QAbstractButton) -> None:
        self.list.setCurrentIndex(self.list.findData(self.current))
        self.chosen.emit(self.current)

    @Slot(int)
    def _picked(self, _index: int) -> None:
        self.choose(self.list.currentData())
        self.chosen.emit(self.current)
