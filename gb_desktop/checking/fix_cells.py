"""What a bulk fix makes of cells: pure functions from the cells concerned to their new texts."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from gb_desktop.checking.fix_model import Fix, FixKind
from gb_desktop.checking.repairs import REPAIRS
from gb_desktop.mapping.cleaning import plain_number, without_broken
from gb_desktop.mapping.texts import shown_text
from gb_desktop.mapping.zones import wire_time
from gb_desktop.workbook.model import Marked, Value

_BREAKS = re.compile(r"\s*[\t\r\n\u2028\u2029]+\s*")
_MILLISECOND = dt.timedelta(milliseconds=1)

Reads = Callable[[str], bool]  # whether a text can be sent in the field that is mended


def apply_fix(
    fix: Fix, cells: Sequence[Value], sent: Sequence[str | None] = (), reads: Reads = bool
) -> list[str | None]:
    """The new text of each cell, None where it stays as it is.

    For fixes that work on sets of rows (the rows of one order; all that share a time) cells are those of one set in
    sheet order, and sent the texts that would go out for them. A repair is only made where `reads` takes its result.
    """
    if fix.kind is FixKind.SPACE_TIMES:
        return _spaced(sent)
    if fix.kind is FixKind.SUM:
        return _summed(cells, sent)
    if fix.kind is FixKind.FIRST:
        return _first(cells)
    repair = REPAIRS.get(fix.kind)
    if repair is not None:
        return [_readable(repair(plain(cell), fix.text), reads) for cell in cells]
    change = _CHANGES.get(fix.kind)
    if change is None:
        return [None] * len(cells)
    texts = map(cell_text, cells)
    return [None if (new := change(fix, text)) == text else new for text in texts]


def plain(cell: Value) -> Value:
    """A cell with its mark taken off."""
    return cell.value if isinstance(cell, Marked) else cell


def cell_text(cell: Value) -> str:
    """A cell as text, marks taken off."""
    return shown_text(plain(cell))


def _readable(candidates: Iterable[str], reads: Reads) -> str | None:
    """The only readable candidate; of several that differ none is the right one for sure."""
    found = {text for text in candidates if reads(text)}
    return found.pop() if len(found) == 1 else None


def _clean(_fix: Fix, text: str) -> str:
    return _BREAKS.sub(" ", without_broken(text)).strip()


def _pad(fix: Fix, text: str) -> str:
    return text.zfill(int(fix.text)) if text.isascii() and text.isdigit() else text


_CHANGES: dict[FixKind, Callable[[Fix, str], str]] = {
    FixKind.CLEAN: _clean,
    FixKind.PAD: _pad,
    FixKind.DROP_POINT_ZERO: lambda _fix, text: text.removesuffix(".0"),
    FixKind.CLEAR: lambda _fix, _text: "",
}


def _spaced(times: Sequence[str | None]) -> list[str | None]:
    """The first row of a time keeps it, each further one goes to the next free millisecond before it."""
    taken = {time for time in times if time is not None}
    steps: Counter[str] = Counter()
    made: list[str | None] = []
    met: set[str] = set()
    for time in times:
        made.append(_free(time, steps, taken) if time is not None and time in met else None)
        met.update([time] if time is not None else [])
    return made


def _free(time: str, steps: Counter[str], taken: set[str]) -> str:
    """The next time before `time` that no row has, taken from now on."""
    steps[time] += 1
    while (earlier := _earlier(time, steps[time])) in taken:
        steps[time] += 1
    taken.add(earlier)
    return earlier


def _earlier(time: str, step: int) -> str:
    return wire_time(dt.datetime.fromisoformat(time).replace(tzinfo=None) - step * _MILLISECOND)


def _summed(cells: Sequence[Value], numbers: Sequence[str | None]) -> list[str | None]:
    """The sum in every filled cell; nothing where a filled cell could not be read."""
    filled = [number is not None for number in numbers]
    unread = any(cell_text(cell) and not there for cell, there in zip(cells, filled, strict=True))
    if unread:
        return [None] * len(cells)
    total = plain_number(sum((Decimal(number) for number in numbers if number is not None), Decimal(0)))
    return [total if there else None for there in filled]


def _first(cells: Sequence[Value]) -> list[str | None]:
    first = next((text for cell in cells if (text := cell_text(cell))), "")
    return [first if (text := cell_text(cell)) and text != first else None for cell in cells]
