"""The side panel of the columns step: how values are read, each setting with the evidence for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from gb_desktop.catalog import BatchType, Kind
from gb_desktop.mapping.model import Evidence, Mapping, Settings
from gb_desktop.runs.columns_step import FIRST_ROWS
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.evidence_line import EvidenceLine, answer_to, column_by_column
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.steps.setting_choices import LONG_LISTS, decimals, fill_long, orders, pivots, separators
from gb_desktop.ui.widgets import Card, Chooser, Text, named

_TIMED = frozenset({Kind.DATE, Kind.DATETIME})
_NUMBERS = frozenset({Kind.NUMBER, Kind.INTEGER})


class SettingsPanel(Card):
    """`changed` carries the mapping with other settings."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=tokens.TINY)
        self.setObjectName("settings_panel")
        self._mapping: Mapping | None = None
        self._has_settings = True
        self.layout_.addWidget(Text(tr("How values are read"), "subtitle", self))
        self.extent = named(Text("", "caption", self), "looked_at_words")
        self.layout_.addWidget(self.extent)
        self._boxes: dict[str, QComboBox] = {}
        self._labels: dict[str, Text] = {}
        self._add("timezone", tr("Time zone of times without one"), ())
        self._add("date_order", tr("Order in dates such as 03/04/2026"), orders())
        self._add("year_pivot", tr("Years of two digits"), pivots())
        self._add("decimal", tr("Decimal sign in texts"), decimals())
        self._add("country", tr("Country of mobiles without a code"), ())
        self._add("list_separator", tr("Between several values in one cell"), separators())
        self.reference = QCheckBox(tr("End the reason with our reference"), self)
        named(self.reference, "setting_reference", self.reference.text())
        self.reference.setToolTip(
            tr("It shows in Gameball, and makes an adjustment findable whose answer was lost on the way.")
        )
        self.reference.clicked.connect(self._reference_clicked)
        self.layout_.addWidget(self.reference)
        self.unit = named(Text("", "caption", self), "unit_words")
        self.layout_.addWidget(self.unit)
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
                fill_long(box, LONG_LISTS[key]())
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
        self.unit.setVisible(adjusts)
        self._has_settings = adjusts or any(wanted.values())
        self.setVisible(self._has_settings)
        self.reference.setChecked(mapping.settings.reference)

    def show_evidence(self, evidence: Sequence[Evidence]) -> None:
        """What the columns' own values say; undecided ones are asked, column by column, the open questions first."""
        self.setVisible(self._has_settings or bool(evidence))
        emptied(self._evidence)
        above = None
        for place, fact in column_by_column(evidence):
            answer = answer_to(fact, self._mapping) if self._mapping is not None else None
            line = EvidenceLine(place, fact, answer, above, self)
            above = fact
            line.chosen.connect(self._column_chosen)
            self._evidence.addWidget(line)

    def show_extent(self, rows: int) -> None:
        """Of a long sheet the evidence here comes from its first rows alone: later ones may settle a question."""
        self.extent.setVisible(rows > FIRST_ROWS)
        self.extent.setText(
            tr(
                "From the first {count} rows. The check looks at all of them, which may settle a question.",
                count=FIRST_ROWS,
            )
        )

    def show_unit(self, unit: str, live: bool) -> None:
        """What an adjustment's amount is, by the account: points, money, or "" while nobody has said."""
        words = {
            "points": tr("Amounts are points, as your account says."),
            "money": tr("Amounts are money, as your account says."),
        }
        open_ = tr("Whether Gameball reads amounts as points or as money isn't known yet for this account.")
        asked = tr("One row goes alone first; you are shown what it did, and then you decide.")
        self.unit.setText(words.get(unit, f"{open_} {asked}" if live else open_))

    @Slot()
    def _chosen(self) -> None:
        if self._mapping is None:
            return
        values = {key: box.currentData() for key, box in self._boxes.items() if box.count()}
        self._announce(self._mapping.with_settings(replace(self._mapping.settings, **values)))

    @Slot()
    def _reference_clicked(self) -> None:
        if self._mapping is not None:
            settings = replace(self._mapping.settings, reference=self.reference.isChecked())
            self._announce(self._mapping.with_settings(settings))

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
