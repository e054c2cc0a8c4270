"""JSON read strictly and written back digit for digit: no doubled keys, no NaN, no number through a float."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal, DecimalException
from json.encoder import encode_basestring
from typing import Any, NoReturn

_SPACE = r"[ \t\n\r]*"
_OPENING = re.compile(rf'{_SPACE}\{{{_SPACE}"body"{_SPACE}:{_SPACE}\[{_SPACE}')
_COMMA = re.compile(rf"{_SPACE},{_SPACE}")
_CLOSING = re.compile(rf"{_SPACE}\]{_SPACE}\}}{_SPACE}\Z")
_LINE_BREAKS = str.maketrans("\r\n", "  ")


class NotJsonError(ValueError):
    """The text is no JSON, or JSON that different readers understand differently. Its text says why."""


class OtherShapeError(ValueError):
    """JSON, but not `{"body": [...]}`. Its text says what is wrong."""


def _no_constant(word: str) -> NoReturn:
    raise NotJsonError(f"{word} is no JSON number.")


def _no_doubled_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise NotJsonError(f"The key {json.dumps(doubled)} comes twice in one object.")
    return found


_DECODER = json.JSONDecoder(
    parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_no_doubled_keys, strict=True
)


def read(text: str) -> Any:
    """The value of a whole JSON text; numbers with a point or an exponent are Decimal. NotJsonError when it is none."""
    value, end = _decode(text, len(text) - len(text.lstrip(" \t\n\r")))
    if text[end:].strip(" \t\n\r"):
        raise NotJsonError(f"There is something after the end of the JSON, at character {end + 1:,}.")
    return value


def cut(text: str) -> Iterator[tuple[Any, str]]:
    """Each item of `{"body": [...]}` as (value, its text as received, line breaks between tokens made spaces).

    Raises NotJsonError or OtherShapeError, possibly after the first items.
    """
    opening = _OPENING.match(text)
    if not opening:
        raise _complaint(text)
    at = opening.end()
    if _CLOSING.match(text, at):
        return
    while True:
        value, end = _decode(text, at)
        # A line break can only stand between tokens: inside a string JSON has it escaped.
        yield value, text[at:end].translate(_LINE_BREAKS)
        comma = _COMMA.match(text, end)
        if not comma:
            break
        at = comma.end()
    if not _CLOSING.match(text, end):
        raise _complaint(text)


def _decode(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except NotJsonError:
        raise
    except RecursionError:
        raise NotJsonError("The JSON is nested too deeply.") from None
    except DecimalException:
        raise NotJsonError("A number's exponent is out of range.") from None
    except ValueError as error:
        raise NotJsonError(f"The text is not JSON: {error}.") from None


def _complaint(text: str) -> ValueError:
    """Why `cut` can't read `text`, as the exception to raise."""
    try:
        value = read(text)
    except NotJsonError as error:
        return error
    if not isinstance(value, dict):
        return OtherShapeError('The request must be an object with the key "body".')
    strangers = [name for name in value if name != "body"]
    if strangers:
        return OtherShapeError(f"The key {json.dumps(strangers[0])} is not known.")
    if "body" not in value:
        return OtherShapeError('The key "body" is missing.')
    return OtherShapeError('"body" must be a list of items.')


def write(value: Any) -> str:
    """JSON text of plain values and Decimals; a Decimal keeps its digits."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ",".join(f"{write(key)}:{write(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(write, value)) + "]"
    return json.dumps(value)
