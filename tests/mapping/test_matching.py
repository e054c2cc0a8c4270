"""Columns and fields: certain matches are taken, doubtful ones only offered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from gb_desktop.catalog import BATCH_TYPES, BatchType, batch_type
from gb_desktop.mapping.matching import propose, suggest
from gb_desktop.mapping.model import Match, Source, SourceKind
from gb_desktop.mapping.names import name_key, simple
from gb_desktop.workbook.model import Value
from tests.checking.sheets import NOW, columns

Rows = Sequence[Sequence[Value]]


def proposed(key: str, headers: Sequence[str], samples: Rows = ()) -> dict[str, str]:
    """Field path -> header, or the kind of a source without columns."""
    mapping = propose(batch_type(key), columns(*headers), samples, NOW)
    return {path: source.columns[0] if source.columns else source.kind for path, source in mapping.sources.items()}


def matches(key: str, headers: Sequence[str], path: str, samples: Rows = ()) -> list[Match]:
    return [one for one in suggest(batch_type(key), columns(*headers), samples) if one.path == path]


@pytest.mark.parametrize("wanted", BATCH_TYPES, ids=lambda one: one.key)
def test_that_a_types_own_titles_and_paths_are_matched_with_certainty(wanted: BatchType) -> None:
    for headers in ([field.title for field in wanted.fields], [field.path for field in wanted.fields]):
        mapping = propose(wanted, columns(*headers), [], NOW)
        assert mapping.sources == {
            field.path: Source.column(header) for field, header in zip(wanted.fields, headers, strict=True)
        }


@pytest.mark.parametrize("wanted", BATCH_TYPES, ids=lambda one: one.key)
def test_that_the_template_with_its_examples_is_matched_with_certainty(wanted: BatchType) -> None:
    fields = [field for field in wanted.fields if not field.extended]
    samples = [[field.examples[row] or None for field in fields] for row in (0, 1)]
    mapping = propose(wanted, columns(*[field.title for field in fields]), samples, NOW)
    assert list(mapping.sources) == [field.path for field in fields]


def test_that_gameballs_own_points_template_is_matched() -> None:
    headers = ["Player ID", "Player Email", "Player Bonus Points", "Player Bonus Score", "Reason"]
    assert proposed("balance-adjustment", headers) == {
        "customerId": "Player ID",
        "amount": "Player Bonus Points",
        "reason": "Reason",
    }


@pytest.mark.parametrize(
    ("key", "header", "path"),
    [
        ("cashback", "CUSTOMER_ID", "customerId"),
        ("cashback", "customer-id", "customerId"),
        ("cashback", "playerUniqueId", "customerId"),
        ("cashback", "رقم العميل", "customerId"),
        ("cashback", "رَقْم العميل", "customerId"),
        ("cashback", "البريد الإلكتروني", "email"),
        ("cashback", "البريد الالكتروني", "email"),
        ("cashback", "E-Mails", "email"),
        ("cashback", "Amount (KWD)", "amount"),
        ("cashback", "Mobile [optional]", "mobile"),
        ("orders", "Grand Total (Base)", "totalPaid"),
        ("cashback", "Customer ID *", "customerId"),
        ("customers", "First Name", "customerAttributes.firstName"),
        ("customers", "firstName", "customerAttributes.firstName"),
        ("customers", "custom.size", "custom.size"),
        ("events", "metadata.page", "metadata.page"),
        ("orders", "extra.gift", "extra.gift"),
        ("orders", "lineItems[].sku", "lineItems.sku"),
    ],
)
def test_that_headers_are_compared_as_people_read_them(key: str, header: str, path: str) -> None:
    assert proposed(key, [header])[path] == header


def test_that_one_column_never_feeds_two_fields_by_itself() -> None:
    for wanted in BATCH_TYPES:
        headers = sorted({word for field in wanted.fields for word in field.synonyms})
        taken = [source.columns[0] for source in propose(wanted, columns(*headers), [], NOW).sources.values()
                 if source.columns]  # fmt: skip
        assert len(taken) == len(set(taken))


def test_that_two_columns_that_fit_equally_are_both_offered_and_none_taken() -> None:
    assert "customerId" not in proposed("cashback", ["Member ID", "Client ID", "Amount"])
    found = matches("cashback", ["Member ID", "Client ID"], "customerId")
    assert [one.sure for one in found] == [False, False]
    assert {one.header for one in found} == {"Member ID", "Client ID"}


def test_that_a_fields_own_name_wins_over_usual_names() -> None:
    assert proposed("cashback", ["Member ID", "Customer ID"])["customerId"] == "Customer ID"
    assert proposed("cashback", ["Total", "amount"])["amount"] == "amount"


@pytest.mark.parametrize(
    ("key", "header", "path"),
    [
        ("redeem", "Total", "amount"),
        ("redeem", "Discount", "amount"),
        ("redeem", "Price", "amount"),
        ("balance-adjustment", "Balance", "amount"),
        ("balance-adjustment", "Total", "amount"),
        ("orders", "Name", "orderId"),
        ("orders", "Price", "totalPaid"),
    ],
)
def test_that_words_with_two_meanings_are_offered_not_taken(key: str, header: str, path: str) -> None:
    assert path not in proposed(key, [header])
    assert [one.sure for one in matches(key, [header], path)] == [False]


def test_that_of_fields_that_exclude_each_other_none_is_taken_when_most_rows_fill_both() -> None:
    headers = ["Customer ID", "Amount", "Points"]
    both: Rows = [["C1", 10.0, 100.0]]
    either: Rows = [["C1", 10.0, None], ["C2", None, 100.0]]
    assert set(proposed("redeem", headers, both)) == {"customerId", "transactionId"}
    assert {"amount", "points"} <= set(proposed("redeem", headers, either))
    assert {"amount", "points"} <= set(proposed("redeem", headers, [*either, *both]))


def test_that_values_which_speak_against_a_header_make_it_doubtful() -> None:
    names: Rows = [["Mona Adel", "12"], ["Omar Said", "15"]]
    assert "customerId" not in proposed("cashback", ["Customer", "Amount"], names)
    emails: Rows = [["a@x.com"], ["b@x.com"]]
    assert "customerId" not in proposed("cashback", ["Client"], emails)
    assert proposed("cashback", ["customerId"], emails)["customerId"] == "customerId"
    words: Rows = [["high"], ["low"]]
    assert "amount" not in proposed("cashback", ["Spend"], words)
    assert proposed("cashback", ["Amount"], words)["amount"] == "Amount"
    clock: Rows = [[dt.time(9, 30)], [dt.time(10, 0)]]
    assert "transactionTime" not in proposed("cashback", ["Time"], clock)


def test_that_a_column_of_emails_is_offered_whatever_it_is_called() -> None:
    samples: Rows = [[f"m{n}@example.com"] for n in range(100)]
    found = matches("cashback", ["Contact"], "email", samples)
    assert [(one.header, one.sure) for one in found] == [("Contact", False)]


def test_that_a_column_of_dates_is_offered_for_a_required_time_and_not_taken() -> None:
    samples: Rows = [[dt.datetime.fromisoformat(f"2026-03-01T09:{minute:02d}"), f"R-{minute}"] for minute in range(50)]
    found = matches("cashback", ["Till", "Receipt"], "transactionTime", samples)
    assert ("Till", False) in [(one.header, one.sure) for one in found]
    assert "transactionTime" not in proposed("cashback", ["Till", "Receipt"], samples)


def test_that_a_header_that_looks_alike_is_offered() -> None:
    found = matches("cashback", ["Custmer ID"], "customerId")
    assert [(one.header, one.sure) for one in found] == [("Custmer ID", False)]


def test_that_a_bare_id_is_offered_for_what_it_may_be() -> None:
    assert [(one.path, one.sure) for one in suggest(batch_type("customers"), columns("ID"), [])] == [
        ("customerId", False)
    ]
    assert "transactionId" not in proposed("cashback", ["ID", "Amount"])


def test_that_missing_transaction_ids_are_generated_and_times_only_offered() -> None:
    mapping = propose(batch_type("cashback"), columns("Customer ID", "Amount"), [], NOW)
    assert mapping.sources["transactionId"] == Source(SourceKind.GENERATED, (), "cashback-202603")
    assert "transactionTime" not in mapping.sources
    [offer] = matches("cashback", ["Customer ID", "Amount"], "transactionTime")
    assert (offer.header, offer.sure) == ("", False)


def test_that_ids_are_not_generated_beside_a_column_that_may_hold_them() -> None:
    assert "transactionId" not in proposed("cashback", ["Receipt No", "Invoice No", "Amount"])


def test_that_free_keys_are_never_matched_by_themselves() -> None:
    assert proposed("customers", ["Customer ID", "Size", "Shoe colour", "custom"]) == {"customerId": "Customer ID"}


def test_that_an_order_sheets_price_does_not_silently_become_a_line_item() -> None:
    taken = proposed("orders", ["Order ID", "Customer ID", "Order date", "Total paid", "Price", "Name", "Title"])
    assert not any(path.startswith(("lineItems", "merchant")) for path in taken)


def test_that_an_attribute_never_takes_the_customers_own_email() -> None:
    taken = proposed("customers", ["Customer ID", "Email", "Mobile"])
    assert taken["email"] == "Email"
    assert "customerAttributes.email" not in taken


def test_that_words_are_compared_without_case_signs_and_letter_forms() -> None:
    assert simple(" E-Mail_Address ") == "e mail address"
    assert simple("أحمَد") == simple("احمد")
    assert simple("Café") == "cafe"
    assert name_key("customerId") == name_key("Customer IDs") == "customerid"
    assert name_key("Status") == "status"
    assert name_key("categories") == name_key("Category")
    assert simple("?") == "?"
