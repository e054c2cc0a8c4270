"""What a finished job proves about each item, and what it doesn't."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.gameball.judge import Evidence, Judgement, Result, SentItem, _Matching, _one_each, judge
from gb_desktop.gameball.model import Entry, JobState, JobStatus

OK, BAD, UNKNOWN = Result.SUCCEEDED, Result.FAILED, Result.UNKNOWN


def sent(*items: tuple[str | None, str | None]) -> list[SentItem]:
    return [SentItem(number, customer, ident) for number, (customer, ident) in enumerate(items)]


def customers(*names: str) -> list[SentItem]:
    return sent(*((name, None) for name in names))


def good(*names: str) -> tuple[Entry, ...]:
    return tuple(Entry(ok=True, customer=name) for name in names)


def bad(*names: str) -> tuple[Entry, ...]:
    return tuple(Entry(ok=False, customer=name) for name in names)


def finished(
    successes: tuple[Entry, ...] | None = None,
    failures: tuple[Entry, ...] | None = None,
    word: str = "completed",
    **counts: int | None,
) -> JobStatus:
    return JobStatus(JobState.FINISHED, word=word, successes=successes, failures=failures, **counts)


def fates(items: Sequence[SentItem], status: JobStatus, plain: bool = False) -> list[Result]:
    return [item.result for item in judge(items, status, plain).items]


def evidence(judgement: Judgement) -> list[Evidence]:
    return [item.evidence for item in judgement.items]


def test_that_entries_are_matched_by_customer_in_any_order() -> None:
    found = judge(customers("a", "b", "c"), finished(good("c", "a"), bad("b")), plain=False)
    assert [item.result for item in found.items] == [OK, BAD, OK]
    assert evidence(found) == [Evidence.LISTED] * 3
    assert [item.entry.customer for item in found.items if item.entry] == ["a", "b", "c"]
    assert found.notes == ()


def test_that_an_echoed_ident_counts_more_than_the_customer() -> None:
    items = sent(("a", "t1"), ("a", "t2"), ("b", "t3"))
    merged = Entry(ok=True, customer="somebody", ident="t3")
    status = finished((Entry(ok=True, customer="a", ident="t2"), merged), (Entry(ok=False, customer="a", ident="t1"),))
    assert fates(items, status) == [BAD, OK, OK]


def test_that_an_ident_of_somebody_else_is_no_echo() -> None:
    status = finished((Entry(ok=True, customer="a", ident="gb-77"),), ())
    assert fates(sent(("a", "t1")), status) == [OK]


def test_that_a_failed_order_comes_back_in_the_customers_field() -> None:
    items = sent((None, "O-1"), (None, "O-2"), (None, "O-3"))
    status = finished((Entry(ok=True, ident="O-1"),), bad("O-3"))
    assert fates(items, status, plain=True) == [OK, UNKNOWN, BAD]
    assert fates(items, status, plain=False) == [OK, UNKNOWN, UNKNOWN]


def test_that_counts_prove_a_job_where_all_went_well() -> None:
    found = judge(customers("a", "b"), finished(succeeded=2, failed=0, total=2), plain=False)
    assert [item.result for item in found.items] == [OK, OK]
    assert evidence(found) == [Evidence.COUNTS] * 2


def test_that_as_many_successes_as_items_prove_a_merged_profile_too() -> None:
    found = judge(customers("a", "b"), finished(good("a", "merged"), ()), plain=False)
    assert [item.result for item in found.items] == [OK, OK]
    assert evidence(found) == [Evidence.LISTED, Evidence.COUNTS]


def test_that_as_many_failures_as_items_prove_that_all_failed() -> None:
    assert fates(customers("a", "b"), finished((), bad("a", "x"), word="failed")) == [BAD, BAD]
    assert fates(customers("a", "b"), finished(succeeded=0, failed=2, word="failed")) == [BAD, BAD]


@pytest.mark.parametrize(
    "status",
    [
        finished(succeeded=0, failed=0, total=0, word="stopped"),  # the vendor's one example of a stopped job
        finished(succeeded=0, failed=0, total=2, word="stopped"),
        finished(succeeded=2, failed=0, total=2, word="stopped"),
        finished(succeeded=2, failed=0, total=2, word="failed"),
        finished(succeeded=2, failed=1),
        finished(succeeded=2, total=3),
        finished(succeeded=1, failed=1, total=2),
        finished(succeeded=1, failed=2),
        finished(failed=2, total=3, word="failed"),
        finished((), (), succeeded=2, failed=0, total=2),  # an empty list is a list: it says nobody succeeded
        finished(good("x", "y"), None, failed=1),
        finished(None, None),
    ],
)
def test_that_numbers_that_do_not_add_up_prove_nothing(status: JobStatus) -> None:
    found = judge(customers("a", "b"), status, plain=False)
    assert [item.result for item in found.items] == [UNKNOWN, UNKNOWN]
    assert evidence(found) == [Evidence.NONE] * 2
    assert found.notes


def test_that_a_customer_in_both_lists_is_unknown() -> None:
    assert fates(customers("a", "b"), finished(good("a", "b"), bad("a"))) == [UNKNOWN, OK]


def test_that_rows_left_over_are_unknown() -> None:
    found = judge(customers("a", "b", "c"), finished(good("a"), bad("b")), plain=False)
    assert [item.result for item in found.items] == [OK, BAD, UNKNOWN]
    assert "1 of 3" in found.notes[0]


@pytest.mark.parametrize("word", ["failed", "stopped", "cancelled"])
def test_that_a_failed_or_stopped_job_still_proves_what_it_lists(word: str) -> None:
    assert fates(customers("a", "b", "c"), finished(good("a"), bad("b"), word=word)) == [OK, BAD, UNKNOWN]


@pytest.mark.parametrize(
    ("successes", "failures", "expected"),
    [
        (good("a", "a"), (), [OK, OK]),
        ((), bad("a", "a"), [BAD, BAD]),
        (good("a"), bad("a"), [UNKNOWN, UNKNOWN]),
        (good("a"), (), [UNKNOWN, UNKNOWN]),
        (good("a", "a", "a"), (), [UNKNOWN, UNKNOWN]),
    ],
)
def test_that_two_rows_of_one_customer_are_never_told_apart_by_guessing(
    successes: tuple[Entry, ...], failures: tuple[Entry, ...], expected: list[Result]
) -> None:
    # Two more items keep the counts from proving the whole job.
    assert fates(customers("a", "a", "y", "z"), finished(successes, failures)) == [*expected, UNKNOWN, UNKNOWN]


def test_that_the_rest_of_a_customers_rows_takes_the_rest_of_its_entries() -> None:
    items = sent(("a", "t1"), ("a", "t2"), ("z", "t9"))
    status = finished((Entry(ok=True, customer="a", ident="t1"),), bad("a"))
    assert fates(items, status) == [OK, BAD, UNKNOWN]


def test_that_a_contradicting_entry_without_ident_makes_a_matched_row_unknown() -> None:
    items = sent(("a", "t1"), ("z", "t9"))
    contradicted = finished((Entry(ok=True, customer="a", ident="t1"),), bad("a"))
    repeated = finished((Entry(ok=True, customer="a", ident="t1"), *good("a")), ())
    assert fates(items, contradicted)[0] is UNKNOWN
    assert fates(sent(("a", "t1"), ("z", "t9"), ("y", "t8")), repeated)[0] is OK


def test_that_ids_are_compared_as_text() -> None:
    assert fates(customers("007", "x"), finished(good("7"), ())) == [UNKNOWN, UNKNOWN]


def test_that_entries_of_nobody_are_noted() -> None:
    found = judge(customers("a"), finished(good("x"), bad("y")), plain=False)
    assert any("2 entries" in note for note in found.notes)


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.sampled_from([None, *"abcd"]), st.sampled_from([None, "t", "a"])), max_size=4),
    st.lists(st.builds(Entry, ok=st.booleans(), customer=st.sampled_from([None, *"abcde"])), max_size=4),
)
def test_that_the_short_way_of_the_usual_job_comes_to_the_same(
    pairs: list[tuple[str | None, str | None]], entries: list[Entry]
) -> None:
    items = sent(*pairs)
    shortly = _one_each(items, entries)
    slowly = _Matching(items, plain=False)
    slowly._match_in_groups(entries)
    if shortly is not None:
        assert shortly == slowly.results
        assert slowly.strangers == []


def test_that_the_short_way_is_taken_by_the_usual_job() -> None:
    found = _one_each(customers("a", "b", "c"), (*good("c", "a"), *bad("b")))
    assert found is not None
    assert [found[number].result for number in range(3)] == [OK, BAD, OK]


def test_that_an_unfinished_job_is_not_judged() -> None:
    for state in (JobState.UNFINISHED, JobState.MISSING, JobState.UNREACHED):
        with pytest.raises(ValueError, match="finished"):
            judge(customers("a"), JobStatus(state), plain=False)


# The property: whatever truth a job had, entries dropped, shuffled and without idents never make a wrong verdict.

NAMES = st.sampled_from(["a", "b", "c", "d"])


@settings(derandomize=True, deadline=None, max_examples=250)
@given(st.data())
def test_that_no_verdict_contradicts_what_really_happened(data: st.DataObject) -> None:
    truth = data.draw(st.lists(st.tuples(NAMES, st.booleans()), min_size=1, max_size=6))
    items = sent(*((name, f"t{number}") for number, (name, _) in enumerate(truth)))
    echoes = data.draw(st.booleans())
    entries = [
        Entry(ok=went_well, customer=name, ident=f"t{number}" if echoes else None)
        for number, (name, went_well) in enumerate(truth)
    ]
    kept = data.draw(st.permutations(entries).flatmap(lambda all_: st.integers(0, len(all_)).map(lambda n: all_[:n])))
    status = finished(
        tuple(entry for entry in kept if entry.ok),
        tuple(entry for entry in kept if not entry.ok),
        word=data.draw(st.sampled_from(["completed", "failed", "stopped"])),
        total=data.draw(st.sampled_from([None, len(truth)])),
    )
    for (_, went_well), found in zip(truth, judge(items, status, plain=False).items, strict=True):
        if found.result is not UNKNOWN:
            assert (found.result is OK) == went_well
