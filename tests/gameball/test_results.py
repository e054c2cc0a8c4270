"""Job answers of both dialects, in every spelling they may come in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.gameball.model import Dialect, Entry, JobState, JobStatus
from gb_desktop.gameball.results import read_status


def read(body: Any, dialect: Dialect = Dialect.A) -> JobStatus:
    status = read_status(body, dialect)
    assert status is not None
    return status


def a(successful: Any = None, failed: Any = None, **more: Any) -> JobStatus:
    return read({"status": "completed", "response": {"successful": successful, "failed": failed}} | more)


def b(results: Any = None, errors: Any = None, **more: Any) -> JobStatus:
    return read({"status": "completed", "results": results, "errors": errors} | more, Dialect.B)


def names(entries: tuple[Entry, ...] | None) -> list[str | None] | None:
    return None if entries is None else [entry.ident or entry.customer for entry in entries]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        *((word, JobState.FINISHED) for word in ("completed", "finished", "failed", "stopped", "cancelled")),
        *((word, JobState.FINISHED) for word in ("canceled", "COMPLETED", " Stopped ")),
        *((word, JobState.UNFINISHED) for word in ("queued", "pending", "running", "processing", "inProgress")),
        *(
            (word, JobState.UNFINISHED)
            for word in ("in progress", "In_Progress", "partially_completed", "archived", "؟")
        ),
    ],
)
def test_that_an_unknown_word_is_unfinished_and_shown_as_it_is(word: str, state: JobState) -> None:
    status = read({"status": word})
    assert (status.state, status.word) == (state, word.strip())


def test_that_the_tutorials_answer_is_read_whole() -> None:
    status = read(
        {
            "operation": "cashback",
            "status": "Completed",
            "totalCount": 2,
            "finishedCount": 1,
            "errorCount": 1,
            "createdAt": None,
            "response": {
                "successful": [{"customerId": "c1", "amount": Decimal("12.50"), "GameballTransactionId": 5}],
                "failed": [{"customerId": 7, "error": "Insufficient points", "code": "9008"}],
            },
        }
    )
    assert (status.total, status.succeeded, status.failed) == (2, 1, 1)
    assert status.successes == (
        Entry(
            ok=True,
            customer="c1",
            returned={"customerId": "c1", "amount": Decimal("12.50"), "GameballTransactionId": 5},
        ),
    )
    assert status.failures is not None
    assert (status.failures[0].customer, status.failures[0].code) == ("7", 9008)
    assert status.failures[0].message == "Insufficient points"


def test_that_dialect_b_counts_failures_among_the_processed() -> None:
    assert b(totalItems=10, processedItems="7", failedItems=3).succeeded == 4
    assert b(totalItems=10, processedItems=7).succeeded is None
    assert b(totalItems=10, processedItems=2, failedItems=3).succeeded is None


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (5, 5),
        ("5", 5),
        (" 5 ", 5),
        (Decimal("5.0"), 5),
        (Decimal("5.5"), None),
        (-1, None),
        (True, None),
        ("five", None),
        ("٥", None),
        (None, None),
        ([], None),
        (Decimal("1e99"), None),
        (10**30, None),
    ],
)
def test_that_a_count_is_a_whole_number_or_unknown(value: Any, count: int | None) -> None:
    assert read({"status": "running", "TotalCount": value}).total == count


@pytest.mark.parametrize("response", [None, {}, "text", 5, {"successful": None}, {"successful": {}, "failed": "x"}])
def test_that_absent_lists_are_not_empty_lists(response: Any) -> None:
    status = read({"status": "completed", "response": response})
    assert (status.successes, status.failures) == (None, None)


def test_that_empty_lists_are_lists() -> None:
    assert (a([], []).successes, a([], []).failures) == ((), ())
    assert (b([], []).successes, b([], []).failures) == ((), ())
    assert (a([]).successes, a([]).failures) == ((), None)


def test_that_key_names_are_read_without_regard_to_case() -> None:
    status = read({"STATUS": "stopped", "Response": {"Successful": [{"CUSTOMERID": 1}], "FAILED": [{"Error": "e"}]}})
    assert status.state is JobState.FINISHED
    assert names(status.successes) == ["1"]
    assert status.failures is not None
    assert status.failures[0].message == "e"


@pytest.mark.parametrize(
    ("entry", "customer", "ident", "code", "message"),
    [
        ({"customerId": "c", "message": "m"}, "c", None, None, "m"),
        ({"customerId": 12, "transactionId": 34}, "12", "34", None, ""),
        ({"orderId": "O-1", "transactions": [], "count": 0}, None, "O-1", None, ""),
        ({"playerUniqueId": "c"}, "c", None, None, ""),
        ({"customerId": None, "transactionId": ""}, None, None, None, ""),
        ({"customerId": "  "}, None, None, None, ""),
        ({"customerId": "c", "error": {"code": 9004, "message": "exists"}}, "c", None, 9004, "exists"),
        ({"customerId": "c", "error": 7000, "message": "m"}, "c", None, 7000, "m"),
        ({"customerId": "c", "errorCode": "9003", "errorMessage": "e"}, "c", None, 9003, "e"),
        ({"customerId": "c", "code": 200}, "c", None, None, ""),
        ({"customerId": True}, None, None, None, ""),
        ("c", "c", None, None, ""),
        (5, "5", None, None, ""),
        (None, None, None, None, ""),
        ([1], None, None, None, ""),
    ],
)
def test_that_an_entry_is_read_whatever_its_form(
    entry: Any, customer: str | None, ident: str | None, code: int | None, message: str
) -> None:
    (found,) = a(failed=[entry]).failures or ()
    assert (found.customer, found.ident, found.code, found.message) == (customer, ident, code, message)
    assert found.returned == (entry if isinstance(entry, dict) else {"value": entry})


def test_that_a_success_that_speaks_of_an_error_proves_nothing() -> None:
    status = a([{"customerId": "c1", "error": "insufficient"}, {"customerId": "c2", "message": "Customer not found"}])
    assert names(status.successes) == ["c1", "c2"]
    assert names(status.failures) == ["c1"]


MESSAGE_ONLY = {"customerId": "m", "message": "Customer m was looked at"}
GOOD = {"customerId": "g", "message": "Processed successfully"}
RICH = {"customerId": "r", "pointsBalance": 5}
BAD = {"customerId": "e", "error": "not found"}
CODED = {"customerId": "k", "code": 7000, "message": "m"}


@pytest.mark.parametrize(
    ("results", "errors", "failed", "successes", "failures"),
    [
        ([GOOD, RICH], None, None, ["g", "r"], None),
        ([GOOD, RICH, BAD, CODED], None, None, ["g", "r"], ["e", "k"]),
        ([GOOD], [BAD], None, ["g"], ["e"]),
        ([GOOD, BAD], [BAD], None, ["g"], ["e"]),  # the error list repeats what the mixed list says
        ([GOOD, BAD, BAD], [BAD], None, ["g"], ["e", "e"]),
        ([MESSAGE_ONLY], [], None, ["m"], []),
        ([MESSAGE_ONLY], None, None, ["m"], ["m"]),
        ([MESSAGE_ONLY], None, 0, ["m"], None),
        ([MESSAGE_ONLY], [], 1, ["m"], ["m"]),  # one failure is counted, and no list holds it
        ([MESSAGE_ONLY, RICH], [BAD], 2, ["m", "r"], ["e", "m"]),
        ([MESSAGE_ONLY, BAD], None, 1, ["m"], ["e"]),
        ([{"customerId": "s", "success": False}], None, None, [], ["s"]),
        ([{"customerId": "s", "success": True, "message": "x"}], None, None, ["s"], None),
        ([{"customerId": "s", "status": "Failed"}], None, None, [], ["s"]),
        ([{"customerId": "s", "status": "success", "message": "x"}], None, None, ["s"], None),
        ([{"customerId": "s", "message": "Updated, but not saved"}], None, None, ["s"], ["s"]),
        ([{"customerId": "s", "error": None, "code": 0}], None, None, ["s"], None),
        (None, [BAD], None, None, ["e"]),
        ([], [], None, [], []),
    ],
)
def test_that_the_mixed_list_of_dialect_b_is_sorted_out_or_left_in_doubt(
    results: Any, errors: Any, failed: int | None, successes: list[str] | None, failures: list[str] | None
) -> None:
    status = b(results, errors, failedItems=failed)
    assert (names(status.successes), names(status.failures)) == (successes, failures)
    assert all(entry.ok for entry in status.successes or ())
    assert not any(entry.ok for entry in status.failures or ())


def test_that_a_bare_response_list_is_read_as_a_mixed_one() -> None:
    status = read({"status": "completed", "response": [RICH, BAD]})
    assert (names(status.successes), names(status.failures)) == (["r"], ["e"])


@pytest.mark.parametrize("body", [None, [], "completed", 5, {}, {"status": None}, {"status": ""}, {"status": 5}])
def test_that_a_body_without_a_status_word_is_no_status(body: Any) -> None:
    assert read_status(body, Dialect.A) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["status", "response", "results", "errors", "successful", "failed", "customerId", "error"])
            | st.sampled_from(["message", "code", "totalCount", "finishedCount", "processedItems", "failedItems"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(derandomize=True, deadline=None, max_examples=120)
@given(JSON, st.sampled_from(Dialect))
def test_that_no_answer_breaks_the_reader(body: Any, dialect: Dialect) -> None:
    status = read_status(body, dialect)
    if status is None:
        return
    assert status.state in (JobState.FINISHED, JobState.UNFINISHED)
    for count in (status.total, status.succeeded, status.failed):
        assert count is None or count >= 0
    assert all(entry.ok for entry in status.successes or ())
    assert not any(entry.ok for entry in status.failures or ())
