"""The parts that every screen is built from."""

from gb_desktop.text import isolated
from gb_desktop.ui.widgets.basics import (
    Card,
    DangerButton,
    ElidedLabel,
    IconButton,
    IconLabel,
    PrimaryButton,
    PushButton,
    QuietButton,
    SecondaryButton,
    Text,
    labelled,
    named,
    restyle,
)
from gb_desktop.ui.widgets.bidi import kept_in_order
from gb_desktop.ui.widgets.fields import Choices, Chooser, Number, SearchField
from gb_desktop.ui.widgets.messages import (
    Banner,
    BusyBar,
    EmptyState,
    FoldedDetails,
    Section,
    StateBadge,
    StatFigure,
    Tone,
    separator,
)
from gb_desktop.ui.widgets.scrolling import CardEdge, ScrollPage

__all__ = [
    "Banner",
    "BusyBar",
    "Card",
    "CardEdge",
    "Choices",
    "Chooser",
    "DangerButton",
    "ElidedLabel",
    "EmptyState",
    "FoldedDetails",
    "IconButton",
    "IconLabel",
    "Number",
    "PrimaryButton",
    "PushButton",
    "QuietButton",
    "ScrollPage",
    "SearchField",
    "SecondaryButton",
    "Section",
    "StatFigure",
    "StateBadge",
    "Text",
    "Tone",
    "isolated",
    "kept_in_order",
    "labelled",
    "named",
    "restyle",
    "separator",
]
