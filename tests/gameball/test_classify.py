"""The verdict table: facts in, verdict and reaction out."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.gameball.classify import classify, error_code, job_of
from gb_desktop.gameball.codes import SENTENCES
from gb_desktop.gameball.model import Facts, Reaction, Verdict

CERTAIN_STATUSES = (400, 401, 403, 404, 412, 413, 415, 422)
UNSURE_STATUSES = (100, 300, 301, 302, 303, 304, 307, 308, 402, 405, 406, 408, 409, 410, 425, 451, 500, 502, 503, 504)
ACCEPTED, NOT_SENT, REJECTED, UNSURE = Verdict.ACCEPTED, Verdict.NOT_SENT, Verdict.REJECTED, Verdict.UNSURE
BY_CLASS = {
    1: (NOT_SENT, Reaction.KEYS),
    3: (REJECTED, Reaction.NONE),
    6: (NOT_SENT, Reaction.ACCOUNT),
    8: (NOT_SENT, Reaction.ACCOUNT),
}


def bodies(code: int) -> list[dict[str, Any]]:
    """Both documented forms, with the code as a number and as text."""
    return [{"code": code, "type": "t", "message": "m"}, {"code": str(code)}, {"error": code, "message": "m"}]


@pytest.mark.parametrize("code", sorted(code for code in SENTENCES if code))
def test_that_a_code_proves_that_nothing_was_applied_only_in_five_classes(code: int) -> None:
    for status, body in product(CERTAIN_STATUSES, bodies(code)):
        answer = classify(Facts(sent=True, status=status, body=body))
        if code == 2001:
            expected = (NOT_SENT, Reaction.RETRY)
        elif code == 2000:
            expected = (NOT_SENT, Reaction.SETUP)
        else:
            expected = BY_CLASS.get(code // 1000, (UNSURE, Reaction.NONE))
        assert (answer.verdict, answer.reaction, answer.code) == (*expected, code)
        assert answer.message


@pytest.mark.parametrize("status", UNSURE_STATUSES)
@pytest.mark.parametrize("body", [None, {"code": 3003}, {"code": 1000}, {"jobId": 5}])
def test_that_other_statuses_are_unsure_whatever_their_body_says(status: int, body: Any) -> None:
    assert classify(Facts(sent=True, status=status, body=body)).verdict is UNSURE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_that_a_redirect_stops_the_run(status: int) -> None:
    answer = classify(Facts(sent=True, status=status, location="https://login.test/"))
    assert (answer.verdict, answer.reaction) == (UNSURE, Reaction.SETUP)
    assert "https://login.test/" in answer.message


@pytest.mark.parametrize(
    ("status", "verdict", "reaction"),
    [
        (400, UNSURE, Reaction.NONE),
        (401, NOT_SENT, Reaction.KEYS),
        (403, NOT_SENT, Reaction.KEYS),
        (404, UNSURE, Reaction.SETUP),
        (407, NOT_SENT, Reaction.SETUP),
        (412, UNSURE, Reaction.NONE),
        (413, UNSURE, Reaction.NONE),
        (415, UNSURE, Reaction.NONE),
        (422, UNSURE, Reaction.NONE),
        (429, NOT_SENT, Reaction.RETRY),
    ],
)
def test_that_without_a_gameball_code_few_statuses_are_certain(
    status: int, verdict: Verdict, reaction: Reaction
) -> None:
    no_codes: list[Any] = [None, [], "text", {}, {"code": 0}, {"code": True}, {"message": "m"}]
    for failure, body in product(["", "unreadable", "cut", "timeout"], no_codes):
        answer = classify(Facts(sent=True, status=status, body=body, failure=failure, detail="d"))
        assert (answer.verdict, answer.reaction) == (verdict, reaction)
        assert answer.message


@pytest.mark.parametrize("failure", ["timeout", "reset", "cut", "unreadable", "tls", "connect", "proxy", ""])
def test_that_a_byte_that_left_makes_every_failure_unsure(failure: str) -> None:
    answer = classify(Facts(sent=True, failure=failure, detail="d"))
    assert (answer.verdict, answer.reaction, answer.message) == (UNSURE, Reaction.NONE, "d")


@pytest.mark.parametrize(
    ("failure", "reaction"),
    [
        ("connect", Reaction.NETWORK),
        ("dns", Reaction.NETWORK),
        ("timeout", Reaction.NETWORK),
        ("reset", Reaction.NETWORK),
        ("tls", Reaction.SETUP),
        ("proxy", Reaction.SETUP),
        ("stopped", Reaction.NONE),
    ],
)
def test_that_no_byte_sent_is_certain(failure: str, reaction: Reaction) -> None:
    answer = classify(Facts(sent=False, failure=failure, detail="d"))
    assert (answer.verdict, answer.reaction, answer.message) == (NOT_SENT, reaction, "d")


@pytest.mark.parametrize(
    ("body", "job"),
    [
        ({"jobId": 123456}, "123456"),
        ({"jobId": "a-1"}, "a-1"),
        ({"JobID": 9}, "9"),
        ({"jobId": 10**30}, str(10**30)),
        ({"jobId": 0}, None),
        ({"jobId": -1}, None),
        ({"jobId": True}, None),
        ({"jobId": None}, None),
        ({"jobId": Decimal("1.5")}, None),
        ({"jobId": ""}, None),
        ({"jobId": "  "}, None),
        ({"jobId": ".."}, None),
        ({"jobId": "a\nb"}, None),
        ({"jobId": "x" * 201}, None),
        ({"jobId": [1]}, None),
        ({"jobId": 1, "JobId": 2}, None),
        ({"id": 1}, None),
        ([{"jobId": 1}], None),
        (None, None),
    ],
)
def test_that_only_a_job_that_can_be_asked_for_is_accepted(body: Any, job: str | None) -> None:
    answer = classify(Facts(sent=True, status=200, body=body))
    assert job_of(body) == answer.job == job
    assert answer.verdict is (ACCEPTED if job else UNSURE)


def test_that_a_cut_off_200_is_unsure_even_with_a_job() -> None:
    assert classify(Facts(sent=True, status=200, body={"jobId": 1}, failure="cut", detail="d")).verdict is UNSURE


def test_that_gameballs_own_words_are_kept_beside_ours() -> None:
    answer = classify(Facts(sent=True, status=422, body={"code": 3003, "message": "mobile of c7 is invalid"}))
    assert "mobile of c7 is invalid" in answer.message
    assert SENTENCES[3003] in answer.message


@pytest.mark.parametrize("body", [{"code": "10000"}, {"code": "99"}, {"code": "10a0"}, {"code": "١٠٠٠"}, {"code": 999}])
def test_that_a_code_has_four_digits(body: Any) -> None:
    assert error_code(body) is None


FACTS = st.builds(
    Facts,
    sent=st.booleans(),
    status=st.none() | st.integers(100, 599),
    body=st.none()
    | st.dictionaries(
        st.sampled_from(["code", "error", "message", "jobId"]),
        st.integers(-10, 10_000) | st.text(max_size=5) | st.booleans() | st.none(),
    ),
    failure=st.sampled_from(["", "connect", "dns", "tls", "proxy", "timeout", "reset", "cut", "unreadable", "stopped"]),
    detail=st.just("d"),
)


@settings(derandomize=True, deadline=None, max_examples=120)
@given(FACTS)
def test_that_only_the_named_cases_are_certain_and_unsure_never_asks_for_a_retry(facts: Facts) -> None:
    answer = classify(facts)
    code = error_code(facts.body)
    by_code = facts.status in CERTAIN_STATUSES and code is not None and code // 1000 in (1, 2, 3, 6, 8)
    by_status = facts.status in (407, 429) or (facts.status in (401, 403) and code is None)
    certain = (not facts.sent and facts.status is None) or by_code or by_status
    assert (answer.verdict in (NOT_SENT, REJECTED)) == certain
    if answer.verdict is UNSURE:
        assert answer.reaction not in (Reaction.RETRY, Reaction.NETWORK)
