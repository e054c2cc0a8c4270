"""A mapping before any row is checked: whether it can be used, and samples of what it sends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gb_desktop.catalog import batch_type
from gb_desktop.checking.ask import mapping_problems
from gb_desktop.checking.model import RowState, Severity, StagedRow
from gb_desktop.checking.samples import samples, unused_columns
from gb_desktop.mapping.model import Mapping, Settings, Source, SourceKind
from gb_desktop.workbook.model import Mark, Marked, RowFlag, Value
from tests.checking.sheets import CONTEXT, UTC, checked, columns, mapping_of
from tests.checking.test_sheet import THEN, later


def _mapped(settings: Settings = UTC, **others: str | Source) -> Mapping:
    sources: dict[str, str | Source] = {"customerId": "C", "transactionId": "T", "transactionTime": "D", "amount": "A"}
    return mapping_of("cashback", settings, **{**sources, **others})


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (mapping_of("orders"), "other-batch-type"),
        (mapping_of("cashback", transactionId="T", transactionTime="D", amount="A"), "required-unmapped"),
        (_mapped(customerId="Nope"), "column-missing"),
        (_mapped(amount=Source.constant("x")),
         "not-a-number"),
        (_mapped(amount=Source.constant("0")),
         "zero"),
        (_mapped(amount=Source.constant("1.000")),
         "decimal-undecided"),
        (_mapped(amount=Source.constant(" ")),
         "constant-empty"),
        (replace(_mapped(amount=Source.constant("none")), values={"amount": {"none": ""}}),
         "constant-empty"),
        (_mapped(transactionId=Source.constant("T")),
         "constant-ident"),
        (_mapped(amount=Source.generated()),
         "not-generated"),
        (_mapped(nonsense="A"),
         "field-unknown"),
        (_mapped(Settings(timezone="Cairo")), "timezone-unknown"),
        (_mapped(Settings(country="Egypt")), "country-unknown"),
        (_mapped(Settings(date_order="ydm")), "date-order-unknown"),
        (_mapped(Settings(decimal=";")), "decimal-unknown"),
        (_mapped(customerId=Source(SourceKind.JOINED, (), "-")), "column-missing"),
    ],
)  # fmt: skip
def test_that_a_mapping_that_cannot_be_used_says_why_before_any_row(mapping: Mapping, code: str) -> None:
    sheet = columns("C", "T", "D", "A")
    found = mapping_problems(batch_type("cashback"), sheet, mapping)
    assert code in [one.code for one in found]
    assert all(one.row == 0 and one.severity is Severity.ERROR for one in found)
    result = checked("cashback", ("C", "T", "D", "A"), [["C1", "T1", THEN, 5.0]], mapping)
    assert result.store.states[2] is RowState.ERROR
    assert result.codes(2) == {"mapping-incomplete"}
    assert result.store.finished


def test_that_a_usable_mapping_has_no_problems() -> None:
    mapping = mapping_of("cashback", customerId="C", transactionId="T", transactionTime="D", amount="A")
    sheet = columns("C", "T", "D", "A")
    assert mapping_problems(batch_type("cashback"), sheet, mapping) == ()
    merging = mapping_problems(batch_type("cashback"), sheet, mapping, frozenset({"email"}))
    assert [(one.field, one.code) for one in merging] == [("email", "required-unmapped")]
    redeem = mapping_of("redeem", customerId="C", transactionId="T", transactionTime="D")
    assert [one.code for one in mapping_problems(batch_type("redeem"), sheet, redeem)] == ["one-of-unmapped"]


def test_that_rows_left_out_stay_so_under_a_mapping_that_cannot_be_used() -> None:
    row = StagedRow(2, ["C1"], RowFlag.HIDDEN)
    assert checked("cashback", ("C",), [row], mapping_of("cashback")).store.states[2] is RowState.EXCLUDED


def test_that_samples_are_shown_as_they_will_be_sent() -> None:
    sheet = columns("Customer ID", "Date", "Amount", "Note")
    mapping = mapping_of(
        "cashback", customerId="Customer ID", transactionTime="Date", amount="Amount", email="Gone",
        transactionId=Source.generated("x"),
    )  # fmt: skip
    rows: list[tuple[int, list[Value]]] = [
        (2, [12345.0, THEN, 57.699999999999996, None]),
        (3, [Marked(Mark.FORMATTED, 42.0, "00000"), later(1), "x", None]),
        (4, [12345.0, later(2), 8.0, None]),
        (5, ["C9", later(3), 9.0, None]),
    ]
    shown = samples(batch_type("cashback"), sheet, mapping, rows, CONTEXT)
    assert shown["customerId"] == ["12345", "00042", "C9"]
    assert shown["amount"] == ["57.7", "8", "9"]
    assert shown["transactionTime"][0] == "2026-03-01T09:30:00.000Z"
    assert len(shown["transactionId"]) == 3
    assert "email" not in shown
    assert [column.header for column in unused_columns(sheet, mapping)] == ["Note"]


def test_that_a_setting_that_cannot_be_used_breaks_no_sample() -> None:
    mapping = mapping_of("cashback", Settings(timezone="Nowhere", country="??"), transactionTime="D", mobile="M")
    shown = samples(batch_type("cashback"), columns("D", "M"), mapping, [(2, [THEN, "0100"])], CONTEXT)
    assert shown["mobile"] == ["0100"]
