"""Step 3: sources, samples, suggestions, settings with their evidence, saved mappings."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimeZone
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton

from gb_desktop.mapping.model import Evidence, Mapping, Match, Source, SourceKind
from gb_desktop.ui.steps.columns_step import ColumnsPage
from gb_desktop.ui.steps.field_line import FieldLine
from gb_desktop.ui.steps.unused_columns import free_key
from tests.ui import standin
from tests.ui.stage import Stage, child, stage, words_on

__all__ = ["stage"]


@pytest.fixture
def page(stage: Stage) -> ColumnsPage:
    stage.loaded()
    return stage.show(ColumnsPage(stage.session))


def line(page: ColumnsPage, path: str, stage: Stage | None = None) -> FieldLine:
    if stage is not None:  # lines are made a few at a time
        stage.qtbot.waitUntil(lambda: page.findChild(FieldLine, f"field_{path}") is not None, timeout=5000)
    return child(page, FieldLine, f"field_{path}")


def choose(page: ColumnsPage, stage: Stage, path: str, text: str) -> None:
    line(page, path, stage)
    box = child(page, QComboBox, f"source_{path}")
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())
    stage.idle()


def mapping(stage: Stage) -> Mapping:
    assert stage.session.mapping is not None
    return stage.session.mapping


def test_that_columns_are_suggested_with_samples_reason_and_state(page: ColumnsPage) -> None:
    customer = line(page, "customerId")
    assert "one" in customer.samples.text()
    assert "Certain. The header is a usual name for it." in words_on(customer)
    assert customer.badge.word() == "Matched"
    assert page.why_not() == ""


def test_that_a_retry_says_that_only_failed_rows_are_here(stage: Stage) -> None:
    stage.mapped()
    stage.session.retry_of = "r7"
    page = stage.show(ColumnsPage(stage.session))
    assert "rows that failed in run \u2068r7\u2069 are here" in words_on(page.banner)


def test_that_nothing_can_be_chosen_before_the_suggestion_is_there(stage: Stage) -> None:
    stage.loaded()
    page = ColumnsPage(stage.session)
    stage.qtbot.addWidget(page)
    page.show()
    page.enter()
    parts = (page.fields, page.unused, page.settings, page.saved)
    assert not any(part.isEnabled() for part in parts)
    assert page.why_not() == "The columns are being looked at."
    stage.idle()
    assert all(part.isEnabled() for part in parts)


def test_that_required_fields_stand_first(page: ColumnsPage, stage: Stage) -> None:
    stage.qtbot.waitUntil(lambda: len(page.fields.lines) == 6, timeout=5000)
    required = [place for place, shown in enumerate(page.fields.lines.values()) if shown.field.required]
    assert required == list(range(len(required)))


def test_that_next_waits_for_required_fields(page: ColumnsPage, stage: Stage) -> None:
    choose(page, stage, "amount", "Choose…")
    assert "amount" not in mapping(stage).sources
    assert line(page, "amount").badge.word() == "Choose a source"
    assert page.why_not() == "Amount spent has no source yet."


def test_that_a_change_makes_the_last_check_void(page: ColumnsPage, stage: Stage) -> None:
    stage.session.summary = standin.summary()
    with stage.qtbot.waitSignal(page.invalidated):
        choose(page, stage, "email", "Branch")
    assert stage.session.summary is None


def test_that_one_value_can_serve_all_rows(page: ColumnsPage, stage: Stage) -> None:
    choose(page, stage, "email", "Same value for all rows")
    assert "email" not in mapping(stage).sources
    edit = child(page, QLineEdit, "text_email")
    QTest.keyClicks(edit, "a@b.co")
    edit.editingFinished.emit()
    stage.idle()
    assert mapping(stage).sources["email"] == Source.constant("a@b.co")


def test_that_generated_ids_say_that_the_same_prefix_makes_the_same_id(page: ColumnsPage, stage: Stage) -> None:
    choose(page, stage, "transactionId", "Made by GB Desktop")
    assert "The same prefix and the same row always make the same ID" in words_on(line(page, "transactionId"))
    edit = child(page, QLineEdit, "text_transactionId")
    QTest.keyClicks(edit, "march")
    edit.editingFinished.emit()
    stage.idle()
    assert mapping(stage).sources["transactionId"] == Source.generated("march")
    assert line(page, "transactionId").badge.word() == "Made"


def test_that_two_columns_can_be_joined(page: ColumnsPage, stage: Stage) -> None:
    choose(page, stage, "transactionId", "Columns joined")
    second = child(page, QComboBox, "second_transactionId")
    second.setCurrentIndex(second.findText("Branch"))
    second.activated.emit(second.currentIndex())
    stage.idle()
    joined = Source(SourceKind.JOINED, ("Receipt", "Branch"), " ")
    assert mapping(stage).sources["transactionId"] == joined


def test_that_three_columns_can_be_joined_and_more_are_kept(page: ColumnsPage, stage: Stage) -> None:
    choose(page, stage, "transactionId", "Columns joined")
    third = child(page, QComboBox, "third_transactionId")
    third.setCurrentIndex(third.findText("Branch"))
    third.activated.emit(third.currentIndex())
    stage.idle()
    assert mapping(stage).sources["transactionId"].columns == ("Receipt", "Customer", "Branch")
    four = Source(SourceKind.JOINED, ("Receipt", "Customer", "Branch", "Amount"), "-")
    page._source_changed(("transactionId", four))
    stage.idle()
    edit = child(page, QLineEdit, "text_transactionId")
    edit.setText("/")
    edit.editingFinished.emit()
    stage.idle()
    assert mapping(stage).sources["transactionId"] == Source(SourceKind.JOINED, four.columns, "/")


def test_that_one_column_may_feed_two_fields(page: ColumnsPage, stage: Stage) -> None:
    choose(page, stage, "email", "Branch")
    choose(page, stage, "mobile", "Branch")
    assert mapping(stage).sources["email"] == mapping(stage).sources["mobile"] == Source.column("Branch")


def test_that_an_unsure_match_is_only_offered_and_taken_with_one_click(stage: Stage) -> None:
    stage.draft.unsure = (Match("email", "Branch", False, 0.5, "The values look like it."),)
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    assert "email" not in mapping(stage).sources
    assert line(page, "email", stage).badge.word() == "Suggestion"
    child(page, QPushButton, "offer_email_0").click()
    stage.idle()
    assert mapping(stage).sources["email"] == Source.column("Branch")


def test_that_a_time_without_a_column_can_be_made_with_one_click(stage: Stage) -> None:
    stage.draft.unsure = (Match("email", "", False, 0.5, "The time of the check can stand for every row."),)
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    line(page, "email", stage)
    offer = child(page, QPushButton, "offer_email_0")
    assert offer.text() == "Let GB Desktop make it"
    offer.click()
    stage.idle()
    assert mapping(stage).sources["email"] == Source.generated()


def test_that_unused_columns_are_named(page: ColumnsPage) -> None:
    assert "Branch" in words_on(page.unused)


def test_that_an_unused_column_of_customers_can_become_a_custom_attribute(stage: Stage) -> None:
    stage.loaded("customers")
    stage.session.mapping = Mapping("customers", {"customerId": Source.column("Customer")})
    page = stage.show(ColumnsPage(stage.session))
    place = [header for header in standin.HEADERS if header != "Customer"].index("Branch")
    child(page, QPushButton, f"send_column_{place}").click()
    stage.idle()
    assert mapping(stage).sources["custom.branch"] == Source.column("Branch")
    assert line(page, "custom.branch", stage).badge.word() == "Matched"


def test_that_an_unused_column_of_events_can_become_metadata(stage: Stage) -> None:
    stage.loaded("events")
    stage.session.mapping = Mapping("events", {"customerId": Source.column("Customer")})
    page = stage.show(ColumnsPage(stage.session))
    place = [header for header in standin.HEADERS if header != "Customer"].index("Branch")
    key = child(page, QLineEdit, f"key_{place}")
    key.setText("store")
    child(page, QPushButton, f"send_column_{place}").click()
    stage.idle()
    assert mapping(stage).sources["metadata.store"] == Source.column("Branch")
    assert line(page, "metadata.store", stage).badge.word() == "Matched"


def test_that_a_key_that_is_taken_is_refused(stage: Stage) -> None:
    stage.loaded("customers")
    sources = {"customerId": Source.column("Customer"), "custom.branch": Source.column("Receipt")}
    stage.session.mapping = Mapping("customers", sources)
    page = stage.show(ColumnsPage(stage.session))
    page._free_key_wanted(("custom.branch", "Branch"))
    stage.idle()
    assert mapping(stage).sources["custom.branch"] == Source.column("Receipt")
    assert "Give this column another key." in words_on(page.banner)


@pytest.mark.parametrize(
    ("header", "key"), [("Shoe size (EU)", "shoe_size_eu"), ("المدينة", "المدينة"), ("***", "key"), (" a b ", "a_b")]
)
def test_that_a_key_is_proposed_from_the_header(header: str, key: str) -> None:
    assert free_key(header) == key


def test_that_evidence_is_shown_and_an_undecided_column_is_asked(stage: Stage) -> None:
    stage.draft.columns_evidence = (
        Evidence("Paid on", "date_order", "dmy", "1,873 of 2,000 values can only be day/month."),
        Evidence("Amount", "decimal", "", "Every value can be read both ways.", ("1.000",)),
    )
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    assert "1,873 of 2,000 values can only be day/month." in words_on(page.settings)
    box = child(page, QComboBox, "evidence_1")
    box.setCurrentIndex(box.findData(","))
    box.activated.emit(box.currentIndex())
    stage.idle()
    assert mapping(stage).settings_for("Amount").decimal == ","
    assert mapping(stage).settings.decimal == ""


def test_that_settings_change_the_mapping(page: ColumnsPage, stage: Stage) -> None:
    box = child(page, QComboBox, "setting_timezone")
    box.setCurrentIndex(box.findData("Africa/Cairo"))
    box.activated.emit(box.currentIndex())
    stage.idle()
    assert mapping(stage).settings.timezone == "Africa/Cairo"
    assert QTimeZone.systemTimeZoneId().data().decode() in box.itemText(0)
    assert not child(page, QComboBox, "setting_country").isVisibleTo(page)


def test_that_a_mapping_can_be_saved_loaded_and_shared(page: ColumnsPage, stage: Stage, tmp_path: Path) -> None:
    QTest.keyClicks(child(page, QLineEdit, "mapping_name"), "March")
    child(page, QPushButton, "mapping_save").click()
    stage.idle()
    assert mapping(stage).name == "March"
    assert "The mapping was saved as" in words_on(page.banner)
    names = child(page, QComboBox, "mapping_names")
    names.setCurrentIndex(1)
    names.activated.emit(1)
    stage.idle()
    assert stage.asked("load_mapping") == [("March",)]
    child(page, QPushButton, "mapping_export").click()
    dialog = child(page, QDialog, "file_dialog")
    dialog.fileSelected.emit(str(tmp_path / "march.json"))  # type: ignore[attr-defined]
    dialog.reject()
    stage.idle()
    assert stage.asked("export_mapping")[0][1] == tmp_path / "march.json"


def test_that_a_failed_suggestion_says_so_and_can_be_tried_again(stage: Stage) -> None:
    stage.draft.failing["suggest"] = standin.error("The worker ended.", "crashed")
    stage.loaded()
    page = stage.show(ColumnsPage(stage.session))
    assert "The worker ended." in words_on(page.banner)
    assert page.saved.isEnabled()
    assert not page.settings.isEnabled()
    child(page, QPushButton, "suggest_again").click()
    stage.idle()
    assert page.why_not() == ""
