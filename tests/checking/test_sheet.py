"""Rules across rows and columns: what repeats, what a column decides, what the mapping lacks."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from gb_desktop.catalog import batch_type
from gb_desktop.checking.check import check, row_checker
from gb_desktop.checking.model import CheckContext, RowState, Severity, StagedRow
from gb_desktop.mapping.model import Mapping, Settings, Source, SourceKind
from gb_desktop.workbook.model import Mark, Marked, RowFlag, Value
from tests.checking.memory_store import MemoryStore
from tests.checking.sheets import CONTEXT, NOW_MS, UTC, checked, columns, mapping_of

THEN = dt.datetime.fromisoformat("2026-03-01 09:30")
HEADERS = ("Customer ID", "Transaction ID", "Date", "Amount")


def later(minutes: int) -> dt.datetime:
    return THEN + dt.timedelta(minutes=minutes)


def test_that_a_transaction_id_twice_is_an_error_on_every_row_that_holds_it() -> None:
    rows: list[list[Value]] = [
        ["C1", "T1", later(1), 5.0],
        ["C2", "T2", later(2), 5.0],
        ["C3", "T1", later(3), 5.0],
        ["C4", "T1 ", later(4), 5.0],
    ]
    found = checked("cashback", HEADERS, rows)
    assert [found.codes(row) for row in (2, 3, 4, 5)] == [{"duplicate-id"}, set(), {"duplicate-id"}, {"duplicate-id"}]
    assert set(found.store.items) == {3}
    message = next(one.message for one in found.store.problems if one.row == 2)
    assert message == "Transaction ID T1 is also on rows 4 and 5: Gameball accepts it once."


def test_that_ids_that_differ_only_in_case_are_a_warning() -> None:
    rows: list[list[Value]] = [["C1", "t1", later(1), 5.0], ["C2", "T1", later(2), 5.0], ["C3", "T2", later(3), 5.0]]
    found = checked("cashback", HEADERS, rows)
    assert [found.codes(row) for row in (2, 3, 4)] == [{"id-case"}, {"id-case"}, set()]
    assert len(found.store.items) == 3


def test_that_equal_times_are_a_warning() -> None:
    rows: list[list[Value]] = [["C1", "T1", THEN, 5.0], ["C1", "T2", THEN, 6.0], ["C1", "T3", later(1), 7.0]]
    found = checked("cashback", HEADERS, rows)
    assert [found.codes(row) for row in (2, 3, 4)] == [{"same-time"}, {"same-time"}, set()]


def test_that_rows_alike_in_every_mapped_field_are_a_warning() -> None:
    headers = ("Customer ID", "Amount", "Reason", "Unmapped")
    rows: list[list[Value]] = [["C1", 5.0, "x", 1.0], ["C1", "5.00", "x ", 2.0], ["C1", 5.0, "y", 1.0]]
    found = checked("balance-adjustment", headers, rows)
    assert found.codes(2) == found.codes(3) == {"same-row", "same-customer"}
    assert found.codes(4) == {"same-customer"}
    assert len(found.store.items) == 3


def test_that_a_customer_on_several_rows_is_told_and_not_a_problem_where_ids_tell_rows_apart() -> None:
    rows: list[list[Value]] = [["C1", "T1", later(1), 5.0], ["C1", "T2", later(2), 5.0], ["C2", "T3", later(3), 5.0]]
    found = checked("cashback", HEADERS, rows)
    assert found.store.problems == []
    assert found.outcome.facts == ("Customers on more than one row: 1, with 2 rows in all.",)


def test_that_events_of_one_customer_are_no_problem() -> None:
    rows: list[list[Value]] = [["C1", "view", "home"], ["C1", "view", "cart"], ["C1", "view", "cart"]]
    found = checked("events", ("Customer ID", "Event", "metadata.page"), rows)
    assert [found.codes(row) for row in (2, 3, 4)] == [set(), {"same-row"}, {"same-row"}]


def test_that_a_read_asks_for_each_customer_once_and_answers_every_row() -> None:
    found = checked("balance-inquiry", ("Customer ID",), [["C1"], [7.0], ["C1"], ["7"], [None]])
    assert {row: result.item_number for row, result in found.store.results.items()} == {2: 2, 3: 3, 4: 2, 5: 3, 6: None}
    assert [item.body for item in found.store.items.values()] == ['{"customerId":"C1"}', '{"customerId":"7"}']
    assert found.codes(6) == {"required-empty"}
    orders = checked("order-transactions", ("Order ID",), [["O1"], ["O1"], ["o1"]])
    assert [item.body for item in orders.store.items.values()] == ['"O1"', '"o1"']
    assert orders.store.problems == []


def test_that_generated_ids_are_the_same_whatever_happens_to_other_rows() -> None:
    headers = ("Customer ID", "Date", "Amount")
    rows: list[list[Value]] = [["C1", later(1), 5.0], ["C2", later(2), 6.0], ["C1", later(1), 5.0]]
    first = checked("cashback", headers, rows)
    idents = {row: item.ident for row, item in first.store.items.items()}
    changed = checked("cashback", headers, [["C9", later(9), 1.0], *rows[1:]])
    again = {row: item.ident for row, item in changed.store.items.items()}
    assert again[3] == idents[3]
    assert again[4] == idents[2]  # now the first of its kind
    assert len(set(idents.values())) == 3
    assert first.codes(2) == {"same-row", "same-time"}
    assert "duplicate-id" not in first.codes(4)


def test_that_a_row_checked_again_by_itself_takes_a_free_id() -> None:
    wanted, sheet = batch_type("cashback"), columns("Customer ID", "Date", "Amount")
    mapping = mapping_of(
        "cashback",
        customerId="Customer ID",
        transactionTime="Date",
        amount="Amount",
        transactionId=Source.generated("x"),
    )
    checker = row_checker(wanted, sheet, mapping, CONTEXT)
    row = StagedRow(2, ["C1", THEN, 5.0], RowFlag.DATA)
    item = checker.check(row, lambda ident: False).item
    assert item is not None
    assert item.ident is not None
    taken = {item.ident}
    again = checker.check(row, taken.__contains__).item
    assert again is not None
    assert again.ident == item.ident[:-1] + "2"
    assert checker.plan.rows_stand_alone
    assert not row_checker(batch_type("balance-inquiry"), columns("A"), mapping_of("balance-inquiry", customerId="A"),
                           CONTEXT).plan.rows_stand_alone  # fmt: skip


def test_that_generated_times_are_apart_and_in_the_past() -> None:
    mapping = mapping_of(
        "cashback", customerId="C", transactionId="T", amount="A", transactionTime=Source.generated()
    )  # fmt: skip
    found = checked("cashback", ("C", "T", "A"), [["C1", "T1", 5.0], ["C1", "T2", 5.0]], mapping)
    assert [item.time for item in found.store.items.values()] == [
        "2026-03-15T11:59:59.998Z",
        "2026-03-15T11:59:59.997Z",
    ]
    assert found.store.problems == []


def test_that_a_column_decides_how_its_texts_are_read() -> None:
    rows: list[list[Value]] = [
        ["C1", "T1", "01/02/2026", "1.000"],
        ["C2", "T2", "13/02/2026", "1.234,50"],
        ["C3", "T3", later(0), 7.0],
    ]
    found = checked("cashback", HEADERS, rows)
    assert found.store.problems == []
    assert '"2026-02-01T00:00:00.000Z","amount":1000}' in found.body(2)
    assert '"amount":1234.5}' in found.body(3)
    assert {(one.header, one.what): one.choice for one in found.outcome.evidence} == {
        ("Date", "date_order"): "dmy",
        ("Amount", "decimal"): ",",
    }


def test_that_a_clean_sheet_is_read_once() -> None:
    found = checked("cashback", HEADERS, [["C1", "T1", later(1), 5.0], ["C2", "T2", later(2), 5.0]])
    assert found.store.passes == 1  # a second one is not begun: no ID column mixes texts and numbers


def test_that_an_undecidable_column_is_asked_about_and_its_rows_wait() -> None:
    rows: list[list[Value]] = [["C1", "T1", "01/02/2026", "1.000"], ["C2", "T2", later(1), 7.0]]
    found = checked("cashback", HEADERS, rows)
    assert found.codes(2) == {"date-order-undecided", "decimal-undecided"}
    assert found.codes(3) == set()
    asked = {one.code: one for one in found.outcome.problems}
    assert set(asked) == {"date-order-undecided", "decimal-undecided"}
    assert asked["decimal-undecided"].column == 3
    assert asked["decimal-undecided"].severity is Severity.ERROR
    assert "Amount" in asked["decimal-undecided"].message
    assert found.codes(0) == set(asked)


def test_that_dates_swapped_by_excel_are_suspected() -> None:
    texts: list[list[Value]] = [["C1", f"T{n}", f"{n}/02/2026", 5.0] for n in range(13, 20)]
    dates: list[list[Value]] = [["C1", f"D{n}", dt.datetime.fromisoformat(f"2026-{n:02}-02"), 5.0] for n in (1, 2, 3)]
    found = checked("cashback", HEADERS, [*texts, *dates])
    assert [(one.code, one.severity) for one in found.outcome.problems] == [("dates-swapped", Severity.WARNING)]
    real: list[list[Value]] = [["C1", "D9", dt.datetime.fromisoformat("2026-02-20 10:00"), 5.0]]
    assert checked("cashback", HEADERS, [*texts, *dates, *real]).outcome.problems == ()
    assert checked("cashback", HEADERS, [*texts, *dates[:2]]).outcome.problems == ()


def test_that_a_chosen_setting_answers_the_question() -> None:
    rows: list[list[Value]] = [["C1", "T1", "01/02/26", "1.000"]]
    settings = Settings(timezone="UTC", decimal=",", date_order="mdy", year_pivot=30)
    found = checked("cashback", HEADERS, rows, settings=settings)
    assert found.store.problems == []
    assert '"2026-01-02T00:00:00.000Z","amount":1000}' in found.body(2)


def test_that_a_columns_own_setting_wins_over_the_sheets() -> None:
    mapping = mapping_of("cashback", **dict(zip(("customerId", "transactionId", "transactionTime", "amount"), HEADERS,
                                                strict=True)))  # fmt: skip
    own = Mapping("cashback", mapping.sources, Settings(timezone="UTC", decimal="."), {"Amount": Settings(decimal=",")})
    found = checked("cashback", HEADERS, [["C1", "T1", THEN, "1.000"]], own)
    assert found.body(2).endswith('"amount":1000}')


def test_that_a_late_text_that_needs_a_decision_starts_the_check_again() -> None:
    rows: list[list[Value]] = [["C1", f"T{n}", later(n), 5.0] for n in range(-5000, 0)]
    found = checked("cashback", HEADERS, [*rows, ["C1", "T", THEN, "7,5"]])
    assert found.store.problems == []
    assert len(found.store.items) == 5001
    assert found.body(5002).endswith('"amount":7.5}')


def test_that_ids_which_lost_their_zeros_are_warned_about() -> None:
    rows: list[list[Value]] = [[f"{n:08}", f"T{n}", later(-n), 5.0] for n in range(20)]
    rows += [[1234.0, "T90", later(90), 5.0], [12345678.0, "T91", later(91), 5.0], ["77", "T92", later(92), 5.0]]
    found = checked("cashback", HEADERS, rows)
    assert found.codes(22) == {"id-short"}
    assert found.codes(23) == set()
    assert found.codes(24) == set()
    assert found.outcome.widths == {"Customer ID": 8}
    assert found.store.states[22] is RowState.READY


def test_that_a_number_that_is_none_ends_no_check() -> None:
    ids: list[Value] = ["00041", "00042", 43.0, math.inf, math.nan, Marked(Mark.FORMATTED, math.inf, "00000")]
    found = checked("balance-adjustment", ("Customer ID", "Amount"), [[one, 5.0] for one in ids])
    assert [found.codes(row) for row in range(2, 8)] == [set(), set(), {"id-short"}, *[{"id-not-text"}] * 3]


def test_that_a_column_of_numbers_is_no_column_that_lost_zeros() -> None:
    rows: list[list[Value]] = [[float(n), f"T{n}", later(-n), 5.0] for n in range(20)] + [["00000007", "T", THEN, 5.0]]
    assert checked("cashback", HEADERS, rows).outcome.widths == {}


def test_that_a_last_row_that_equals_the_sum_is_warned_about() -> None:
    rows: list[list[Value]] = [[f"C{n}", f"T{n}", later(-n), 10.1] for n in range(1, 6)]
    found = checked("cashback", HEADERS, [*rows, ["C9", "T9", THEN, 50.5]])
    assert found.codes(7) == {"looks-like-total"}
    assert checked("cashback", HEADERS, [*rows, ["C9", "T9", THEN, 50.6]]).store.problems == []
    assert checked("cashback", HEADERS, [*rows[:2], ["C9", "T9", THEN, 20.2]]).store.problems == []


def test_that_the_last_row_is_found_above_many_rows_that_are_left_out() -> None:
    amounts = [10.0, 20.0, 30.0, 40.0, 50.0, 150.0, *[7.0] * 90]
    rows = [
        StagedRow(number, [f"C{number}", amount], RowFlag.HIDDEN if number > 7 else RowFlag.DATA)
        for number, amount in enumerate(amounts, 2)
    ]
    found = checked("balance-adjustment", ("Customer ID", "Amount"), rows)
    assert found.codes(7) == {"looks-like-total"}


@pytest.mark.parametrize(("digits", "codes"), [(300, set()), (301, {"not-a-number"})])
def test_that_enormous_amounts_are_no_total(digits: int, codes: set[str]) -> None:
    rows: list[list[Value]] = [[f"C{n}", "9" * digits] for n in range(6)]
    found = checked("balance-adjustment", ("Customer ID", "Amount"), rows)
    assert found.codes(7) == codes


def test_that_changed_cells_are_counted_and_told() -> None:
    headers = ("Customer ID", "Email", "Mobile", "Gender", "First name")
    rows: list[list[Value]] = [
        [" C1", "A@X.COM", "+20 100 123 4567", "male", "Mona\u200b"],
        ["C2 ", "b@x.com", "+201001234567", "F", "Omar"],
    ]
    found = checked("customers", headers, rows)
    assert set(found.outcome.changes) == {
        "Trimmed 2 cells in Customer ID.",
        "Corrected the writing of 1 e-mail in Email.",
        "Wrote 1 number in Mobile in international form.",
        "Translated words of 1 cell in Gender.",
        "Removed invisible characters from 1 cell in First name.",
    }


def test_that_a_check_that_is_broken_off_lets_the_reason_through() -> None:
    def stop(done: int, expected: int) -> None:
        raise InterruptedError

    store = MemoryStore([StagedRow(2, ["C1"], RowFlag.DATA)])
    mapping = mapping_of("balance-inquiry", customerId="A")
    with pytest.raises(InterruptedError):
        check(store, batch_type("balance-inquiry"), columns("A"), mapping, CheckContext("S", NOW_MS), stop)
    assert not store.finished


def test_that_values_are_joined_from_several_columns() -> None:
    mapping = mapping_of(
        "cashback", UTC, customerId=Source(SourceKind.PREFIXED, ("C",), "EG-"), transactionId="T", amount="A",
        transactionTime=Source(SourceKind.JOINED, ("Day", "Clock"), " "),
    )  # fmt: skip
    day, clock = dt.datetime.fromisoformat("2026-03-01"), dt.time(9, 30)
    found = checked("cashback", ("C", "T", "A", "Day", "Clock"), [[77.0, "T1", 5.0, day, clock]], mapping)
    assert found.body(2).startswith(
        '{"customerId":"EG-77","transactionId":"T1","transactionTime":"2026-03-01T09:30:00.000Z"'
    )
