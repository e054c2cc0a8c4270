"""What errors mean, by code and by phrase."""

from __future__ import annotations

import pytest

from gb_desktop.gameball.codes import SENTENCES, Cause, ErrorClass, cause_of_text, class_of, meaning

DOCUMENTED = [
    *(1000, 1001, 1002, 2000, 2001, 3000, 3001, 3003, 3008, 3009, 3011, 3013, 3016, 4000, 4004, 4500, 5000, 5003),
    *(6000, 6001, 6002, 6003, 7000, 7001, 7002, 7003, 7004, 7005, 7006, 8000),
    *(9000, 9001, 9002, 9003, 9004, 9005, 9006, 9007, 9008),
]

PHRASES = [
    ("Transaction ID already exists", Cause.DUPLICATE_ID),
    ("transactionId already exists.", Cause.DUPLICATE_ID),
    ("Duplicate transaction id", Cause.DUPLICATE_ID),
    ("Duplicate transaction", Cause.DUPLICATE_ID),
    ("Transaction with the same id already exists", Cause.DUPLICATE_ID),
    ("A transaction with this ID exists already", Cause.DUPLICATE_ID),
    ("Transaction Id is duplicated", Cause.DUPLICATE_ID),
    ("Transaction ID 'T-77' already exists", Cause.DUPLICATE_ID),
    ("Order already exists", Cause.DUPLICATE_ID),
    ("Timestamp already exists", Cause.DUPLICATE_TIME),
    ("Transaction time already exists for this customer", Cause.DUPLICATE_TIME),
    ("transactionTime already exists", Cause.DUPLICATE_TIME),
    ("Duplicate timestamp", Cause.DUPLICATE_TIME),
    ("A transaction with the same timestamp already exists", Cause.DUPLICATE_TIME),
    ("Another request for the same customer is in progress", Cause.IN_PROGRESS),
    ("Another request is being processed for this customer", Cause.IN_PROGRESS),
    ("Insufficient points", Cause.INSUFFICIENT),
    ("Customer has insufficient balance", Cause.INSUFFICIENT),
    ("Customer does not have: not enough points", Cause.INSUFFICIENT),
    ("Points balance is not sufficient", Cause.INSUFFICIENT),
    ("Transaction ID does not exist", Cause.OTHER),
    ("The transaction doesn't exist", Cause.OTHER),
    ("The transaction doesn’t exist", Cause.OTHER),
    ("Transaction ID is missing or already exists", Cause.OTHER),
    ("No transaction with this ID exists", Cause.OTHER),
    ("Customer already exists", Cause.OTHER),
    ("Transaction has already been used", Cause.DUPLICATE_ID),
    ("Transaction already reversed", Cause.OTHER),
    ("Order already cancelled", Cause.OTHER),
    ("The order's customer email already exists", Cause.OTHER),
    ("Insufficient permissions", Cause.OTHER),
    ("Email already exists", Cause.OTHER),
    ("Invalid transaction id", Cause.OTHER),
    ("Request in progress", Cause.OTHER),
    ("Something went wrong", Cause.OTHER),
    ("", Cause.OTHER),
]


def test_that_every_documented_code_has_a_sentence_and_a_class() -> None:
    assert sorted(code for code in SENTENCES if code) == sorted(DOCUMENTED)
    for code in DOCUMENTED:
        found = meaning(code, "said")
        assert found.sentence == SENTENCES[code]
        assert found.sentence.endswith(".")
        assert found.error_class is not ErrorClass.UNKNOWN


@pytest.mark.parametrize(("text", "cause"), PHRASES)
def test_that_only_an_unmistakable_text_names_its_cause(text: str, cause: Cause) -> None:
    assert cause_of_text(text) is cause
    assert cause_of_text(text.upper()) is cause


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (2001, Cause.IN_PROGRESS),
        (9003, Cause.DUPLICATE_TIME),
        (9004, Cause.DUPLICATE_ID),
        (9008, Cause.INSUFFICIENT),
        (7000, Cause.OTHER),
    ],
)
def test_that_a_code_counts_more_than_the_text(code: int, cause: Cause) -> None:
    found = meaning(code, "Duplicate transaction id")
    assert found.cause is cause
    assert found.retryable is (code == 2001)


def test_that_an_error_nobody_documented_keeps_gameballs_words() -> None:
    assert meaning(9999, "strange").sentence == "strange"
    assert meaning(None, "strange").sentence == "strange"
    assert meaning(None).sentence
    assert class_of(None) is ErrorClass.UNKNOWN
    assert class_of(12) is ErrorClass.UNKNOWN
