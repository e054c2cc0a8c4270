"""Cell values to and from the text that a run file stores, a row at a time; and Excel's addresses."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

import orjson

from gb_desktop.workbook.model import Mark, Marked, Plain, Value


def encode_row(values: Sequence[Value]) -> str:
    """A row as JSON: text, numbers, booleans and null as they are; anything else as an object.

    A number that is none (other programs write NaN or INF into their files) becomes Excel's error for it.
    """
    try:
        text = orjson.dumps(values, default=_special_soon, option=_PASS).decode()
    except (TypeError, ValueError):  # a lone surrogate, or a number beyond 64 bits
        return _encoded_by_hand(values)
    if "null" in text and text.count("null") != values.count(None) and any(map(_is_no_number, values)):
        return _encoded_by_hand(values)
    return text


def encode_rows(rows: Sequence[Sequence[Value]]) -> str | None:
    """Many rows as one array of what `encode_row` makes of each; None where each must be looked at."""
    try:
        text = orjson.dumps(rows, default=_special_soon, option=_PASS).decode()
    except (TypeError, ValueError):
        return None
    if "null" in text and text.count("null") != sum(row.count(None) for row in rows):
        return None
    return text


def decode_row(text: str) -> list[Value]:
    """The values that `encode_row` was given, but for numbers that are none."""
    return [column[0] for column in decode_columns(text.encode())]


def decode_columns(texts: bytes) -> list[Sequence[Value]]:
    """The values of many rows by column: the rows' texts in UTF-8, a comma between two of them."""
    joined = b"[%b]" % texts
    rows = _loaded(joined)
    columns: list[Sequence[Any]] = list(zip_longest(*rows))
    if b"{" not in joined:
        return columns
    return [_restored_column(column) if dict in map(type, column) else column for column in columns]


def stored_rows(texts: Iterable[str]) -> list[list[Any]]:
    """The rows' cells as they are stored, to be changed and written without knowing what the others hold."""
    return _loaded(b"[%b]" % ",".join(texts).encode())


def stored(value: Value) -> Any:
    """A value as a cell of `stored_rows`."""
    if type(value) is str:
        return value
    return _loaded(encode_row([value]).encode())[0]


def value_of(cell: Any) -> Value:
    """The value of a cell of `stored_rows`."""
    found: Value = _restored(cell) if type(cell) is dict else cell
    return found


def stored_text(cells: Sequence[Any]) -> str:
    """A row of `stored_rows` as text again."""
    try:
        return orjson.dumps(cells).decode()
    except (TypeError, ValueError):
        return json.dumps(cells)


def _loaded(text: bytes) -> list[Any]:
    try:
        found: list[Any] = orjson.loads(text)
    except ValueError:
        found = json.loads(text)
    return found


def _restored_column(values: Sequence[Any]) -> list[Value]:
    return [_restored(value) if type(value) is dict else value for value in values]


_moment = dt.datetime.fromisoformat
_PASS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


_NO_NUMBER = Marked(Mark.ERROR, None, "#NUM!")
_LARGEST = sys.float_info.max  # what is read later counts on it, of whole numbers too


def _is_no_number(value: Value) -> bool:
    return isinstance(value, float | int) and not -_LARGEST <= value <= _LARGEST


def _encoded_by_hand(values: Sequence[Value]) -> str:
    return json.dumps([_by_hand(_NO_NUMBER if _is_no_number(value) else value) for value in values])


def _by_hand(value: Value) -> object:
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return {"i": str(value)}  # orjson would read a float
    return value if isinstance(value, str | int | float | None) else _special(value)


def _special_soon(value: object) -> object:
    """`_special` for orjson, which writes times without a zone, by far the commonest, in half of Python's time."""
    if type(value) is dt.datetime and value.tzinfo is None:
        return orjson.Fragment(b'{"t":%b}' % orjson.dumps(value))
    return _special(value)


def _special(value: object) -> dict[str, object]:
    if isinstance(value, Marked):
        mark = _NO_NUMBER if _is_no_number(value.value) else value
        return {"m": mark.mark.value, "v": _by_hand(mark.value), "x": mark.text}
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, dt.time):
        return {"c": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"u": [value.days, value.seconds, value.microseconds]}
    raise TypeError(type(value).__name__)


def _restored(value: dict[str, Any]) -> Value:
    if moment := value.get("t"):
        return _moment(moment)
    if "m" in value:
        inner = value["v"]
        return Marked(Mark(value["m"]), _plain(inner) if isinstance(inner, dict) else inner, value["x"])
    return _plain(value)


def _plain(value: dict[str, Any]) -> Plain:
    if "t" in value:
        return _moment(value["t"])
    if "d" in value:
        return dt.date.fromisoformat(value["d"])
    if "c" in value:
        return dt.time.fromisoformat(value["c"])
    if "i" in value:
        return int(value["i"])
    if "u" in value:
        return dt.timedelta(*value["u"])
    return dt.timedelta(seconds=value["s"])  # of earlier versions of the app


def column_letter(index: int) -> str:
    """Excel's name of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(sheet: str, index: int, row: int) -> str:
    """A cell as Excel names it, such as `Cashback!F1042` (or `'My sheet'!F1042`)."""
    name = sheet if sheet.replace("_", "").isalnum() else "'" + sheet.replace("'", "''") + "'"
    return f"{name}!{column_letter(index)}{row}"
