"""Gameball's errors: codes, their HTTP statuses and texts, and the bodies that carry them.

Source: the batch API's page, "Errors".
"""

from __future__ import annotations

from typing import Any

_TYPES = {
    1: "authentication_error",
    2: "request_error",
    3: "payload_error",
    4: "general_error",
    5: "server_error",
    6: "configuration_error",
    7: "customer_error",
    8: "subscription_error",
    9: "transaction_error",
}

# code: (HTTP status of a whole request refused with it, text)
_CODES: dict[int, tuple[int, str]] = {
    1000: (401, "Unauthorized: the API key or the secret key is not valid."),
    1001: (401, "The secret key is required."),
    1002: (403, "Forbidden."),
    2000: (412, "Precondition failed."),
    2001: (422, "Another request for the same customer is in progress."),
    3000: (422, "A required field is missing."),
    3001: (422, "A field must not be null."),
    3003: (422, "A field has an invalid value."),
    3008: (422, "The email already exists."),
    3009: (422, "The customer is inactive."),
    3011: (422, "A limit is exceeded."),
    3013: (415, "The content type is not supported."),
    3016: (422, "The payload is invalid."),
    4000: (400, "The request failed."),
    4004: (404, "Not found."),
    4500: (400, "Something went wrong: unexpected failure during transaction."),
    5000: (500, "Internal server error."),
    5003: (503, "The service is unavailable."),
    6000: (400, "Gameball is disabled for this account."),
    6001: (400, "Cashback is disabled for this account."),
    6002: (400, "Redemption is disabled for this account."),
    6003: (400, "This configuration is disabled for this account."),
    7000: (404, "Customer not found."),
    7001: (422, "The customer already exists."),
    7002: (422, "The customer is already referred."),
    7003: (422, "The referral code is not found."),
    7004: (422, "The guest identifier exists."),
    7005: (422, "The customer is already referred."),
    7006: (422, "The referral is invalid."),
    8000: (403, "This feature is not available in your subscription."),
    9000: (422, "The transaction can't be reversed."),
    9001: (422, "The transaction is already reversed."),
    9002: (422, "The transaction to reverse is not found."),
    9003: (422, "A transaction with the same timestamp already exists."),
    9004: (422, "A transaction with the same transaction ID already exists."),
    9005: (422, "The reversal is not allowed."),
    9006: (422, "The hold reference is not found."),
    9007: (422, "The transaction time is not valid: it is in the future."),
    9008: (422, "The customer has insufficient points."),
}

CODES = frozenset(_CODES)


def text_of(code: int) -> str:
    """The text that goes with a code; KeyError for a code that isn't documented."""
    return _CODES[code][1]


class Refusal(Exception):  # noqa: N818 - it is the word of the page, and not a fault of ours
    """A whole request is refused: nothing of it is applied."""

    def __init__(self, code: int, message: str = "", status: int | None = None) -> None:
        super().__init__(message or text_of(code))
        self.code = code
        self.status = status or _CODES[code][0]

    def body(self, request_id: str) -> dict[str, Any]:
        """The error body: code, type, message, documentationUrl, requestId."""
        return {
            "code": self.code,
            "type": _TYPES[self.code // 1000],
            "message": str(self),
            "documentationUrl": f"https://developer.gameball.co/errors#{self.code}",
            "requestId": request_id,
        }


class ItemFailed(Exception):  # noqa: N818 - an outcome of the simulation, and not a fault of ours
    """One item is not applied; the others of its job are. `code` is None where Gameball documents none."""

    def __init__(self, code: int | None, message: str = "") -> None:
        super().__init__(message or (text_of(code) if code else ""))
        self.code = code
