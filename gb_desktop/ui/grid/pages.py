"""Rows on demand: pages of a fixed size, the most recent kept. Knows nothing of Qt."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Line = TypeVar("Line")

PAGE = 200
KEPT = 24  # pages: 4,800 rows, far more than any screen shows


class Pages(Generic[Line]):
    """`count` lines read through `fetch(first, count)`. A line that the source no longer has is None."""

    def __init__(
        self, fetch: Callable[[int, int], Sequence[Line]], count: int = 0, size: int = PAGE, kept: int = KEPT
    ) -> None:
        """size: lines a page; kept: pages held at most."""
        self._fetch = fetch
        self._size = size
        self._kept = kept
        self._pages: OrderedDict[int, Sequence[Line]] = OrderedDict()
        self.count = count

    def line(self, position: int) -> Line | None:
        """The line at a position from 0."""
        if not 0 <= position < self.count:
            return None
        page = self._page(position // self._size)
        offset = position % self._size
        return page[offset] if offset < len(page) else None

    def forget(self, position: int | None = None) -> None:
        """Read a position's page (or every page) anew when it is next asked for."""
        if position is None:
            self._pages.clear()
        else:
            self._pages.pop(position // self._size, None)

    def _page(self, number: int) -> Sequence[Line]:
        found = self._pages.get(number)
        if found is None:
            found = self._fetch(number * self._size, min(self._size, self.count - number * self._size))
            self._pages[number] = found
            if len(self._pages) > self._kept:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return found
