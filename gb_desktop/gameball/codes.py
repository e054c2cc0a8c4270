"""Gameball's error codes: what each means for people and for the run. Source: the API page, "Errors"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from gb_desktop.text import tr


class ErrorClass(StrEnum):
    """The thousands digit of a code."""

    AUTH = "auth"
    REQUEST = "request"
    PAYLOAD = "payload"
    GENERAL = "general"
    SERVER = "server"
    CONFIGURATION = "configuration"
    CUSTOMER = "customer"
    SUBSCRIPTION = "subscription"
    TRANSACTION = "transaction"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """The causes the run reacts to one by one, known by code or, without a code, by phrase."""

    DUPLICATE_ID = "duplicate transaction id"  # 9004
    DUPLICATE_TIME = "timestamp exists"  # 9003
    IN_PROGRESS = "another request in progress"  # 2001
    INSUFFICIENT = "insufficient points"  # 9008
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ErrorMeaning:
    """What an error says. `retryable`: nothing was applied and the same item may go again later, by itself."""

    code: int | None
    error_class: ErrorClass
    cause: Cause
    sentence: str
    retryable: bool


_CLASSES = {
    1: ErrorClass.AUTH,
    2: ErrorClass.REQUEST,
    3: ErrorClass.PAYLOAD,
    4: ErrorClass.GENERAL,
    5: ErrorClass.SERVER,
    6: ErrorClass.CONFIGURATION,
    7: ErrorClass.CUSTOMER,
    8: ErrorClass.SUBSCRIPTION,
    9: ErrorClass.TRANSACTION,
}

_CAUSES = {
    2001: Cause.IN_PROGRESS,
    9003: Cause.DUPLICATE_TIME,
    9004: Cause.DUPLICATE_ID,
    9008: Cause.INSUFFICIENT,
}

# An "exists" that is denied must never read as a duplicate: that would call an unpaid row paid.
_DENIED = re.compile(
    r"\b(?:not|no|never|cannot|can't|doesn't|does\s?n.t|isn't|invalid|missing|required|unknown|un(?:able|successful))\b"
)
# For the same reason "already" alone is not enough (already reversed), nor the duplicate of something else.
_ID = r"(?:transaction|trx|order)(?:\s*_?\s*(?:id|identifier|reference))?"
_EXISTS = (
    r"(?:exists?|duplicate[ds]?|already\s+(?:exists?|(?:been\s+)?(?:used|processed|recorded|registered|submitted)))"
)
_GAP = r"(?:(?!customer|e-?mail|mobile|coupon|referral|hold|guest).){0,40}"
_TIME = r"(?:transaction\s*time|time\s*-?stamp)"
_PHRASES = (
    (Cause.DUPLICATE_TIME, re.compile(rf"\b{_TIME}\b{_GAP}\b{_EXISTS}\b|\bduplicate[ds]?\b.{{0,20}}\b{_TIME}\b")),
    (Cause.DUPLICATE_ID, re.compile(rf"\b{_ID}\b{_GAP}\b{_EXISTS}\b|\bduplicate[ds]?\s+{_ID}\b")),
    (
        Cause.IN_PROGRESS,
        re.compile(
            r"\b(?:another|other|concurrent|previous)\s+request\b.{0,60}\b(?:in\s*-?progress|process(?:ed|ing))"
        ),
    ),
)
_POINTS = r"(?:points?|balance|credits?|funds)"
_INSUFFICIENT = re.compile(
    rf"\b(?:insufficient|not\s+enough)\b.{{0,20}}\b{_POINTS}\b|\b{_POINTS}\b.{{0,20}}\b(?:insufficient|not\s+(?:enough|sufficient))\b"
)


def class_of(code: int | None) -> ErrorClass:
    """The class of a four-digit code; UNKNOWN without one."""
    return _CLASSES.get(code // 1000, ErrorClass.UNKNOWN) if code is not None else ErrorClass.UNKNOWN


def meaning(code: int | None, message: str = "") -> ErrorMeaning:
    """What an error says, from its code, or from its text when no code came.

    The sentence is ours for a documented code; Gameball's own text otherwise.
    """
    cause = _CAUSES.get(code, Cause.OTHER) if code is not None else cause_of_text(message)
    sentence = _sentence(code) or message or tr("Gameball refused this without saying why.")
    return ErrorMeaning(code, class_of(code), cause, sentence, retryable=cause is Cause.IN_PROGRESS)


def cause_of_text(message: str) -> Cause:
    """The cause a text without a code names; OTHER unless it is unmistakable."""
    text = " ".join(re.sub(r"([a-z])([A-Z])", r"\1 \2", message).lower().replace("’", "'").split())
    if _INSUFFICIENT.search(text):
        return Cause.INSUFFICIENT
    if _DENIED.search(text):
        return Cause.OTHER
    return next((cause for cause, phrase in _PHRASES if phrase.search(text)), Cause.OTHER)


def _sentence(code: int | None) -> str:
    """Our sentence for a documented code, in the user's language; an empty string for any other."""
    return tr(SENTENCES[code]) if code in SENTENCES else ""


SENTENCES: dict[int | None, str] = {
    1000: "Gameball does not accept these keys. Check the API key and the secret key.",
    1001: "Gameball asks for the secret key. Enter it in the account's settings.",
    1002: "These keys are not allowed to do this. Ask Gameball for keys with the right permission.",
    2000: "Gameball says that a condition for this request is not met.",
    2001: "Gameball is still working on another request for this customer.",
    3000: "A field that Gameball needs is missing.",
    3001: "A field that Gameball needs is empty.",
    3003: "A value is not one that Gameball takes.",
    3008: "This e-mail address already belongs to another customer.",
    3009: "This is not active at Gameball.",
    3011: "This is over a limit of the Gameball account.",
    3013: "Gameball does not support this.",
    3016: "Gameball could not read the request.",
    4000: "Gameball could not do this and gave no closer reason.",
    4004: "Gameball did not find this.",
    4500: "Something went wrong at Gameball during the transaction.",
    5000: "Gameball had an internal error.",
    5003: "Gameball is not available at the moment.",
    6000: "Gameball is switched off for this account.",
    6001: "Cashback is switched off for this account.",
    6002: "A setting of this Gameball account does not allow this.",
    6003: "A setting of this Gameball account does not allow this.",
    7000: "Gameball does not know this customer. Send the customer first.",
    7001: "A customer with this ID exists already.",
    7002: "This customer was referred already.",
    7003: "Gameball does not know this referral code.",
    7004: "A guest with this identifier exists already.",
    7005: "This customer was referred already.",
    7006: "This referral is not valid.",
    8000: "The plan of this Gameball account does not include this feature.",
    9000: "This transaction can't be reversed.",
    9001: "This transaction can't be reversed.",
    9002: "This transaction can't be reversed.",
    9003: "A transaction with this time exists already.",
    9004: "A transaction with this ID exists already.",
    9005: "This transaction can't be reversed.",
    9006: "Gameball does not know this hold reference.",
    9007: "The time of this transaction is not one that Gameball takes.",
    9008: "The customer has too few points for this.",
}
"""One sentence for people per documented code. Looked up for translation where they are shown, by `meaning`."""
