"""The side panel of the columns step: how values are read, each setting with the evidence for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, QTimeZone, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.catalog import BatchType, Kind
from gb_desktop.mapping.model import Evidence, Mapping, Settings
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import Card, Chooser, IconLabel, Text, isolated, named

_TIMED = frozenset({Kind.DATE, Kind.DATETIME})
_NUMBERS = frozenset({Kind.NUMBER, Kind.INTEGER})
_ALL_THIS_CENTURY = 99
_BIRTHDAYS = 30


class SettingsPanel(Card):
    """`changed` carries the mapping with other settings."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=tokens.TINY)
        self.setObjectName("settings_panel")
        self._mapping: Mapping | None = None
        self._has_settings = True
        self.layout_.addWidget(Text(tr("How values are read"), "subtitle", self))
        self._boxes: dict[str, QComboBox] = {}
        self._labels: dict[str, Text] = {}
        self._add("timezone", tr("Time zone of times without one"), ())
        self._add("date_order", tr("Order in dates such as 03/04/2026"), _orders())
        self._add("year_pivot", tr("Years of two digits"), _pivots())
        self._add("decimal", tr("Decimal sign in texts"), _decimals())
        self._add("country", tr("Country of mobiles without a code"), ())
        self._add("list_separator", tr("Between several values in one cell"), _separators())
        self.reference = QCheckBox(tr("End the reason with our reference"), self)
        named(self.reference, "setting_reference", self.reference.text())
        self.reference.setToolTip(
            tr("It shows in Gameball, and makes an adjustment findable whose answer was lost on the way.")
        )
        self.reference.clicked.connect(self._reference_clicked)
        self.layout_.addWidget(self.reference)
        self.layout_.addSpacing(tokens.SMALL)
        self._evidence = QVBoxLayout()
        self._evidence.setSpacing(tokens.SMALL)
        self.layout_.addLayout(self._evidence)
        self.layout_.addStretch(1)

    def _add(self, key: str, words: str, choices: Sequence[tuple[str, Any]]) -> None:
        label = Text(words, "caption", self)
        box = Chooser(f"setting_{key}", words, self)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        for text, value in choices:
            box.addItem(text, value)
        label.setBuddy(box)
        box.activated.connect(self._chosen)
        self.layout_.addWidget(label)
        self.layout_.addWidget(box)
        self._boxes[key], self._labels[key] = box, label

    def show_mapping(self, mapping: Mapping, batch_type: BatchType) -> None:
        """Show the settings that matter to the fields that are sent."""
        self._mapping = mapping
        kinds = {field.kind for path in mapping.sources if (field := batch_type.field(path)) is not None}
        wanted = {
            "timezone": Kind.DATETIME in kinds,
            "date_order": bool(kinds & _TIMED),
            "year_pivot": bool(kinds & _TIMED),
            "decimal": bool(kinds & _NUMBERS),
            "country": Kind.MOBILE in kinds,
            "list_separator": Kind.LIST in kinds,
        }
        for key, box in self._boxes.items():
            if wanted[key] and not box.count():
                _fill_long(box, _LONG_LISTS[key]())
            blocker = QSignalBlocker(box)
            value = getattr(mapping.settings, key)
            place = box.findData(value)
            if place < 0 and wanted[key]:
                box.addItem(str(value), value)
                place = box.count() - 1
            box.setCurrentIndex(place)
            if (line := box.lineEdit()) is not None:
                line.setCursorPosition(0)  # or a long entry is shown from its end
            box.setVisible(wanted[key])
            self._labels[key].setVisible(wanted[key])
            del blocker
        adjusts = batch_type.key == "balance-adjustment"
        self.reference.setVisible(adjusts)
        self._has_settings = adjusts or any(wanted.values())
        self.setVisible(self._has_settings)
        self.reference.setChecked(mapping.settings.reference)

    def show_evidence(self, evidence: Sequence[Evidence]) -> None:
        """What the columns' own values say; undecided ones are asked, column by column."""
        self.setVisible(self._has_settings or bool(evidence))
        emptied(self._evidence)
        for place, fact in enumerate(evidence):
            line = EvidenceLine(place, fact, self)
            line.chosen.connect(self._column_chosen)
            self._evidence.addWidget(line)

    @Slot()
    def _chosen(self) -> None:
        if self._mapping is None:
            return
        values = {key: box.currentData() for key, box in self._boxes.items() if box.count()}
        self._announce(replace(self._mapping, settings=replace(self._mapping.settings, **values)))

    @Slot()
    def _reference_clicked(self) -> None:
        if self._mapping is not None:
            settings = replace(self._mapping.settings, reference=self.reference.isChecked())
            self._announce(replace(self._mapping, settings=settings))

    @Slot(object)
    def _column_chosen(self, choice: tuple[str, str, Any]) -> None:
        if self._mapping is None:
            return
        header, setting, value = choice
        own: Settings = replace(self._mapping.settings_for(header), **{setting: value})
        self._announce(replace(self._mapping, columns={**self._mapping.columns, header: own}))

    def _announce(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self.changed.emit(mapping)


class EvidenceLine(QWidget):
    """One fact about one column; when it decides nothing, the choice is offered here."""

    chosen = Signal(object)  # (header, setting, value)

    def __init__(self, place: int, fact: Evidence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fact = fact
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = Text(isolated(fact.header), "strong", self)
        column.addWidget(head)
        column.addWidget(Text(fact.sentence, "caption", self))
        if fact.samples:
            column.addWidget(Text("   ".join(isolated(sample) for sample in fact.samples), "caption", self))
        if not fact.choice:
            self._ask(place, column)

    def _ask(self, place: int, column: QVBoxLayout) -> None:
        words = tr("How is {column} to be read?", column=isolated(self._fact.header))
        question = QHBoxLayout()
        question.setSpacing(tokens.TINY)
        question.addWidget(IconLabel("warning", "warning", tokens.ICON_SMALL, self))
        question.addWidget(Text(words, "body", self), 1)
        column.addLayout(question)
        self.box = Chooser(f"evidence_{place}", words, self)
        self.box.addItem(tr("Choose…"), None)
        for text, value in _CHOICES[self._fact.what]():
            if value not in ("", None):
                self.box.addItem(text, value)
        self.box.activated.connect(self._chosen)
        column.addWidget(self.box)

    @Slot(int)
    def _chosen(self, index: int) -> None:
        if index > 0:
            setting = "year_pivot" if self._fact.what == "years" else self._fact.what
            self.chosen.emit((self._fact.header, setting, self.box.currentData()))


def _fill_long(box: QComboBox, choices: Sequence[tuple[str, Any]]) -> None:
    """A long list, made when it is first needed. Typing finds any part of an entry; nothing new can be typed in."""
    for text, value in choices:
        box.addItem(text, value)
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    completer = QCompleter(box.model(), box)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    box.setCompleter(completer)


def _zones() -> list[tuple[str, Any]]:
    """All zones, the computer's first and by name: a clock that is set up wrongly would shift every time."""
    own = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    here = tr("This computer's ({zone})", zone=isolated(own)) if own else tr("This computer's time zone")
    return [(here, ""), *((name, name) for name in sorted(available_timezones()))]


def _orders() -> list[tuple[str, Any]]:
    return [
        (tr("As the column's values show"), ""),
        (tr("Day, month, year"), "dmy"),
        (tr("Month, day, year"), "mdy"),
        (tr("Year, month, day"), "ymd"),
    ]


def _pivots() -> list[tuple[str, Any]]:
    return [
        (tr("Ask when there are any"), None),
        (tr("All of them in this century"), _ALL_THIS_CENTURY),
        (tr("Up to 30 in this century, others 19xx"), _BIRTHDAYS),
    ]


def _decimals() -> list[tuple[str, Any]]:
    return [
        (tr("As the column's values show"), ""),
        (tr("Point, as in 1,234.50"), "."),
        (tr("Comma, as in 1.234,50"), ","),
    ]


def _countries() -> list[tuple[str, Any]]:
    countries: dict[str, str] = {}
    for territory in QLocale.Country:
        code = QLocale.territoryToCode(territory)
        if len(code) == 2 and code.isalpha() and code != "ZZ":
            countries[code] = QLocale.territoryToString(territory)
    by_name = sorted(countries.items(), key=lambda country: country[1])
    return [(tr("None: such numbers are errors"), ""), *((f"{name} ({code})", code) for code, name in by_name)]


def _separators() -> list[tuple[str, Any]]:
    return [(tr("Semicolon"), ";"), (tr("Comma"), ","), (tr("Vertical bar"), "|"), (tr("Slash"), "/")]


_LONG_LISTS = {"timezone": _zones, "country": _countries}
_CHOICES = {"decimal": _decimals, "date_order": _orders, "years": _pivots}
