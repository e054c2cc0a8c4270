"""Step 3, what else it asks: meanings of words, questions and their answers, mappings from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QPushButton, QToolButton

from gb_desktop.mapping.changes import Change
from gb_desktop.mapping.contacts import known_country
from gb_desktop.mapping.model import Evidence, Match, Source
from gb_desktop.mapping.words import NO, ColumnWords
from gb_desktop.ui.steps.columns_step import ColumnsPage
from gb_desktop.ui.steps.setting_choices import countries
from gb_desktop.ui.steps.word_editor import WordEditor
from tests.ui import standin
from tests.ui.stage import Stage, child, stage, words_on
from tests.ui.test_steps_columns import choose, line, mapping

__all__ = ["stage"]
CHANNEL, GENDER = "customerAttributes.channel", "customerAttributes.gender"
WORDS = ColumnWords((("Online", 200), ("Kiosk", 120), ("Pop-up", 3)))


@pytest.fixture
def page(stage: Stage) -> ColumnsPage:
    """Customers, their channel and gender read from columns of words."""
    sexes = ColumnWords((("Female", 10), ("diverse", 1)))
    stage.draft.words = {CHANNEL: WORDS, GENDER: sexes, "guest": ColumnWords((("nope", 4),))}
    stage.loaded("customers")
    shown = stage.show(ColumnsPage(stage.session))
    for path in (CHANNEL, GENDER):
        choose(shown, stage, path, "Branch")
    return shown


def editor(page: ColumnsPage, path: str) -> WordEditor:
    found = line(page, path).words
    assert found is not None
    return found


def pick(page: ColumnsPage, stage: Stage, path: str, place: int, text: str) -> None:
    box = child(page, QComboBox, f"word_{path}_{place}")
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())
    stage.idle()


def test_that_undecided_words_are_shown_first_with_their_counts(page: ColumnsPage) -> None:
    assert line(page, CHANNEL).badge.word() == "2 to decide"
    words = editor(page, CHANNEL)
    assert words.toggle.text() == "2 of 3 words mean nothing yet, in 123 rows"
    assert words.body.isVisibleTo(page)
    names = [child(page, QComboBox, f"word_{CHANNEL}_{place}").accessibleName() for place in range(3)]
    assert [name.strip("\u2068\u2069") for name in names] == [
        f"What \u2068{word}\u2069 means" for word in ("Kiosk", "Pop-up", "Online")
    ]
    assert [child(page, QComboBox, f"word_{CHANNEL}_{place}").currentText() for place in range(3)] == [
        "Choose…",
        "Choose…",
        "web",
    ]
    assert "120 rows" in words_on(words)


def test_that_a_word_gets_its_meaning_and_can_lose_it(page: ColumnsPage, stage: Stage) -> None:
    pick(page, stage, CHANNEL, 0, "pos")
    pick(page, stage, CHANNEL, 1, "pos")
    assert mapping(stage).values == {CHANNEL: {"Kiosk": "pos", "Pop-up": "pos"}}
    assert line(page, CHANNEL).badge.word() == "Matched"
    assert editor(page, CHANNEL).toggle.text() == "3 words, all understood"
    pick(page, stage, CHANNEL, 0, "Choose…")
    assert mapping(stage).values == {CHANNEL: {"Pop-up": "pos"}}
    assert line(page, CHANNEL).badge.word() == "1 to decide"


def test_that_a_known_word_can_be_given_another_meaning(page: ColumnsPage, stage: Stage) -> None:
    pick(page, stage, CHANNEL, 2, "mobile")
    assert mapping(stage).values == {CHANNEL: {"Online": "mobile"}}


def test_that_words_of_a_free_text_may_stay_as_they_are(page: ColumnsPage, stage: Stage) -> None:
    assert line(page, GENDER).badge.word() == "Matched"
    assert not editor(page, GENDER).body.isVisibleTo(page)
    pick(page, stage, GENDER, 0, "As it is")
    assert mapping(stage).values == {}
    pick(page, stage, GENDER, 1, "As it is")
    assert mapping(stage).values == {GENDER: {"Female": "Female"}}


def test_that_yes_and_no_take_words_too(page: ColumnsPage, stage: Stage) -> None:
    page._source_changed(("guest", Source.column("Branch")))
    stage.idle()
    if not page.fields._extended.isVisibleTo(page):
        child(page, QPushButton, "more_fields").click()
    stage.idle()
    line(page, "guest", stage)
    pick(page, stage, "guest", 0, "No")
    assert mapping(stage).values == {"guest": {"nope": NO}}


def test_that_words_are_asked_for_once_a_column(page: ColumnsPage, stage: Stage) -> None:
    before = len(stage.asked("column_words"))
    pick(page, stage, CHANNEL, 0, "pos")
    choose(page, stage, "email", "Customer")
    assert len(stage.asked("column_words")) == before
    choose(page, stage, CHANNEL, "Receipt")
    assert len(stage.asked("column_words")) == before + 1


def test_that_many_words_are_shown_on_demand_and_the_rest_counted(stage: Stage) -> None:
    stage.draft.words = {CHANNEL: ColumnWords(tuple((f"word {n:03d}", 200 - n) for n in range(80)), more=5)}
    stage.loaded("customers")
    page = stage.show(ColumnsPage(stage.session))
    choose(page, stage, CHANNEL, "Branch")
    assert len(editor(page, CHANNEL)._lines) == 10
    child(page, QPushButton, f"words_more_{CHANNEL}").click()
    assert len(editor(page, CHANNEL)._lines) == 60
    assert "hold other words; Check shows them." in words_on(editor(page, CHANNEL))


def test_that_two_questions_about_a_column_name_it_once(stage: Stage) -> None:
    dates = ("01/01/90", "02/02/90")
    stage.draft.columns_evidence = (
        Evidence("Paid on", "date_order", "", "None of 2 values says it.", dates),
        Evidence("Amount", "decimal", ",", "2 of 2 values can only have a decimal comma."),
        Evidence("Paid on", "years", "", "2 values have a year of two digits.", dates),
        Evidence("Branch", "country", "EG", "5 of 9 numbers have no country code.", ("0100",)),
    )
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    said = words_on(page.settings).splitlines()
    assert [said.count(f"\u2068{name}\u2069") for name in ("Paid on", "Amount", "Branch")] == [1, 1, 1]
    assert sum("01/01/90" in sentence for sentence in said) == 1


def test_that_only_countries_whose_numbers_can_be_read_are_offered() -> None:
    assert all(known_country(code) for _name, code in countries())


def test_that_an_answered_question_shows_its_answer_and_can_be_changed(stage: Stage) -> None:
    stage.draft.columns_evidence = (
        Evidence("Paid on", "date_order", "", "None of 2 values says it."),
        Evidence("Amount", "decimal", ",", "2 of 2 values can only have a decimal comma."),
        Evidence("Branch", "country", "", "5 of 9 numbers have no country code.", ("0100",), ("EG", "SA")),
    )
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    assert "Which country are the numbers of \u2068Branch\u2069 from?" in words_on(page.settings)
    country = child(page, QComboBox, "evidence_2")
    assert [country.itemText(at) for at in range(3)] == ["Choose…", "Egypt (EG)", "Saudi Arabia (SA)"]
    assert line(page, "transactionTime").badge.word() == "Question"
    assert "How is \u2068Paid on\u2069 to be read?" in words_on(line(page, "transactionTime"))
    assert line(page, "amount").badge.word() == "Matched"
    order = child(page, QComboBox, "evidence_0")
    order.setCurrentIndex(order.findData("mdy"))
    order.activated.emit(order.currentIndex())
    stage.idle()
    assert child(page, QComboBox, "evidence_0").currentData() == "mdy"
    assert "You decided how it is read:" in words_on(page.settings)
    assert line(page, "transactionTime").badge.word() == "Matched"
    page.settings._column_chosen(("Amount", "decimal", "."))
    stage.idle()
    assert "What was chosen reads these values otherwise: is that meant?" in words_on(page.settings)


def test_that_a_setting_of_the_sheet_reaches_columns_that_chose_something_else(stage: Stage) -> None:
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    page.settings._column_chosen(("Paid on", "date_order", "mdy"))
    stage.idle()
    zone = child(page, QComboBox, "setting_timezone")
    zone.setCurrentIndex(zone.findData("Asia/Riyadh"))
    zone.activated.emit(zone.currentIndex())
    stage.idle()
    own = mapping(stage).settings_for("Paid on")
    assert (own.timezone, own.date_order) == ("Asia/Riyadh", "mdy")


@pytest.mark.parametrize(
    ("environment", "unit", "words"),
    [
        ("live", "points", "are points, as your account says."),
        ("live", "money", "are money, as your account says."),
        ("live", "", "then you decide."),
        ("practice", "", "for this account."),  # nothing is asked there: so nothing is promised
    ],
)
def test_that_adjustments_say_what_their_amounts_are(stage: Stage, environment: str, unit: str, words: str) -> None:
    facts = stage.session.facts
    assert facts is not None
    stage.session.facts = replace(facts, unit=unit, environment=environment)
    stage.loaded("balance-adjustment")
    page = stage.show(ColumnsPage(stage.session))
    assert child(page, QLabel, "unit_words").text().endswith(words)


@pytest.mark.parametrize(("rows", "told"), [(2_000, False), (5_001, True)])
def test_that_evidence_from_the_first_rows_is_told_as_such(stage: Stage, rows: int, told: bool) -> None:
    stage.mapped()
    assert stage.session.loaded is not None
    stage.session.loaded = replace(stage.session.loaded, rows=rows)
    page = stage.show(ColumnsPage(stage.session))
    words = child(page, QLabel, "looked_at_words")
    assert words.isVisible() is told
    assert not told or "From the first 2,000 rows" in words.text()


def test_that_a_loaded_mapping_says_what_it_lost_and_offers_what_looks_like_it(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    other = standin.mapping().with_source("email", Source.column("Brannch")).with_source("mobile", Source.column("Fon"))
    monkeypatch.setattr(standin, "mapping", lambda: other)
    monkeypatch.setattr("tests.ui.standin_desk.mapping", lambda: other)
    child(page, QPushButton, "mapping_import").click()
    dialog = child(page, QDialog, "file_dialog")
    dialog.fileSelected.emit(str(tmp_path / "shared.json"))  # type: ignore[attr-defined]
    dialog.reject()
    stage.idle()
    assert "email" not in mapping(stage).sources
    assert "Branch\u2069 looks like it" in words_on(page.banner)
    assert "for Mobile is not in this sheet: choose another." in words_on(page.banner)
    assert "It was \u2068Brannch\u2069 in the saved mapping" in words_on(line(page, "email", stage))
    child(page, QPushButton, "offer_email_0").click()
    stage.idle()
    assert mapping(stage).sources["email"] == Source.column("Branch")


def test_that_changes_made_in_check_are_saved_with_the_mapping_unless_unticked(stage: Stage) -> None:
    change = Change.fix("not-a-number", "amount", "leave-out", 3)
    stage.draft.made = (change,)
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    page.saved.name.setText("Monthly")
    box = child(page, QCheckBox, "mapping_with_changes")
    assert box.text() == "With 1 change made in Check"
    assert "Leave rows out whose Amount spent is no number" in box.toolTip()
    child(page, QPushButton, "mapping_save").click()
    stage.idle()
    box.click()
    child(page, QPushButton, "mapping_save").click()
    stage.idle()
    saved = [ask[0] for ask in stage.asked("save_mapping")]
    assert [one.changes for one in saved] == [(change,), ()]  # type: ignore[attr-defined]


def test_that_a_mapping_applied_by_itself_can_be_set_aside(stage: Stage) -> None:
    stage.draft.applied = standin.mapping().with_source("email", Source.column("Branch"))
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    assert mapping(stage).sources["email"] == Source.column("Branch")
    child(page, QPushButton, "match_anew").click()
    stage.idle()
    assert mapping(stage) == standin.mapping()
    assert not page.banner.isVisibleTo(page)


def test_that_a_saved_mapping_is_deleted_after_a_question(stage: Stage) -> None:
    stage.desk.names = ["Monthly", "Old"]
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    trash = child(page, QToolButton, "mapping_delete")
    assert not trash.isEnabled()
    page.saved.name.setText("Old")
    trash.click()
    child(page, QPushButton, "mapping_deleting_yes").click()
    stage.idle()
    assert stage.asked("delete_mapping") == [("Old",)]
    assert "The saved mapping \u2068Old\u2069 was deleted." in words_on(page.banner)
    assert not trash.isEnabled()


def test_that_a_batch_gone_on_with_still_says_why_its_columns_were_matched(stage: Stage) -> None:
    stage.mapped()
    page = stage.show(ColumnsPage(stage.session))
    assert "Certain. The header is a usual name for it." in words_on(line(page, "customerId", stage))


def test_that_every_offer_says_how_sure_it_is(stage: Stage) -> None:
    stage.draft.unsure = (
        Match("email", "Branch", False, 0.6, "99 % of its values are e-mail addresses."),
        Match("email", "Customer", False, 0.4, "The header looks like a usual name for it."),
    )
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    said = words_on(line(page, "email", stage))
    assert "Likely. 99 % of its values are e-mail addresses." in said
    assert "Perhaps. The header looks like a usual name for it." in said
