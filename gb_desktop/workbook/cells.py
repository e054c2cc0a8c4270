"""Cell values to and from the text that a run file stores, a row at a time; and Excel's addresses."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import orjson

from gb_desktop.workbook.model import Mark, Marked, Plain, Value


def encode_row(values: Sequence[Value]) -> str:
    """A row as JSON: text, numbers, booleans and null as they are; anything else as a one-key object."""
    try:
        return orjson.dumps(values, default=_special, option=_PASS).decode()
    except (TypeError, ValueError):  # a lone surrogate, or a number beyond 64 bits
        return json.dumps([_by_hand(value) for value in values])


def decode_row(text: str) -> list[Value]:
    """The values that `encode_row` was given."""
    return [column[0] for column in decode_columns(text.encode())]


def decode_columns(texts: bytes) -> list[Sequence[Value]]:
    """The values of many rows by column: the rows' texts in UTF-8, a comma between two of them."""
    joined = b"[%b]" % texts
    try:
        rows: list[list[Any]] = orjson.loads(joined)
    except ValueError:
        rows = json.loads(joined)
    columns: list[Sequence[Any]] = list(zip_longest(*rows))
    if b"{" not in joined:
        return columns
    return [_restored_column(column) if dict in map(type, column) else column for column in columns]


def _restored_column(values: Sequence[Any]) -> list[Value]:
    return [_restored(value) if type(value) is dict else value for value in values]


_moment = dt.datetime.fromisoformat
_PASS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


def _by_hand(value: Value) -> object:
    return value if isinstance(value, str | int | float | None) else _special(value)


def _special(value: object) -> dict[str, object]:
    if type(value) is dt.datetime:  # by far the commonest
        return {"t": value.isoformat()}
    if isinstance(value, Marked):
        return {"m": value.mark.value, "v": _by_hand(value.value), "x": value.text}
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, dt.time):
        return {"c": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"s": value.total_seconds()}
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
    return dt.timedelta(seconds=value["s"])


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
