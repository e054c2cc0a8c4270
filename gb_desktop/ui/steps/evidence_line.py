"""One fact about how one column is read; where its values decide nothing, the question and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.mapping.model import Evidence, Mapping
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.setting_choices import CHOICES, countries
from gb_desktop.ui.widgets import Chooser, IconLabel, Text, isolated

ASKING = frozenset({"decimal", "date_order", "years"})  # without an answer no value can be read


def setting_of(fact: Evidence) -> str:
    """The setting that a fact speaks of."""
    return "year_pivot" if fact.what == "years" else fact.what


def answer_to(fact: Evidence, mapping: Mapping) -> str | int | None:
    """The setting that answers a fact, None while nobody chose one."""
    value: str | int | None = getattr(mapping.settings_for(fact.header), setting_of(fact))
    return None if value == "" else value


def column_by_column(facts: Sequence[Evidence]) -> list[tuple[int, Evidence]]:
    """Facts with their places, those of a column together, columns with an open question first."""
    columns: dict[str, list[tuple[int, Evidence]]] = {}
    for place, fact in enumerate(facts):
        columns.setdefault(fact.header, []).append((place, fact))
    groups = [sorted(group, key=lambda one: bool(one[1].choice)) for group in columns.values()]
    return [one for group in sorted(groups, key=lambda group: bool(group[0][1].choice)) for one in group]


class EvidenceLine(QWidget):
    """`answer` is what somebody chose for the column, None while nobody did."""

    chosen = Signal(object)  # (header, setting, value)

    def __init__(
        self,
        place: int,
        fact: Evidence,
        answer: str | int | None,
        above: Evidence | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """above: the fact that stands before it; of the same column, its name and values are not said again."""
        super().__init__(parent)
        self._fact = fact
        goes_on = above is not None and above.header == fact.header
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        if not goes_on:
            column.addWidget(Text(isolated(fact.header), "strong", self))
        column.addWidget(Text(fact.sentence, "caption", self))
        if fact.samples and not (goes_on and above is not None and above.samples == fact.samples):
            column.addWidget(Text("   ".join(isolated(sample) for sample in fact.samples), "caption", self))
        if not fact.choice:
            self._ask(place, column, answer)
        elif answer is not None and fact.what in ("decimal", "date_order") and answer != fact.choice:
            self._doubt(column)

    def _ask(self, place: int, column: QVBoxLayout, answer: str | int | None) -> None:
        words = question_of(self._fact)
        open_question = answer is None
        question = QHBoxLayout()
        question.setSpacing(tokens.TINY)
        icon, role = ("warning", "warning") if open_question else ("check", "success")
        question.addWidget(IconLabel(icon, role, tokens.ICON_SMALL, self))
        question.addWidget(Text(words if open_question else tr("You decided how it is read:"), "body", self), 1)
        column.addLayout(question)
        self.box = Chooser(f"evidence_{place}", words, self)
        self.box.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.box.addItem(tr("Choose…"), None)
        for text, value in self._choices():
            if value not in ("", None):
                self.box.addItem(text, value)
        self.box.setCurrentIndex(max(0, self.box.findData(answer)) if answer is not None else 0)
        self.box.activated.connect(self._chosen)
        column.addWidget(self.box)

    def _choices(self) -> list[tuple[str, Any]]:
        if self._fact.what != "country":
            return CHOICES[self._fact.what]()
        names = countries()
        likely = [next((one for one in names if one[1] == code), (code, code)) for code in self._fact.offers]
        return likely or names

    def _doubt(self, column: QVBoxLayout) -> None:
        """A setting was chosen that the column's own values speak against."""
        warning = QHBoxLayout()
        warning.setSpacing(tokens.TINY)
        warning.addWidget(IconLabel("warning", "warning", tokens.ICON_SMALL, self))
        warning.addWidget(Text(tr("What was chosen reads these values otherwise: is that meant?"), "body", self), 1)
        column.addLayout(warning)

    @Slot(int)
    def _chosen(self, index: int) -> None:
        if index > 0:
            self.chosen.emit((self._fact.header, setting_of(self._fact), self.box.currentData()))


def question_of(fact: Evidence) -> str:
    """What is asked of a person where a column's values decide nothing."""
    column = isolated(fact.header)
    if fact.what == "country":
        return tr("Which country are the numbers of {column} from?", column=column)
    if fact.what == "years":
        return tr("Which century are the years of {column} in?", column=column)
    return tr("How is {column} to be read?", column=column)
