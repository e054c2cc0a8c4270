"""Bulk fixes: shown before they are made, and settling what they say they settle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest

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


def fixed(code: str, key: str, **cells: Value) -> str:
    """The item of one row after a fix that settles its problem."""
    sheet = cashback(row(1, **cells))
    offer = sheet.offers(code)[key]
    assert (offer.before, offer.after) == (1, 0)
    assert offer.samples
    found = sheet.after(code, key)
    assert code not in found.codes(2)
    return found.body(2)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mona Adel <mona@x.com>", "mona@x.com"),
        ("mailto:mona@x.com", "mona@x.com"),
        ("mona @ x.com", "mona@x.com"),
        ("mona@@x.com", "mona@x.com"),
        ("mona@x,com", "mona@x.com"),
        ("mona@x..com", "mona@x.com"),
    ],
)
def test_that_a_miswritten_email_is_repaired(written: str, meant: str) -> None:
    assert f'"email":"{meant}"' in fixed("not-an-email", "repair-email", email=written)


def test_that_an_email_that_could_be_another_is_not_repaired() -> None:
    for written in ("mona", "a@x.com b@x.com", "a@x.com, b@y.com", "@x.com"):
        assert "repair-email" not in cashback(row(1, email=written)).offers("not-an-email")


def test_that_words_around_a_number_are_taken_off_where_there_is_one_number() -> None:
    assert '"amount":250' in fixed("not-a-number", "only-number", amount="250 points")
    assert '"amount":12' in fixed("not-a-number", "only-number", amount="paid ١٢ today")
    for written in ("5 of 10", "ten", "1.2.3 pts", "-5 points"):
        assert "only-number" not in cashback(row(1, amount=written)).offers("not-a-number")


def test_that_words_around_a_telephone_number_are_taken_off() -> None:
    assert '"mobile":"+201001234567"' in fixed("not-a-mobile", "only-phone", mobile="Tel: +20 100 123 4567 (home)")
    assert "only-phone" not in cashback(row(1, mobile="call 0100123456 or 0111234567")).offers("not-a-mobile")


def test_that_the_other_decimal_sign_is_written_as_the_columns_own() -> None:
    sheet = cashback(row(1, amount="1.25"), row(2, amount="3.75"), row(3, amount="2,5"), row(4, amount="1.234,5"))
    settings = Settings(timezone="UTC", decimal=".")
    sheet = Sheet(
        "cashback", HEADERS, [one.values for one in sheet.rows], Mapping("cashback", MAPPING.sources, settings)
    )
    offer = sheet.offers("other-decimal")["other-decimal"]
    assert offer.samples == (("2,5", "2.5"), ("1.234,5", "1234.5"))
    found = sheet.after("other-decimal", "other-decimal")
    assert found.body(4).endswith('"amount":2.5}')
    assert found.body(5).endswith('"amount":1234.5}')


def test_that_a_date_in_the_other_order_is_read_in_the_only_possible_one() -> None:
    settings = Settings(timezone="UTC", date_order="dmy")
    rows = [row(1, transactionTime="02/13/2026 9:30 PM"), row(2, transactionTime="13/02/2026")]
    sheet = Sheet("cashback", HEADERS, rows, replace(MAPPING, settings=settings))
    assert sheet.offers("other-date-order")["other-order"].samples == (("02/13/2026 9:30 PM", "2026-02-13 21:30:00"),)
    assert "2026-02-13T21:30:00.000Z" in sheet.after("other-date-order", "other-order").body(2)


def test_that_numbers_in_a_date_column_are_read_as_excels_dates() -> None:
    assert "2026-03-01T00:00:00.000Z" in fixed("number-not-date", "serial", transactionTime=46082.0)
    assert "2026-03-01T12:00:00.000Z" in fixed("number-not-date", "serial", transactionTime=46082.5)
    assert "2026-02-28T00:00:00.000Z" in fixed("number-not-date", "serial", transactionTime=20260228.0)
    for number in (12.0, 20260231.0, 1.5e9):
        assert "serial" not in cashback(row(1, transactionTime=number)).offers("number-not-date")


REDEEM = mapping_of("redeem", customerId="C", transactionId="T", transactionTime="D", amount="A", points="P")


def test_that_points_are_rounded_as_asked() -> None:
    sheet = Sheet("redeem", ("C", "T", "D", "A", "P"), [["C1", "T1", THEN, None, 12.5]], REDEEM)
    made = sheet.offers("not-whole")
    assert made["round:nearest"].samples == (("12.5", "13"),)
    assert made["round:down"].samples == (("12.5", "12"),)
    assert sheet.after("not-whole", "round:down").body(2).endswith('"points":12}')


def test_that_of_fields_that_exclude_each_other_the_chosen_one_is_kept() -> None:
    rows: list[list[Value]] = [["C1", "T1", THEN, 5.0, 500.0], ["C2", "T2", THEN, None, 100.0]]
    sheet = Sheet("redeem", ("C", "T", "D", "A", "P"), rows, REDEEM)
    made = sheet.offers("one-of-many")
    assert made["keep:amount"].samples == (("500", ""),)
    assert made["keep:points"].samples == (("5", ""),)
    assert sheet.after("one-of-many", "keep:points").body(2).endswith('"points":500}')
    assert sheet.after("one-of-many", "keep:amount").body(2).endswith('"amount":5}')


def test_that_a_word_is_read_as_yes_or_no() -> None:
    mapping = mapping_of("customers", customerId="C", guest="G")
    sheet = Sheet("customers", ("C", "G"), [["C1", "perhaps"], ["C2", "yes"]], mapping)
    assert {"map-value:perhaps:yes", "map-value:perhaps:no"} <= set(sheet.offers("not-a-boolean"))
    assert sheet.after("not-a-boolean", "map-value:perhaps:no").body(2).endswith('"guest":false}')


def test_that_an_invalid_mobile_can_be_left_out_though_it_is_a_warning() -> None:
    sheet = cashback(row(1, mobile="+2012"))
    assert "clear" in sheet.offers("mobile-invalid")
    assert "mobile" not in sheet.after("mobile-invalid", "clear").body(2)


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
