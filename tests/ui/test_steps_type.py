"""Step 1: eight cards, templates, and what was begun earlier."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gb_desktop.catalog import BATCH_TYPES
from gb_desktop.runs.model import RunFacts, RunState
from gb_desktop.ui.steps.type_card import TypeCard
from gb_desktop.ui.steps.type_step import TypePage
from tests.ui import standin
from tests.ui.stage import Stage, child, stage, words_on

__all__ = ["stage"]


@pytest.fixture
def page(stage: Stage) -> TypePage:
    return stage.show(TypePage(stage.session))


def card(page: TypePage, key: str) -> TypeCard:
    return child(page, TypeCard, f"type_{key}")


def test_that_every_batch_type_has_a_card_that_says_what_it_does(page: TypePage) -> None:
    for kind in BATCH_TYPES:
        shown = card(page, kind.key)
        assert kind.title in shown.accessibleName()
        assert kind.sentence in words_on(shown)
        assert kind.needs in words_on(shown)


def test_that_next_asks_for_a_choice_first(page: TypePage) -> None:
    assert page.why_not() == "Choose what you want to send."
    QTest.mouseClick(card(page, "redeem"), Qt.MouseButton.LeftButton)
    assert page.session.batch_type == "redeem"
    assert page.why_not() == ""


def test_that_arrows_move_among_the_cards_and_choose(page: TypePage) -> None:
    first = card(page, "cashback")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert page.session.batch_type == "balance-adjustment"
    QTest.keyClick(card(page, "balance-adjustment"), Qt.Key.Key_Down)
    assert page.session.batch_type == "events"
    QTest.keyClick(card(page, "events"), Qt.Key.Key_Left)
    assert page.session.batch_type == "customers"


def test_that_enter_on_a_card_chooses_it_and_goes_on(page: TypePage, stage: Stage) -> None:
    with stage.qtbot.waitSignal(page.finished):
        QTest.keyClick(card(page, "orders"), Qt.Key.Key_Return)
    assert page.session.batch_type == "orders"


def test_that_the_first_next_makes_a_draft_of_the_chosen_type(page: TypePage, stage: Stage) -> None:
    card(page, "cashback").click()
    stage.session.proposed_file = Path("/data/march.xlsx")
    moved: list[bool] = []
    page.advance(lambda: moved.append(True))
    stage.idle()
    assert moved == [True]
    assert stage.session.draft is stage.draft
    assert stage.asked("set_type") == [("cashback",)]
    assert stage.session.batch_type == "cashback"
    assert stage.session.proposed_file == Path("/data/march.xlsx")


def test_that_a_draft_that_can_not_be_made_says_why_and_stays(page: TypePage, stage: Stage) -> None:
    stage.desk.failing["new_draft"] = standin.error("The disk is full: free some space.", "disk")
    card(page, "cashback").click()
    page.advance(lambda: pytest.fail("moved on"))
    stage.idle()
    assert "The disk is full: free some space." in words_on(page.banner)
    assert page.why_not() == ""


def test_that_another_type_makes_the_mapping_and_the_check_void(page: TypePage, stage: Stage) -> None:
    stage.mapped()
    stage.session.summary = standin.summary()
    with stage.qtbot.waitSignal(page.invalidated):
        card(page, "redeem").click()
    assert (stage.session.mapping, stage.session.summary) == (None, None)


def test_that_drafts_and_unfinished_runs_can_be_gone_on_with(stage: Stage) -> None:
    stage.desk.facts_of_runs = [
        RunFacts("a", RunState.DRAFT, "cashback", "2026-03-02T10:00:00Z", "/x/March.xlsx"),
        RunFacts("b", RunState.PAUSED, "redeem", "2026-03-02T10:00:00Z", "/x/Redeem.xlsx", sentence="Other keys."),
        RunFacts("c", RunState.FINISHED, "redeem", "2026-03-02T10:00:00Z", "/x/Old.xlsx"),
        RunFacts("d", RunState.DRAFT, "", "2026-03-02T10:00:00Z"),
    ]
    page = stage.show(TypePage(stage.session))
    assert "March.xlsx" in words_on(page)
    assert page.findChild(QPushButton, "continue_c") is None
    assert page.findChild(QPushButton, "continue_d") is None
    with stage.qtbot.waitSignal(stage.session.open_draft) as draft:
        child(page, QPushButton, "continue_a").click()
    with stage.qtbot.waitSignal(stage.session.open_run) as run:
        child(page, QPushButton, "continue_b").click()
    assert (draft.args, run.args) == (["a"], ["b"])


def test_that_a_template_is_written_where_the_user_says(page: TypePage, stage: Stage, tmp_path: Path) -> None:
    QTest.mouseClick(child(page, QPushButton, "template_cashback"), Qt.MouseButton.LeftButton)
    assert page.session.batch_type == ""
    dialog = child(page, QPushButton, "template_cashback").window().findChild(object, "file_dialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "t.xlsx"))
    dialog.reject()
    stage.idle()
    assert stage.asked("write_template") == [("cashback", tmp_path / "t.xlsx")]
    assert "t.xlsx" in words_on(page.banner)
