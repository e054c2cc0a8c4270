"""What can be chosen for each setting of the columns step, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, QTimeZone
from PySide6.QtWidgets import QComboBox, QCompleter

from gb_desktop.mapping.countries import COUNTRIES
from gb_desktop.text import tr
from gb_desktop.ui.widgets import isolated

_ALL_THIS_CENTURY = 99
_BIRTHDAYS = 30


def fill_long(box: QComboBox, choices: Sequence[tuple[str, Any]]) -> None:
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


def zones() -> list[tuple[str, Any]]:
    """All zones, the computer's first and by name: a clock that is set up wrongly would shift every time."""
    own = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    here = tr("This computer's ({zone})", zone=isolated(own)) if own else tr("This computer's time zone")
    return [(here, ""), *((name, name) for name in sorted(available_timezones()))]


def orders() -> list[tuple[str, Any]]:
    return [
        (tr("As the column's values show"), ""),
        (tr("Day, month, year"), "dmy"),
        (tr("Month, day, year"), "mdy"),
        (tr("Year, month, day"), "ymd"),
    ]


def pivots() -> list[tuple[str, Any]]:
    return [
        (tr("Ask when there are any"), None),
        (tr("All of them in this century"), _ALL_THIS_CENTURY),
        (tr("Up to 30 in this century, others 19xx"), _BIRTHDAYS),
    ]


def decimals() -> list[tuple[str, Any]]:
    return [
        (tr("As the column's values show"), ""),
        (tr("Point, as in 1,234.50"), "."),
        (tr("Comma, as in 1.234,50"), ","),
    ]


def countries() -> list[tuple[str, Any]]:
    by_name = sorted(COUNTRIES.items(), key=lambda country: country[1])
    return [(tr("None: sent as written"), ""), *((f"{name} ({code})", code) for code, name in by_name)]


def separators() -> list[tuple[str, Any]]:
    return [(tr("Semicolon"), ";"), (tr("Comma"), ","), (tr("Vertical bar"), "|"), (tr("Slash"), "/")]


LONG_LISTS = {"timezone": zones, "country": countries}
CHOICES: dict[str, Callable[[], list[tuple[str, Any]]]] = {"decimal": decimals, "date_order": orders, "years": pivots}
