"""Dataclasses as JSON and back: what a draft and its worker process say to each other, and what a run file keeps.

JSON and not pickle: the worker reads files from outside, and what comes back from it must not be able to run anything.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from gb_desktop.workbook.cells import decode_row, encode_row
from gb_desktop.workbook.model import Row, RowFlag


def to_wire(value: object) -> Any:
    """A JSON-ready copy of dataclasses, enums, tuples, mappings, paths and plain values."""
    if isinstance(value, Row):
        return [value.number, encode_row(list(value.values)), value.flag.value]
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_wire(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_wire(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(to_wire(item) for item in value)
    if isinstance(value, list | tuple):
        return [to_wire(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    return value


def from_wire(hint: Any, data: Any) -> Any:
    """The value of type `hint` that `to_wire` made `data` of. TypeError or ValueError when it doesn't fit."""
    if hint is Row:
        return Row(data[0], decode_row(data[1]), RowFlag(data[2]))
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _from_union(get_args(hint), data)
    if origin in (tuple, list, frozenset, Sequence):
        return _from_items(origin, get_args(hint), data)
    if origin is not None and issubclass(origin, Mapping):
        key, item = get_args(hint)
        return {(int(k) if key is int else k): from_wire(item, v) for k, v in data.items()}
    if isinstance(hint, type):
        return _from_class(hint, data)
    return data


def _from_class(hint: type, data: Any) -> Any:
    if is_dataclass(hint):
        hints = _hints(hint)
        return hint(**{name: from_wire(hints[name], item) for name, item in data.items() if name in hints})
    if issubclass(hint, Enum) or hint is Path:
        return hint(data)
    if hint is float and isinstance(data, int):
        return float(data)
    return data


def _from_union(options: tuple[Any, ...], data: Any) -> Any:
    if data is None:
        return None
    real = [option for option in options if option is not type(None)]
    return from_wire(real[0], data) if len(real) == 1 else data


def _from_items(origin: Any, arguments: tuple[Any, ...], data: Any) -> Any:
    if origin is list:
        return [from_wire(arguments[0], item) for item in data]
    if origin is frozenset:
        return frozenset(from_wire(arguments[0], item) for item in data)
    if (len(arguments) == 2 and arguments[1] is Ellipsis) or origin is Sequence:
        return tuple(from_wire(arguments[0], item) for item in data)
    return tuple(from_wire(argument, item) for argument, item in zip(arguments, data, strict=True))


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)
