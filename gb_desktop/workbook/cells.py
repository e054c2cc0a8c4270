"""Cell values to and from the text that a run file stores, a row at a time; and Excel's addresses."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
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
    return decode_rows([text])[0]


def decode_rows(texts: Sequence[str]) -> list[list[Value]]:
    """The values of many rows, decoded at once."""
    joined = f"[{','.join(texts)}]"
    try:
        found: list[list[Any]] = orjson.loads(joined)
    except ValueError:
        found = json.loads(joined)
    if "{" in joined:
        for index in range(max(map(len, found))):
            _restore(found, index)
    return found


def _restore(rows: list[list[Any]], index: int) -> None:
    """Make the values of one column what they were."""
    for row in rows:
        value = row[index] if index < len(row) else None
        if type(value) is dict:
            moment = value.get("t")
            row[index] = _restored(value) if moment is None else _moment(moment)


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
    if "m" in value:
        inner = value["v"]
        return Marked(Mark(value["m"]), _plain(inner) if isinstance(inner, dict) else inner, value["x"])
    return _plain(value)


def _plain(value: dict[str, Any]) -> Plain:
    if "t" in value:
        return dt.datetime.fromisoformat(value["t"])
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
