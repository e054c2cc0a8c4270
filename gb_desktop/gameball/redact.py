"""Keys never reach a log, a record or a screen: they are replaced wherever they appear, by value."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "•••"
SHORTEST = 6  # shorter values are no keys, and replacing them would spoil ordinary text


class Redactor:
    """Replaces known secrets, also in their URL and JSON spellings."""

    def __init__(self, secrets: Iterable[str]) -> None:
        kept = {secret for secret in secrets if len(secret) >= SHORTEST}
        spelt = {
            form for secret in kept for form in (secret, quote(secret, safe=""), quote_plus(secret), _json(secret))
        }
        # The longest first: a key that holds another one must not leave its end behind.
        self._forms = tuple(sorted(spelt, key=len, reverse=True))

    def __repr__(self) -> str:
        return f"Redactor({len(self._forms)} forms)"

    def text(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def touches(self, text: str) -> bool:
        """Whether JSON of this text may hold a secret; an escape could hide one."""
        return "\\" in text or any(form in text for form in self._forms)

    def value(self, value: Any) -> Any:
        """A parsed JSON value with every string in it redacted, keys of objects too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner) for inner in value]
        return value


class RedactingFilter(logging.Filter):
    """Redacts a record's message, arguments, traceback and extra fields before its handler sees them."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        # The exception itself would let another formatter print the secret again.
        record.exc_info = None
        record.msg, record.args = _message(record), None
        for name, value in list(vars(record).items()):
            if isinstance(value, str | dict | list):
                setattr(record, name, self._redactor.value(value))
        return True


def install(handler: logging.Handler, secrets: Iterable[str]) -> RedactingFilter:
    """Redact everything `handler` prints from now on. Returns the filter, for `handler.removeFilter`.

    It belongs on handlers: a filter on a logger misses the records of the loggers below it. urllib3 is limited to
    errors because its lower levels print whole addresses, customer IDs among them.
    """
    redacting = RedactingFilter(Redactor(secrets))
    handler.addFilter(redacting)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    return redacting


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError) as fault:  # a logging call whose arguments don't fit its text
        return f"{record.msg!r} with unusable arguments: {fault}"


def _json(secret: str) -> str:
    return secret.replace("\\", "\\\\").replace('"', '\\"').replace("/", "\\/")
