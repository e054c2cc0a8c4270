"""Time zones: from a local date-time to the UTC text that goes out, with gaps and repeats at clock changes told."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

_HOUR = dt.timedelta(hours=1)
_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC).replace(tzinfo=None)


class ComputerZone(dt.tzinfo):
    """The computer's own zone, by the system's rules."""

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta:
        if moment is None:
            return dt.timedelta(0)
        try:
            return moment.replace(tzinfo=None).astimezone().utcoffset() or dt.timedelta(0)
        except (OSError, OverflowError):  # before 1970 on some systems
            return _EPOCH.replace(year=1971).astimezone().utcoffset() or dt.timedelta(0)

    def dst(self, moment: dt.datetime | None) -> dt.timedelta | None:  # noqa: ARG002
        return None

    def tzname(self, moment: dt.datetime | None) -> str:  # noqa: ARG002
        return "local"


def known_zone(name: str) -> bool:
    """True when `name` is "" (the computer's) or an IANA zone such as Africa/Cairo."""
    try:
        zone(name)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=32)
def zone(name: str) -> dt.tzinfo:
    """The zone called `name`; "" is the computer's. ValueError when there is none."""
    if not name:
        return ComputerZone()
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError; a folder is an OSError
        raise ValueError(name) from error


def wire_time(moment: dt.datetime) -> str:
    """A naive UTC date-time, whole milliseconds, as `2026-03-01T09:30:00.000Z`."""
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def wire_of_ms(milliseconds: int) -> str:
    """Milliseconds since 1970 as the wire's date-time."""
    return wire_time(_EPOCH + dt.timedelta(milliseconds=milliseconds))


class Clock:
    """Turns local date-times of one zone into UTC. Offsets of days without a clock change are remembered."""

    def __init__(self, name: str) -> None:
        self._zone = zone(name)
        self.steady: dict[int, dt.timedelta | None] = {}

    def to_utc(self, local: dt.datetime) -> tuple[dt.datetime, str]:
        """UTC (naive, rounded to the millisecond) and "", "time-missing" or "time-twice"."""
        local = to_millisecond(local)
        day = local.toordinal()
        if day not in self.steady:
            self.steady[day] = self._steady(local)
        offset = self.steady[day]
        return (local - offset, "") if offset is not None else self._careful(local)

    def _steady(self, local: dt.datetime) -> dt.timedelta | None:
        """The day's only offset, or None when it has several."""
        if len(self.steady) > 50_000:
            self.steady.clear()
        midnight = dt.datetime.combine(local, dt.time())
        try:
            offsets = {self._offset(midnight + _HOUR * hour, fold) for hour in range(25) for fold in (0, 1)}
        except OverflowError:
            return None
        return offsets.pop() if len(offsets) == 1 else None

    def _offset(self, local: dt.datetime, fold: int) -> dt.timedelta:
        return local.replace(tzinfo=self._zone, fold=fold).utcoffset() or dt.timedelta(0)

    def _careful(self, local: dt.datetime) -> tuple[dt.datetime, str]:
        before, after = self._offset(local, 0), self._offset(local, 1)
        utc = local - before
        if before == after:
            return utc, ""
        return utc, "time-missing" if after > before else "time-twice"


def to_millisecond(moment: dt.datetime) -> dt.datetime:
    """Rounded to the nearest millisecond: Excel's times carry dust (09:29:59.999999 is shown as 09:30:00)."""
    micro = moment.microsecond
    if not micro % 1000:
        return moment
    return moment.replace(microsecond=0) + dt.timedelta(milliseconds=(micro + 500) // 1000)
