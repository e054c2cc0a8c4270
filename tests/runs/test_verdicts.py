"""From judged jobs to outcomes, by re-send class: the table that decides about money."""

from __future__ import annotations

import pytest

from gb_desktop.catalog import batch_type
from gb_desktop.gameball.judge import Evidence, ItemResult, Result
from gb_desktop.gameball.model import Entry
from gb_desktop.runs.journal import Chunk, Item, Settled
from gb_desktop.runs.model import ChunkState, Outcome
from gb_desktop.runs.verdicts import (
    MOST_FOLLOW_UPS,
    Decision,
    cut_at,
    decide,
    named_place,
    refused_outcome,
    waiting,
)

HARMLESS, KEYED, ONCE = "customers", "cashback", "events"


def chunk_of(repeated: bool = False, generation: int = 0) -> Chunk:
    return Chunk(1, ChunkState.ACCEPTED, "main", 0, generation, repeated, 1, 1, 1, "7", 0, 0)


def item_of(number: int, previous: int | None = None) -> Item:
    return Item(number, "C", f"T-{number}", None, "10", 1, previous)


def failed(code: int | None, message: str = "No") -> ItemResult:
    return ItemResult(2, Result.FAILED, Evidence.LISTED, Entry(False, "C", None, code, message))


UNKNOWN = ItemResult(2, Result.UNKNOWN)
SUCCEEDED = ItemResult(2, Result.SUCCEEDED, Evidence.LISTED, Entry(True, "C"))
FRESH, REPEAT, LAST = {}, {"repeated": True}, {"generation": MOST_FOLLOW_UPS}

# (type, the chunk, the item's result) -> what becomes of it: an outcome, or "again" (certainly not applied) or "heal"
TABLE = [
    (HARMLESS, FRESH, SUCCEEDED, "succeeded"),
    (KEYED, REPEAT, SUCCEEDED, "succeeded"),
    (ONCE, FRESH, SUCCEEDED, "succeeded"),
    (HARMLESS, FRESH, failed(7000), "failed"),
    (KEYED, FRESH, failed(7000), "failed"),
    (ONCE, FRESH, failed(9008), "failed"),
    (KEYED, FRESH, failed(9004), "failed"),  # somebody else's transaction: nothing of ours was lost
    (KEYED, REPEAT, failed(9004), "already applied"),
    (KEYED, REPEAT, failed(None, "Transaction ID already exists"), "already applied"),
    ("orders", REPEAT, failed(None, "Order already exists."), "already applied"),
    (KEYED, REPEAT, failed(9003), "unknown"),
    (KEYED, REPEAT, failed(9006), "unknown"),
    (KEYED, REPEAT, failed(9008), "unknown"),
    (KEYED, REPEAT, failed(7000), "unknown"),
    (KEYED, REPEAT, failed(None, "Something else"), "unknown"),
    (HARMLESS, REPEAT, failed(3008), "failed"),
    (ONCE, REPEAT, failed(7000), "unknown"),  # a person sent it again: the first try may have been applied
    (HARMLESS, FRESH, failed(2001), "again"),
    (KEYED, REPEAT, failed(2001), "again"),
    (ONCE, FRESH, failed(2001), "again"),
    (ONCE, LAST, failed(2001), "failed"),
    (KEYED, {**REPEAT, **LAST}, failed(2001), "unknown"),
    (HARMLESS, FRESH, UNKNOWN, "heal"),
    (KEYED, FRESH, UNKNOWN, "heal"),
    (ONCE, FRESH, UNKNOWN, "unknown"),
    (KEYED, LAST, UNKNOWN, "unknown"),
    (HARMLESS, LAST, UNKNOWN, "unknown"),
]


def fate(decision: Decision) -> str:
    if decision.busy:
        return "again"
    return "heal" if decision.heal else decision.settled[0].outcome.value


@pytest.mark.parametrize(("key", "chunk", "result", "expected"), TABLE)
def test_that_the_resend_class_decides_what_a_result_means(
    key: str, chunk: dict[str, int], result: ItemResult, expected: str
) -> None:
    decision = decide(batch_type(key), chunk_of(**chunk), [item_of(2)], [result])
    assert fate(decision) == expected


