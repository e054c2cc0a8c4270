"""Rules on rows: every code with a cell that breaks it and one that doesn't."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from gb_desktop.checking.messages import ERRORS, WARNINGS
from gb_desktop.checking.model import CheckContext, RowState, Severity, StagedRow
from gb_desktop.mapping.model import Settings, Source
from gb_desktop.workbook.model import Mark, Marked, RowFlag, Value
from tests.checking.sheets import CONTEXT, NOW_MS, UTC, Checked, checked, mapping_of

HEADERS = ("Customer ID", "Transaction ID", "Time", "Amount", "E-mail", "Mobile")
FIELDS = ("customerId", "transactionId", "transactionTime", "amount", "email", "mobile")
MAPPING = mapping_of("cashback", **dict(zip(FIELDS, HEADERS, strict=True)))
THEN = dt.datetime.fromisoformat("2026-03-01 09:30")
GOOD: dict[str, Value] = {
    "customerId": "C1",
    "transactionId": "T1",
    "transactionTime": THEN,
    "amount": 250.5,
    "email": "mona@example.com",
    "mobile": "+201001234567",
}


def cashback(**cells: Value) -> Checked:
    """A sheet of one cashback row, good but for the cells given."""
    return checked("cashback", HEADERS, [list({**GOOD, **cells}.values())], MAPPING)


def test_that_a_good_row_is_ready_and_exact() -> None:
    found = cashback()
    assert found.store.problems == []
    assert found.body(2) == (
        '{"customerId":"C1","transactionId":"T1","transactionTime":"2026-03-01T09:30:00.000Z","amount":250.5,'
        '"email":"mona@example.com","mobile":"+201001234567"}'
    )
    assert (found.outcome.rows, found.outcome.ready, found.outcome.errors) == (1, 1, 0)
    assert found.store.finished


def test_that_empty_optional_cells_are_left_out() -> None:
    assert cashback(email=None, mobile=" ").body(2).endswith('"amount":250.5}')


CASES: list[tuple[str, Value, str]] = [
    ("customerId", Marked(Mark.ERROR, None, "#N/A"), "cell-error"),
    ("amount", Marked(Mark.ERROR, None, "#REF!"), "cell-error"),
    ("amount", Marked(Mark.UNCACHED, None, ""), "formula-empty"),
    ("customerId", "C\x071", "broken-character"),
    ("customerId", "C\ud8001", "broken-character"),
    ("transactionId", "T\n1", "line-break"),
    ("customerId", "1.23E+11", "number-shortened"),
    ("mobile", "2.01E+11", "number-shortened"),
    ("transactionId", 1234567890123456.0, "digits-lost"),
    ("mobile", 1e15, "digits-lost"),
    ("customerId", THEN, "date-in-field"),
    ("amount", THEN, "date-in-field"),
    ("amount", Marked(Mark.MERGED, 300.0, "D2"), "merged-amount"),
    ("transactionId", Marked(Mark.MERGED, "T1", "B2"), "merged-amount"),
    ("customerId", True, "id-not-text"),
    ("customerId", 12.5, "id-fraction"),
    ("email", "mona", "not-an-email"),
    ("mobile", "call", "not-a-mobile"),
    ("customerId", None, "required-empty"),
    ("transactionId", "  ", "required-empty"),
    ("transactionTime", None, "required-empty"),
    ("amount", None, "required-empty"),
    ("amount", "ten", "not-a-number"),
    ("amount", 0.3 - 0.1 - 0.2, "nearly-zero"),
    ("amount", 0.0, "zero"),
    ("amount", -5.0, "negative"),
    ("amount", "(5)", "negative"),
    ("amount", "0.0000001", "too-small"),
    ("transactionTime", "soon", "not-a-date"),
    ("transactionTime", "31/02/2026", "no-such-date"),
    ("transactionTime", dt.datetime.fromisoformat("1900-01-01"), "date-out-of-range"),
    ("transactionTime", dt.time(9, 30), "time-without-date"),
    ("transactionTime", 46082.0, "number-not-date"),
    ("transactionTime", dt.datetime.fromisoformat("2026-03-15 12:00:01"), "future-time"),
    ("transactionTime", "2026-03-15T12:00:00.001Z", "future-time"),
]


@pytest.mark.parametrize(("path", "cell", "code"), CASES, ids=[f"{path}-{code}" for path, _, code in CASES])
def test_that_a_cell_which_cannot_be_sent_keeps_its_row_back(path: str, cell: Value, code: str) -> None:
    found = cashback(**{path: cell})
    rows = [one for one in found.store.problems if one.row == 2]
    assert [(one.code, one.field, one.column, one.severity) for one in rows] == [
        (code, path, FIELDS.index(path), Severity.ERROR)
    ]
    assert found.store.states[2] is RowState.ERROR
    assert not found.store.items
    assert rows[0].message.endswith(".")
    assert "{" not in rows[0].message


WARNED: list[tuple[str, Value, str, str]] = [
    ("amount", "50%", "percent", '"amount":0.5'),
    ("customerId", "12345.0", "id-point-zero", '"customerId":"12345.0"'),
    ("customerId", Marked(Mark.MERGED, "C1", "A2"), "merged", '"customerId":"C1"'),
    ("transactionTime", Marked(Mark.MERGED, THEN, "C2"), "merged", "2026-03-01T09:30:00.000Z"),
    ("mobile", "01001234567", "mobile-no-country", '"mobile":"01001234567"'),
    ("mobile", "+2012", "mobile-invalid", '"mobile":"+2012"'),
]


@pytest.mark.parametrize(("path", "cell", "code", "sent"), WARNED, ids=[code for _, _, code, _ in WARNED])
def test_that_a_doubtful_cell_is_sent_with_a_warning(path: str, cell: Value, code: str, sent: str) -> None:
    found = cashback(**{path: cell})
    [one] = found.store.problems
    assert (one.code, one.field, one.severity) == (code, path, Severity.WARNING)
    assert sent in found.body(2)


def test_that_an_hour_the_clocks_skipped_or_repeated_is_warned_about() -> None:
    mapping = mapping_of("cashback", Settings(timezone="Europe/Berlin"), **dict(zip(FIELDS, HEADERS, strict=True)))
    for time, code in (("2025-03-30 02:30", "time-missing"), ("2025-10-26 02:30", "time-twice")):
        cells = {**GOOD, "transactionTime": dt.datetime.fromisoformat(time)}
        found = checked("cashback", HEADERS, [list(cells.values())], mapping)
        assert found.codes(2) == {code}
        assert found.store.states[2] is RowState.READY


def test_that_a_foreign_number_without_its_plus_is_read_with_a_warning() -> None:
    mapping = mapping_of("cashback", Settings(timezone="UTC", country="EG"), **dict(zip(FIELDS, HEADERS, strict=True)))
    found = checked("cashback", HEADERS, [list({**GOOD, "mobile": 966501234567.0}.values())], mapping)
    assert found.codes(2) == {"mobile-read-international"}
    assert '"mobile":"+966501234567"' in found.body(2)


def test_that_one_cell_may_be_wrong_in_one_way_while_others_speak_too() -> None:
    found = cashback(customerId=None, amount=0.0, email="x")
    assert found.codes(2) == {"required-empty", "zero", "not-an-email"}


@pytest.mark.parametrize("path", ["customerId", "transactionId", "transactionTime", "amount"])
@pytest.mark.parametrize("mark", [None, Mark.MERGED, Mark.FORMATTED])
def test_that_a_word_that_means_nothing_leaves_a_needed_field_empty(path: str, mark: Mark | None) -> None:
    nothing = replace(MAPPING, values={path: {"none": ""}})
    cell = "none" if mark is None else Marked(mark, "none", "A2")
    found = checked("cashback", HEADERS, [list({**GOOD, path: cell}.values())], nothing)
    assert found.codes(2) == {"required-empty"}
    assert not found.store.items


def test_that_a_word_that_means_nothing_leaves_an_optional_field_out() -> None:
    nothing = replace(MAPPING, values={"email": {"none": ""}})
    found = checked("cashback", HEADERS, [list({**GOOD, "email": "none"}.values())], nothing)
    assert found.store.problems == []
    assert "email" not in found.body(2)
    merging = CheckContext("Sheet1", NOW_MS, merge=frozenset({"email"}))
    found = checked("cashback", HEADERS, [list({**GOOD, "email": "none"}.values())], nothing, merging)
    assert found.codes(2) == {"required-by-account"}


def test_that_the_moment_of_the_check_itself_is_no_future() -> None:
    assert cashback(transactionTime=dt.datetime.fromisoformat("2026-03-15 12:00:00")).codes(2) == set()


def test_that_fields_the_account_merges_by_are_needed() -> None:
    context = CheckContext("Sheet1", NOW_MS, merge=frozenset({"mobile"}))
    rows = [list({**GOOD, "mobile": None}.values()), list({**GOOD, "mobile": "0100", "transactionId": "T2"}.values())]
    found = checked("cashback", HEADERS, rows, MAPPING, context)
    assert found.codes(2) == {"required-by-account"}
    assert "mobile-needs-country" in found.codes(3)
    assert found.store.states[3] is RowState.ERROR


REDEEM = mapping_of(
    "redeem", customerId="C", transactionId="T", transactionTime="Time", amount="A", points="P", holdReference="H"
)


@pytest.mark.parametrize(
    ("amount", "points", "hold", "codes"),
    [
        (50.0, None, None, set()),
        (None, 500.0, None, set()),
        (None, None, "H1", set()),
        (None, None, None, {"one-of-missing"}),
        (50.0, 500.0, None, {"one-of-many"}),
        (50.0, None, "H1", {"one-of-many"}),
        (None, 12.5, None, {"not-whole"}),
        (None, "12.50", None, {"not-whole"}),
        (0.0, 500.0, None, {"zero", "one-of-many"}),
        (None, -5.0, None, {"negative"}),
    ],
)
def test_that_a_redemption_says_just_one_of_amount_points_and_hold(
    amount: Value, points: Value, hold: Value, codes: set[str]
) -> None:
    row = ["C1", "T1", THEN, amount, points, hold]
    assert checked("redeem", ("C", "T", "Time", "A", "P", "H"), [row], REDEEM).codes(2) == codes


def test_that_points_go_out_whole() -> None:
    found = checked("redeem", ("C", "T", "Time", "A", "P", "H"), [["C1", "T1", THEN, None, "500.00", None]], REDEEM)
    assert found.body(2).endswith('"points":500}')


def test_that_adjustments_take_decimals_and_minus_but_no_zero() -> None:
    headers = ("Customer ID", "Amount", "Reason")
    found = checked("balance-adjustment", headers, [["C1", -25.5, "x"], ["C2", "12.50-", None], ["C3", 0.0, None]])
    assert found.body(2) == '{"customerId":"C1","amount":-25.5,"reason":"x"}'
    assert found.body(3) == '{"customerId":"C2","amount":-12.5}'
    assert found.codes(4) == {"zero"}


def test_that_bounds_of_a_field_are_kept() -> None:
    headers = ("Customer ID", "Order ID", "Order date", "Total paid", "Return window")
    rows = [["C1", f"O{n}", THEN, 10.0, days] for n, days in enumerate((0.0, 7300.0, 7301.0, -1.0, 1.5, None))]
    found = checked("orders", headers, rows)
    codes = [found.codes(row) for row in range(2, 8)]
    assert codes == [set(), set(), {"too-large"}, {"negative"}, {"not-whole"}, set()]


def test_that_closed_lists_and_yes_and_no_are_kept() -> None:
    headers = ("Customer ID", "Guest", "Channel")
    rows: list[list[Value]] = [["C1", "yes", "Online"], ["C2", "perhaps", "web"], ["C3", None, "pigeon"]]
    found = checked("customers", headers, rows)
    assert found.body(2) == '{"customerId":"C1","customerAttributes":{"channel":"web"},"guest":true}'
    assert found.codes(3) == {"not-a-boolean"}
    assert found.codes(4) == {"not-a-choice"}
    assert "mobile, pos, web, callcenter" in found.store.problems[-1].message


@pytest.mark.parametrize(
    ("flag", "excluded", "context", "reason"),
    [
        (RowFlag.DATA, False, CONTEXT, ""),
        (RowFlag.HIDDEN, False, CONTEXT, "hidden"),
        (RowFlag.HIDDEN, False, CheckContext("S", NOW_MS, rows="visible"), "hidden"),
        (RowFlag.HIDDEN, False, CheckContext("S", NOW_MS, rows="all"), ""),
        (RowFlag.HIDDEN, False, CheckContext("S", NOW_MS, skip_hidden=False), ""),
        (RowFlag.TOTAL, False, CheckContext("S", NOW_MS, rows="all"), "total"),
        (RowFlag.DATA, True, CONTEXT, "left out"),
    ],
)
def test_that_rows_left_out_are_told_with_their_reason(
    flag: RowFlag, excluded: bool, context: CheckContext, reason: str
) -> None:
    row = StagedRow(2, list(GOOD.values()), flag, excluded)
    found = checked("cashback", HEADERS, [row], MAPPING, context)
    assert found.store.results[2].reason == reason
    assert found.store.states[2] is (RowState.EXCLUDED if reason else RowState.READY)
    assert found.outcome.excluded == bool(reason)


def test_that_rows_left_out_are_not_looked_at() -> None:
    rows = [
        StagedRow(2, list(GOOD.values()), RowFlag.DATA),
        StagedRow(3, list({**GOOD, "amount": "1.000"}.values()), RowFlag.DATA, True),
        StagedRow(4, [None] * 6, RowFlag.TOTAL),
    ]
    found = checked("cashback", HEADERS, rows, MAPPING)
    assert found.store.problems == []
    assert found.outcome.evidence == ()


def test_that_constants_and_made_values_feed_every_row() -> None:
    mapping = mapping_of(
        "balance-adjustment",
        UTC,
        customerId="Code",
        amount=Source.constant("1,500.50"),
        reason=Source.constant("Eid gift"),
    )
    found = checked("balance-adjustment", ("Code",), [["C1"], ["C2"]], mapping)
    assert found.body(3) == '{"customerId":"C2","amount":1500.5,"reason":"Eid gift"}'


def test_that_every_code_has_one_severity_and_a_whole_sentence() -> None:
    assert not set(ERRORS) & set(WARNINGS)
    names = ("field", "value", "choices", "minimum", "maximum", "fields", "rows", "values", "width", "why")
    for sentence in [*ERRORS.values(), *WARNINGS.values()]:
        text = sentence({name: name.upper() for name in names})
        assert text[0].isupper()
        assert text.rstrip("”)")[-1] in ".?" or text.endswith("WHY")
