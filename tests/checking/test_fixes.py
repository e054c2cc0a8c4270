"""Bulk fixes: shown before they are made, and settling what they say they settle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from gb_desktop.catalog import batch_type
from gb_desktop.checking.check import row_checker
from gb_desktop.checking.fix_cells import apply_fix
from gb_desktop.checking.fix_mapping import Turn, turn_back, turn_of, turned
from gb_desktop.checking.fix_model import MAPPINGS, Fix, FixFacts, FixKind, Group
from gb_desktop.checking.fix_words import done_words
from gb_desktop.checking.fixes import edits, offers, rows_to_leave_out
from gb_desktop.checking.model import StagedRow
from gb_desktop.mapping.model import Mapping, Settings
from gb_desktop.workbook.model import RowFlag, Value
from tests.checking.sheets import CONTEXT, UTC, Checked, checked, columns, mapping_of

THEN = dt.datetime.fromisoformat("2026-03-01 09:30")
HEADERS = ("Customer ID", "Transaction ID", "Date", "Amount", "E-mail", "Mobile")
FIELDS = ("customerId", "transactionId", "transactionTime", "amount", "email", "mobile")
MAPPING = mapping_of("cashback", **dict(zip(FIELDS, HEADERS, strict=True)))


class Sheet:
    """A checked sheet with the fixes for its problem groups."""

    def __init__(self, key: str, headers: Sequence[str], rows: Sequence[Sequence[Value]], mapping: Mapping) -> None:
        self.key, self.headers, self.mapping = key, headers, mapping
        self.rows = [StagedRow(number, list(row), RowFlag.DATA) for number, row in enumerate(rows, 2)]
        self.found: Checked = checked(key, headers, self.rows, mapping)
        outcome = self.found.outcome
        checker = row_checker(batch_type(key), columns(*headers), mapping, CONTEXT, outcome.evidence)
        self.facts = FixFacts(checker, mapping, widths=outcome.widths)

    def members(self, code: str) -> list[StagedRow]:
        numbers = {one.row for one in self.found.store.problems if one.code == code}
        return [row for row in self.rows if row.row in numbers]

    def offers(self, code: str) -> dict[str, Fix]:
        first = next(one for one in self.found.store.problems if one.code == code and one.row)
        group = Group(code, first.field, first.column, len(self.members(code)))
        return {fix.key: fix for fix in offers(group, self.members(code), self.facts)}

    def after(self, code: str, key: str) -> Checked:
        """The check after a fix was made."""
        fix = self.offers(code)[key]
        members = self.members(code)
        changed = {(row, column): text for row, column, text in edits(fix, members, self.facts)}
        gone = set(rows_to_leave_out(fix, members, self.facts))
        rows = [
            StagedRow(
                row.row,
                [changed.get((row.row, column), value) for column, value in enumerate(row.values)],
                row.flag,
                row.row in gone,
            )
            for row in self.rows
        ]
        return checked(
            self.key, self.headers, rows, turned(turn_of(fix), self.mapping) if fix.kind in MAPPINGS else self.mapping
        )


def cashback(*rows: Sequence[Value]) -> Sheet:
    return Sheet("cashback", HEADERS, rows, MAPPING)


def row(number: int, **cells: Value) -> list[Value]:
    good: dict[str, Value] = {
        "customerId": f"C{number}",
        "transactionId": f"T{number}",
        "transactionTime": THEN + dt.timedelta(minutes=number),
        "amount": 5.0,
        "email": None,
        "mobile": None,
    }
    return list({**good, **cells}.values())


def test_that_broken_characters_and_line_breaks_are_cleaned() -> None:
    sheet = cashback(row(1, customerId="C\x071"), row(2, transactionId="T\n 2"))
    offer = sheet.offers("broken-character")["clean"]
    assert offer.samples == (("C\x071", "C1"),)
    assert (offer.before, offer.after) == (1, 0)
    assert '"customerId":"C1"' in sheet.after("broken-character", "clean").body(2)
    assert '"transactionId":"T 2"' in sheet.after("line-break", "clean").body(3)


def test_that_short_ids_are_padded_to_the_columns_width() -> None:
    sheet = cashback(*[row(n, customerId=f"{n:08}") for n in range(5)], row(9, customerId=77.0))
    offer = sheet.offers("id-short")["pad:8"]
    assert offer.samples == (("77", "00000077"),)
    fixed = sheet.after("id-short", "pad:8")
    assert '"customerId":"00000077"' in fixed.body(7)
    assert fixed.codes(7) == set()


def test_that_a_programs_point_zero_is_taken_off() -> None:
    sheet = cashback(row(1, customerId="123.0"))
    assert '"customerId":"123"' in sheet.after("id-point-zero", "drop-point-zero").body(2)


def test_that_equal_times_are_spaced_backwards_by_a_millisecond() -> None:
    sheet = cashback(row(1, transactionTime=THEN), row(2, transactionTime=THEN), row(3, transactionTime=THEN), row(4))
    fixed = sheet.after("same-time", "space-times")
    assert [item.time for item in fixed.store.items.values()] == [
        "2026-03-01T09:30:00.000Z",
        "2026-03-01T09:29:59.999Z",
        "2026-03-01T09:29:59.998Z",
        "2026-03-01T09:34:00.000Z",
    ]
    assert fixed.store.problems == []


def test_that_spaced_times_never_meet_other_times_of_the_group() -> None:
    before = THEN - dt.timedelta(milliseconds=1)
    sheet = cashback(*[row(n, transactionTime=time) for n, time in enumerate((THEN, THEN, before, before, THEN), 1)])
    fixed = sheet.after("same-time", "space-times")
    assert [str(item.time)[17:23] for item in fixed.store.items.values()] == [
        "00.000", "59.998", "59.999", "59.997", "59.996",
    ]  # fmt: skip
    assert fixed.store.problems == []


def test_that_of_duplicates_the_first_can_be_kept() -> None:
    sheet = cashback(row(1, transactionId="T"), row(2, transactionId="T"), row(3, transactionId="T"), row(4))
    offer = sheet.offers("duplicate-id")["leave-later-out"]
    assert (offer.before, offer.after) == (3, 1)
    fixed = sheet.after("duplicate-id", "leave-later-out")
    assert set(fixed.store.items) == {2, 5}
    assert fixed.store.problems == []


def test_that_of_rows_alike_the_first_can_be_kept() -> None:
    headers = ("Customer ID", "Amount")
    mapping = mapping_of("balance-adjustment", customerId="Customer ID", amount="Amount")
    sheet = Sheet("balance-adjustment", headers, [["C1", 5.0], ["C2", 7.0], ["C1", "5.00"], ["C2", 7.0]], mapping)
    fixed = sheet.after("same-row", "leave-later-out")
    assert set(fixed.store.items) == {2, 3}


def test_that_every_group_can_be_left_out_last_of_all() -> None:
    sheet = cashback(row(1, amount="x"), row(2))
    keys = list(sheet.offers("not-a-number"))
    assert keys[-1] == "leave-out"
    fixed = sheet.after("not-a-number", "leave-out")
    assert set(fixed.store.items) == {3}
    assert fixed.store.problems == []


def test_that_an_optional_value_can_be_left_out_and_a_needed_one_cannot() -> None:
    sheet = cashback(row(1, email="x", amount="y"))
    assert "clear" in sheet.offers("not-an-email")
    assert "clear" not in sheet.offers("not-a-number")
    assert "email" not in sheet.after("not-an-email", "clear").store.results[2].problems
    merging = FixFacts(sheet.facts.checker, sheet.mapping, frozenset({"email"}))
    made = offers(Group("not-an-email", "email", 4, 1), sheet.members("not-an-email"), merging)
    assert [fix.kind for fix in made] == [FixKind.LEAVE_OUT]


def test_that_a_column_that_cannot_decide_offers_both_readings_with_samples() -> None:
    sheet = cashback(row(1, amount="1.000"), row(2, amount="2.500"))
    made = sheet.offers("decimal-undecided")
    assert made["setting:decimal:."].samples == (("1.000", "1"), ("2.500", "2.5"))
    assert made["setting:decimal:,"].samples == (("1.000", "1000"), ("2.500", "2500"))
    fixed = sheet.after("decimal-undecided", "setting:decimal:,")
    assert fixed.body(2).endswith('"amount":1000}')
    assert fixed.store.problems == []


def test_that_date_order_and_century_are_offered_as_settings_of_the_column() -> None:
    sheet = cashback(row(1, transactionTime="01/02/2026"))
    assert '"2026-01-02' in sheet.after("date-order-undecided", "setting:date_order:mdy").body(2)
    years = cashback(row(1, transactionTime="1 Feb 26"))
    fixed = years.after("years-undecided", "setting:year_pivot:30")
    assert '"2026-02-01' in fixed.body(2)
    assert "clear" not in years.offers("years-undecided")


def test_that_countries_are_offered_by_the_numbers_themselves() -> None:
    sheet = cashback(row(1, mobile="01001234567"), row(2, mobile="01112345678"))
    made = sheet.offers("mobile-no-country")
    assert "setting:country:EG" in made
    assert "setting:country:SA" not in made
    assert made["setting:country:EG"].sentence.endswith("as those of Egypt")
    fixed = sheet.after("mobile-no-country", "setting:country:EG")
    assert '"mobile":"+201001234567"' in fixed.body(2)
    assert fixed.store.problems == []


def test_that_a_words_meaning_is_offered_likeliest_first() -> None:
    mapping = mapping_of("customers", customerId="C", customerAttributes__channel="Ch")
    sheet = Sheet("customers", ("C", "Ch"), [["C1", "webb"], ["C2", "webb"], ["C3", "kiosk"]], mapping)
    made = [key for key in sheet.offers("not-a-choice") if key.startswith("map-value")]
    assert made[0] == "map-value:webb:web"
    assert len(made) == 8
    fixed = sheet.after("not-a-choice", "map-value:webb:web")
    assert fixed.codes(2) == fixed.codes(3) == set()
    assert fixed.codes(4) == {"not-a-choice"}


ORDERS = mapping_of(
    "orders", customerId="C", orderId="O", orderDate="D", totalPaid="T", lineItems__sku="S", email="E"
)  # fmt: skip


def test_that_lines_are_summed_into_the_orders_total() -> None:
    rows: list[list[Value]] = [
        ["C1", "O1", THEN, 100.1, "A", "a@x.com"],
        ["C1", "O1", THEN, "50.20", "B", "b@x.com"],
        ["C1", "O2", THEN, 7.0, "A", None],
        ["C1", "O1", THEN, None, "C", None],
    ]
    sheet = Sheet("orders", ("C", "O", "D", "T", "S", "E"), rows, ORDERS)
    totals = Group("order-conflict", "totalPaid", 3, 2)
    made = {fix.key: fix for fix in offers(totals, sheet.rows[:2], sheet.facts)}
    assert made["sum"].samples == (("100.1", "150.3"), ("50.20", "150.3"))
    assert list(edits(made["first"], sheet.rows[:2], sheet.facts)) == [(3, 3, "100.1")]
    emails = {fix.key for fix in offers(Group("order-conflict", "email", 5, 2), sheet.rows[:2], sheet.facts)}
    assert emails == {"first", "leave-out"}


def test_that_a_sum_is_not_made_of_what_cannot_be_read() -> None:
    fix = Fix("sum", FixKind.SUM, "", "totalPaid", 3)
    assert apply_fix(fix, ["5", "x"], ["5", None]) == [None, None]
    assert apply_fix(fix, ["5", None, 2.5], ["5", None, "2.5"]) == ["7.5", None, "7.5"]


def test_that_fixes_of_cells_are_not_offered_for_joined_columns() -> None:
    mapping = Mapping("cashback", MAPPING.sources, UTC).with_source("email", None)
    assert FixFacts(cashback(row(1)).facts.checker, mapping).header("email") == ""


def test_that_a_setting_of_one_column_leaves_the_others_alone() -> None:
    fix = Fix("setting:decimal:,", FixKind.SETTING, "", "amount", 3, "Amount", "decimal", ",")
    changed = turned(turn_of(fix), MAPPING)
    assert changed.columns == {"Amount": Settings(timezone="UTC", decimal=",")}
    assert changed.settings == MAPPING.settings
    assert turned(turn_back(turn_of(fix), MAPPING), changed) == MAPPING


def test_that_a_words_meaning_can_be_taken_back() -> None:
    turn = Turn("kiosk", "pos", path="channel")
    changed = turned(turn, MAPPING)
    assert changed.values == {"channel": {"kiosk": "pos"}}
    assert turned(turn_back(turn, MAPPING), changed) == MAPPING


def test_that_of_a_customers_rows_the_first_can_be_kept() -> None:
    mapping = mapping_of("balance-adjustment", customerId="C", amount="A")
    sheet = Sheet("balance-adjustment", ("C", "A"), [["C1", 5.0], ["C2", 7.0], ["C1", 6.0]], mapping)
    assert set(sheet.after("same-customer", "leave-later-out").store.items) == {2, 3}


def test_that_a_fix_which_would_settle_nothing_is_not_offered() -> None:
    assert "only-number" not in cashback(row(1, amount="ten")).offers("not-a-number")


def test_that_every_fix_says_afterwards_what_it_did() -> None:
    for kind in FixKind:
        said = done_words(Fix("k", kind, "Did it", "p", 1, "Amount", "", "8"), 12)
        assert said == "Did it" if kind in MAPPINGS else "12" in said