def test_that_every_item_gets_exactly_one_fate() -> None:
    results = [ItemResult(2, Result.SUCCEEDED), ItemResult(3, Result.UNKNOWN), failed(2001)]
    items = [item_of(2), item_of(3), item_of(2)]
    decision = decide(batch_type(KEYED), chunk_of(), items, results)
    assert len(decision.settled) + len(decision.busy) + len(decision.heal) == 3


def test_that_results_in_another_order_than_sent_are_a_fault_of_ours() -> None:
    with pytest.raises(AssertionError):
        decide(batch_type(KEYED), chunk_of(), [item_of(3)], [SUCCEEDED])


def test_that_a_repeat_refused_for_its_id_says_that_it_could_be_an_earlier_payment() -> None:
    settled = decide(batch_type(KEYED), chunk_of(repeated=True), [item_of(2)], [failed(9004)]).settled[0]
    assert settled.evidence == "repeat refused"
    assert "earlier payment" in settled.message


def test_that_gameballs_own_words_are_kept_beside_ours() -> None:
    settled = decide(batch_type(KEYED), chunk_of(), [item_of(2)], [failed(7000, "No such player")]).settled[0]
    assert "No such player" in settled.message
    assert "Send the customer first" in settled.message
    assert settled.code == 7000


@pytest.mark.parametrize(
    ("key", "repeated", "expected"),
    [
        (KEYED, False, Outcome.FAILED),
        (KEYED, True, Outcome.UNKNOWN),
        (ONCE, False, Outcome.FAILED),
        (ONCE, True, Outcome.UNKNOWN),
        (HARMLESS, True, Outcome.FAILED),
    ],
)
def test_that_a_refused_request_says_nothing_about_a_lost_earlier_try(
    key: str, repeated: bool, expected: Outcome
) -> None:
    assert refused_outcome(batch_type(key), chunk_of(repeated=repeated)) is expected


def test_that_a_row_of_a_repeat_is_never_called_not_sent() -> None:
    assert waiting(chunk_of(repeated=True), [2])[0].outcome is Outcome.UNKNOWN
    assert waiting(chunk_of(), [2])[0].outcome is Outcome.NOT_SENT


def test_that_rows_which_wait_for_each_other_go_again_in_one_chunk() -> None:
    first, second, third = item_of(2), item_of(3, previous=2), item_of(4, previous=3)
    chunks = Decision(busy=[second], heal=[first, third]).next_chunks(repeated=False)
    assert chunks == [("heal", [first, second, third], True)]


def test_that_busy_rows_which_nobody_waits_for_are_no_repeat() -> None:
    busy, lost = item_of(2), item_of(3)
    chunks = Decision(busy=[busy], heal=[lost]).next_chunks(repeated=False)
    assert chunks == [("follow-up", [busy], False), ("heal", [lost], True)]


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("body[3].amount is not a number.", 3),
        ("body[0] is wrong, see body[0].email", 0),
        ("body[1] and body[2] are wrong", None),
        ("body[12].amount is wrong", None),  # there is no such item
        ("A value is invalid", None),
        ("somebody[1]", None),
    ],
)
def test_that_a_refusal_names_an_item_only_when_it_names_exactly_one(message: str, place: int | None) -> None:
    assert named_place(message, 10) == place


def test_that_the_named_item_is_tried_alone() -> None:
    items = [item_of(number) for number in range(2, 7)]
    assert [[item.item for item in part] for part in cut_at(1, items)] == [[3], [2, 4, 5, 6]]


def test_that_a_chunk_with_several_rows_of_a_customer_is_always_halved_in_order() -> None:
    items = [item_of(2), item_of(3, previous=2), item_of(4, previous=3)]
    assert [[item.item for item in part] for part in cut_at(1, items)] == [[2], [3, 4]]


def test_that_unknown_rows_listed_before_a_stop_say_so() -> None:
    lost = Settled(2, Outcome.UNKNOWN, "?")
    decision = Decision(settled=[lost, Settled(3, Outcome.UNKNOWN, "?"), Settled(4, Outcome.FAILED, "!")])
    decision.mark_seen([2, 4])
    assert "before the job was stopped" in decision.settled[0].message
    assert [one.message for one in decision.settled[1:]] == ["?", "!"]
