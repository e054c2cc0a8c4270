"""Every icon is a drawing of our own in one stroke, ready to be recoloured."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from gb_desktop.catalog import BATCH_TYPES
from gb_desktop.places import resources_dir

ICONS = resources_dir() / "icons"
LINE_ICONS = sorted(path for path in ICONS.glob("*.svg") if path.stem != "app")
RAIL = ("new-batch", "runs", "accounts", "settings", "help")
STATES = (
    "check cross warning info clock pause play stop search filter undo redo edit exclude include next-problem download "
    "upload folder paste sheet copy trash key lock plus minus chevron-left chevron-right chevron-down external refresh "
    "save share link send network-off drop"
)
LINE = {
    "viewBox": "0 0 24 24",
    "fill": "none",
    "stroke": "currentColor",
    "stroke-width": "1.75",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
}


def test_that_every_batch_type_screen_and_state_has_an_icon() -> None:
    needed = {kind.key for kind in BATCH_TYPES} | {*RAIL, *STATES.split(), "app"}
    assert not needed - {path.stem for path in ICONS.glob("*.svg")}


@pytest.mark.parametrize("path", LINE_ICONS, ids=lambda path: path.stem)
def test_that_a_line_icon_is_drawn_in_the_one_stroke_and_colour(path: Path) -> None:
    root = ElementTree.fromstring(path.read_text("utf-8"))  # noqa: S314 - our own file
    assert {name: root.get(name) for name in LINE} == LINE
    for shape in root:
        assert not {"fill", "stroke", "stroke-width", "style", "class"} & set(shape.keys())


def test_that_the_app_icon_brings_its_own_colours() -> None:
    assert "currentColor" not in (ICONS / "app.svg").read_text("utf-8")
