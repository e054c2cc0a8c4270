"""Colours, icons and small parts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPalette, QTextTable, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gb_desktop.places import resources_dir
from gb_desktop.ui import icons, rail, runs_model
from gb_desktop.ui.help_page import KEYBOARD, HelpPage
from gb_desktop.ui.theme import Theme, colours, palette_of, style_sheet
from gb_desktop.ui.tokens import DARK, LIGHT, Colours, contrast
from gb_desktop.ui.widgets import (
    Banner,
    Chooser,
    ElidedLabel,
    FoldedDetails,
    IconButton,
    Number,
    PushButton,
    SecondaryButton,
    Tone,
)
from gb_desktop.ui.words import STATE_ICONS, duration, when
from tests.ui.stage import Stage, stage

__all__ = ["stage"]

READABLE = 4.5
SCHEMES = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])


@SCHEMES
def test_that_every_text_colour_is_readable_on_every_ground(scheme: Colours) -> None:
    for ground in (scheme.window, scheme.surface, scheme.raised):
        for text in (scheme.text, scheme.muted, scheme.accent, scheme.success, scheme.warning, scheme.danger):
            assert contrast(text, ground) >= READABLE, (text, ground)


@SCHEMES
def test_that_semantic_colours_are_readable_on_their_own_ground(scheme: Colours) -> None:
    pairs = [
        (scheme.accent, scheme.accent_soft),
        (scheme.success, scheme.success_soft),
        (scheme.warning, scheme.warning_soft),
        (scheme.danger, scheme.danger_soft),
        (scheme.on_accent, scheme.accent_fill),
        (scheme.on_accent, scheme.accent_fill_hover),
        (scheme.on_accent, scheme.accent_fill_pressed),
        (scheme.on_danger, scheme.danger_fill),
    ]
    pairs += [(scheme.text, soft) for _text, soft in pairs[:4]]
    assert [pair for pair in pairs if contrast(*pair) < READABLE] == []


@SCHEMES
def test_that_the_hint_in_an_empty_field_is_readable(scheme: Colours, qapp: QApplication, qtbot: QtBot) -> None:
    theme = Theme(qapp, "dark" if scheme.dark else "light")
    field = QLineEdit()
    qtbot.addWidget(field)
    field.ensurePolished()
    palette = field.palette()
    hint = palette.color(QPalette.ColorRole.PlaceholderText)
    assert hint.alpha() == 255, "a see-through colour is paler than it says"
    assert contrast(hint.name(), palette.color(QPalette.ColorRole.Base).name()) >= READABLE
    theme.deleteLater()


@SCHEMES
def test_that_the_edges_of_controls_can_be_seen(scheme: Colours) -> None:
    assert contrast(scheme.border_strong, scheme.surface) >= 3


@SCHEMES
def test_that_the_style_sheet_has_a_value_for_every_token_it_names(scheme: Colours) -> None:
    assert "$" not in style_sheet(scheme, 10.0).split("*/", 1)[1]


def test_that_a_palette_tells_its_scheme_even_under_a_style_sheet(qapp: QApplication) -> None:
    assert colours(palette_of(DARK)) is DARK
    assert colours(palette_of(LIGHT)) is LIGHT


def test_that_the_chosen_theme_wins_over_the_system(qapp: QApplication) -> None:
    theme = Theme(qapp, "dark")
    assert colours(qapp.palette()) is DARK
    theme.choose("light")
    assert colours(qapp.palette()) is LIGHT


def test_that_every_icon_the_frame_names_is_drawn() -> None:
    names = {*rail._ICONS.values(), *STATE_ICONS.values(), "app", "check", "cross", "warning", "info", "copy", "search"}
    missing = [name for name in names if not (resources_dir() / "icons" / f"{name}.svg").is_file()]
    assert missing == []


def test_that_an_icon_without_a_file_is_still_an_icon(qapp: QApplication) -> None:
    assert not icons.pixmap("no-such-icon", "#000000", 20).isNull()


def test_that_a_short_label_keeps_its_whole_text_in_the_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("a very long file name that can't be shown whole.xlsx")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.toolTip() == label.text()
    label.resize(900, 20)
    assert label.toolTip() == ""


def test_that_a_banner_says_everything_to_a_screen_reader(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.say(Tone.ERROR, "The file is gone.", "Nothing was sent.", "Choose it again.")
    assert banner.accessibleName() == "The file is gone. Nothing was sent. Choose it again."


def test_that_details_are_folded_until_asked_for_and_can_be_copied(qtbot: QtBot) -> None:
    details = FoldedDetails("line one\nline two")
    qtbot.addWidget(details)
    details.show()
    assert not details.box.isVisible()
    qtbot.mouseClick(details.toggle, Qt.MouseButton.LeftButton)
    assert details.box.isVisible()
    qtbot.mouseClick(details.copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "line one\nline two"


@pytest.mark.parametrize("kind", ["chooser", "number"])
def test_that_the_mouse_wheel_changes_no_setting_by_accident(qtbot: QtBot, kind: str) -> None:
    field = Chooser("c", "c") if kind == "chooser" else Number("n", "n", 0, 9)
    qtbot.addWidget(field)
    if isinstance(field, Chooser):
        field.addItems(["one", "two"])
        field.setCurrentIndex(1)
    else:
        field.setValue(1)
    field.show()
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, turn)
    assert (field.currentIndex() if isinstance(field, Chooser) else field.value()) == 1


def test_that_lengths_of_time_are_told_in_two_units() -> None:
    assert [duration(seconds) for seconds in (0.4, 42, 200, 7500)] == ["0 s", "42 s", "3 min 20 s", "2 h 5 min"]


def test_that_no_time_is_shown_where_there_is_none() -> None:
    assert when("") == ""
    assert runs_model.headers()[runs_model.WHEN] == "When"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_that_enter_presses_the_button_with_the_focus(qtbot: QtBot, key: Qt.Key) -> None:
    for button in (SecondaryButton("Browse…", "browse"), IconButton("undo", "Undo", "undo"), PushButton("Runs")):
        qtbot.addWidget(button)
        button.show()
        with qtbot.waitSignal(button.clicked):
            QTest.keyClick(button, key)


def test_that_a_held_enter_key_does_not_press_again(qtbot: QtBot) -> None:
    button = SecondaryButton("Next", "next")
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(pressed.append)
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(button, held)
    assert not pressed


@SCHEMES
def test_that_tables_of_the_help_have_hair_lines_in_the_schemes_colour(
    scheme: Colours, qapp: QApplication, stage: Stage, qtbot: QtBot
) -> None:
    theme = Theme(qapp, "light")
    page = HelpPage(stage.session)
    qtbot.addWidget(page)
    page.show_topic(KEYBOARD)
    page.show()
    theme.choose("dark" if scheme.dark else "light")
    table = next(part for part in page.text.document().rootFrame().childFrames() if isinstance(part, QTextTable))
    form = table.format().toTableFormat()
    assert form.borderCollapse()
    assert form.borderBrush().color().name() == scheme.border_strong
    theme.deleteLater()
