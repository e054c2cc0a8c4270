"""What making a saved mapping's changes again would do, or has done, as window and command line see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReplayLine:
    """A change of an earlier sheet, with what it would do to this one."""

    sentence: str  # "Pad to 8 digits: Customer ID"
    count: int  # cells, or rows left out
    before: int  # what it did the last time
    leaves_out: bool = False


@dataclass(frozen=True, slots=True)
class ReplayOffer:
    """The changes saved with a mapping that were neither made nor declined on this sheet."""

    name: str  # the mapping's
    lines: tuple[ReplayLine, ...] = ()

    @property
    def cells(self) -> int:
        return sum(line.count for line in self.lines if not line.leaves_out)

    @property
    def rows(self) -> int:
        return sum(line.count for line in self.lines if line.leaves_out)
