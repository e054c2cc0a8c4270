"""Step 5: the figures, what has to be answered, and the hand-over to the sender."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QPushButton, QRadioButton, QSpinBox

from gb_desktop.runs.model import EarlierRun, KnownId, Review, RunState
from gb_desktop.ui.steps.review_step import ReviewPage
from tests.ui import standin
from tests.ui.stage import Stage, child, stage, words_on

__all__ = ["stage"]
EARLIER = EarlierRun("r0", RunState.FINISHED, "2026-03-02T10:00:00Z", True, "The same 380 rows were sent in run r0.")

KNOWN = tuple(KnownId(row, f"T-{row}", "r0") for row in (5, 9))


def entered(stage: Stage, review: Review | None = None, environment: str = "practice") -> ReviewPage:
    stage.mapped()
    stage.session.summary = standin.summary()
    stage.session.leave_out_errors = True
    stage.use_account("Acme", environment)
    stage.draft.reader.kept_review = review
    return stage.show(ReviewPage(stage.session))


def send(page: ReviewPage, stage: Stage) -> list[bool]:
    moved: list[bool] = []
    page.advance(lambda: moved.append(True))
    stage.idle()
    stage.qtbot.waitUntil(lambda: not stage.session.sendings.active(), timeout=5000)
    return moved


def test_that_every_figure_is_shown_exactly(stage: Stage) -> None:
    page = entered(stage)
    for figure in ("380", "371", "1,234,567.50", "9,999.00", "1.00", "about 42 s"):
        assert figure in words_on(page.figures)
    assert page.next_text() == "Send 380 rows"


def test_that_practice_needs_one_click_only(stage: Stage) -> None:
    page = entered(stage)
    assert page.why_not() == ""
    assert not page.confirmation.isVisible()


def test_that_the_run_is_planned_and_sent_on_next(stage: Stage) -> None:
    page = entered(stage)
    assert send(page, stage) == [True]
    facts, settings, again = stage.asked("prepare")[0]
    assert (facts.environment, settings.chunk_size, again) == ("practice", 500, False)  # type: ignore[attr-defined]
    assert stage.asked("close") == [()]
    assert stage.asked("sender") == [("r1", False)]


def test_that_live_data_asks_for_rows_and_total(stage: Stage) -> None:
    page = entered(stage, environment="live")
    assert page.why_not() == "Type the number of rows to confirm."
    hints = [child(page, QLineEdit, name).placeholderText() for name in ("confirm_rows", "confirm_total")]
    assert hints == ["Type 380", "Type 1,234,567.50"], "a bare figure would look as if it were typed already"
    QTest.keyClicks(child(page, QLineEdit, "confirm_rows"), "380")
    assert page.why_not() == "Type the total as it is shown to confirm."
    QTest.keyClicks(child(page, QLineEdit, "confirm_total"), "1.234.567,5")
    assert page.why_not() == ""


def test_that_live_adjustments_ask_for_additions_and_deductions(stage: Stage) -> None:
    stage.mapped()
    stage.session.batch_type = "balance-adjustment"
    stage.session.summary = standin.summary()
    stage.session.leave_out_errors = True
    stage.use_account("Acme", "live")
    stage.draft.reader.kept_review = standin.review(total="70", additions="100", deductions="-30")
    page = stage.show(ReviewPage(stage.session))
    QTest.keyClicks(child(page, QLineEdit, "confirm_rows"), "380")
    QTest.keyClicks(child(page, QLineEdit, "confirm_additions"), "100")
    QTest.keyClicks(child(page, QLineEdit, "confirm_deductions"), "30")
    assert page.why_not() == "Type the total as it is shown to confirm."
    QTest.keyClick(child(page, QLineEdit, "confirm_deductions"), "\b")
    child(page, QLineEdit, "confirm_deductions").setText("-30")
    assert page.why_not() == ""
    assert "points or as money" in words_on(page.notes)


def test_that_live_redemptions_ask_for_their_points(stage: Stage) -> None:
    page = entered(stage, standin.review(total="", points="90350", largest="90000"), "live")
    assert all(words in words_on(page.figures) for words in ("90,350", "Points in total", "90,000"))
    QTest.keyClicks(child(page, QLineEdit, "confirm_rows"), "380")
    assert page.why_not() == "Type the total as it is shown to confirm."
    QTest.keyClicks(child(page, QLineEdit, "confirm_points"), "90,350")
    assert page.why_not() == ""


def test_that_nothing_can_be_sent_when_every_row_is_left_out(stage: Stage) -> None:
    page = entered(stage, Review(0, 0, 0, 0, left_known=380))
    assert page.why_not() == "No row is left to be sent."
    assert page.json.isHidden()


def test_that_reading_live_data_needs_no_typing(stage: Stage) -> None:
    stage.mapped()
    stage.session.batch_type = "balance-inquiry"
    stage.session.summary = standin.summary()
    stage.session.leave_out_errors = True
    stage.use_account("Acme", "live")
    stage.draft.reader.kept_review = Review(380, 371, 371, 1)
    page = stage.show(ReviewPage(stage.session))
    assert page.why_not() == ""
    assert not page.histogram_card.isVisible()
    assert "Rows left out" in words_on(page.figures)
    stage.session.summary = standin.summary(errors=0, excluded=0)
    page._show(Review(380, 371, 371, 1))
    assert page.notes.isHidden(), "a card of nothing but its title"


@pytest.mark.parametrize(
    ("kind", "prefix", "effect"),
    [
        ("cashback", "", "Gameball refuses the IDs that it knows already, and their rows fail."),
        ("cashback", "GB-4k2m-", "Every row would count a second time."),
        ("balance-adjustment", "", "Every row would count a second time."),
        ("customers", "", "Sending the same rows again changes nothing more."),
    ],
)
def test_that_it_is_told_what_sending_again_would_do(stage: Stage, kind: str, prefix: str, effect: str) -> None:
    page = entered(stage, standin.review(earlier=(EARLIER,), prefix=prefix))
    stage.session.batch_type = kind
    page._show(standin.review(earlier=(EARLIER,), prefix=prefix))
    assert effect in words_on(page.earlier)


def test_that_figures_typed_for_other_figures_do_not_count(stage: Stage) -> None:
    page = entered(stage, environment="live")
    QTest.keyClicks(child(page, QLineEdit, "confirm_rows"), "380")
    page._show(standin.review(total="5"))
    assert child(page, QLineEdit, "confirm_rows").text() == ""


def test_that_rows_which_were_checked_for_another_account_are_checked_again(stage: Stage) -> None:
    page = entered(stage)
    stage.draft.failing["review"] = standin.error("The account merges customers by other fields.", "state")
    stage.use_account("Beta", "practice")
    stage.session.account_changed.emit()
    stage.idle()
    assert "The account merges customers by other fields." in words_on(page.banner)
    assert stage.session.summary is None  # so that step Check begins anew
    assert not page.banner.findChildren(QPushButton, "review_again")


def test_that_the_same_data_again_needs_a_tick(stage: Stage) -> None:
    page = entered(stage, standin.review(earlier=(EARLIER,)))
    assert page.why_not() == "This data was sent before: tick that it is to be sent again."
    assert EARLIER.sentence in words_on(page.earlier)
    with stage.qtbot.waitSignal(stage.session.open_run) as asked:
        child(page, QPushButton, "earlier_0").click()
    assert asked.args == ["r0"]
    child(page, QCheckBox, "send_again").click()
    assert page.why_not() == ""
    send(page, stage)
    assert stage.asked("prepare")[0][2] is True


def test_that_a_run_sent_in_between_is_shown_and_asked_about(stage: Stage) -> None:
    page = entered(stage)
    stage.draft.failing["prepare"] = standin.error("The same rows were sent. It could pay twice.", "again")
    stage.draft.reader.kept_review = standin.review(earlier=(EARLIER,))
    page.advance(lambda: pytest.fail("moved on"))
    stage.idle()
    assert "It could pay twice." in words_on(page.banner)
    assert page.earlier.isVisible()
    assert page.why_not() != ""


def test_that_ids_that_were_sent_before_are_told(stage: Stage) -> None:
    page = entered(stage, standin.review(known_ids=7, known=KNOWN))
    assert "The IDs of 7 rows were sent with this account before" in words_on(page.known)
    assert "Row 5: \u2068T-5\u2069, sent in run r0" in words_on(page.known)
    assert "and 5 rows more" in words_on(page.known)
    assert page.why_not() == "Say what is to become of the rows whose IDs were sent before."


def test_that_the_same_sheet_again_is_one_question(stage: Stage) -> None:
    page = entered(stage, standin.review(earlier=(EARLIER,), known_ids=380, known=KNOWN))
    assert not page.known.isVisible()
    child(page, QCheckBox, "send_again").click()
    assert page.why_not() == ""


def test_that_rows_sent_before_can_be_left_out_and_taken_in_again(stage: Stage) -> None:
    page = entered(stage, standin.review(known_ids=7, known=KNOWN))
    child(page, QRadioButton, "known_leave").click()
    stage.idle()
    assert stage.asked("leave_out_known") == [(True,)]
    assert "7 rows left out: IDs that were sent before" in words_on(page.known)
    assert page.why_not() == ""
    child(page, QPushButton, "known_back").click()
    stage.idle()
    assert stage.asked("leave_out_known") == [(True,), (False,)]
    assert page.why_not() != ""


def test_that_rows_sent_before_are_sent_again_only_when_somebody_says_so(stage: Stage) -> None:
    page = entered(stage, standin.review(known_ids=7, known=KNOWN))
    child(page, QRadioButton, "known_send").click()
    assert page.why_not() == ""
    send(page, stage)
    assert stage.asked("prepare")[0][2] is True


def test_that_a_few_rows_can_go_first(stage: Stage) -> None:
    page = entered(stage)
    child(page, QCheckBox, "first_few").click()
    stage.idle()
    assert stage.asked("review")[-1][1].first == 10  # type: ignore[attr-defined]
    send(page, stage)
    assert stage.asked("prepare")[0][1].first == 10  # type: ignore[attr-defined]


def test_that_any_row_is_shown_exactly_as_it_is_sent(stage: Stage) -> None:
    page = entered(stage)
    box = child(page, QSpinBox, "json_row")
    assert box.value() == 17
    box.setValue(42)
    stage.idle()
    assert child(page, QPlainTextEdit, "json_text").toPlainText() == stage.draft.reader.item_json(42)


def test_that_what_can_not_be_taken_back_is_said(stage: Stage) -> None:
    page = entered(stage, standin.review(differences=("The last such run had 200 items.",)))
    for sentence in (
        "Earlier runs are known only when they were made on this computer.",
        "A message can't be taken back.",
        "The last such run had 200 items.",
        "20 rows of the sheet are left out.",
    ):
        assert sentence in words_on(page.notes)


def test_that_figures_that_can_not_be_had_say_why(stage: Stage) -> None:
    stage.draft.failing["review"] = standin.error("The worker ended.", "crashed")
    page = entered(stage)
    assert "The worker ended." in words_on(page.banner)
    assert page.why_not() == "The figures are not there yet."
    child(page, QPushButton, "review_again").click()
    stage.idle()
    assert page.why_not() == ""
