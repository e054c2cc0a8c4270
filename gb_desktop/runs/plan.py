"""The chunk planner: which items go together in one request, so that every answer can be attributed.

Chunks are planned in layers: the k-th item of each customer belongs to layer k, and chunks of one layer share no
customer. Planning is deterministic: the same items and settings give the same chunks.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LARGEST = 1_000


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """One request to come. kind: unit, first, main, or tail (several items of one customer may be in it)."""

    kind: str
    layer: int
    items: Sequence[int]


def layered(items: Iterable[tuple[int, str | None]]) -> tuple[list[array[int]], dict[int, int]]:
    """Items in layers, and each item's predecessor of the same customer where it has one.

    Items come as (item, customer) in sheet order; an item without a customer stands alone.
    """
    layers: list[array[int]] = [array("q")]
    seen: dict[str, tuple[int, int]] = {}
    previous: dict[int, int] = {}
    for item, customer in items:
        layer = 0
        if customer is not None:
            known = seen.get(customer)
            if known is not None:
                layer = known[0] + 1
                previous[item] = known[1]
            seen[customer] = (layer, item)
        if layer == len(layers):
            layers.append(array("q"))
        layers[layer].append(item)
    return layers, previous


def plan(layers: list[array[int]], size: int, first: int = 0, unit: bool = False) -> Iterator[PlannedChunk]:
    """Chunks in the order in which they are sent.

    size: items a request, 1 to 1,000. first: items of a small first chunk, 0 for none. unit: the very first item goes
    alone, so that its effect can be looked at. At most twice the smallest possible number of chunks: beyond that the
    small last layers share chunks.
    """
    if not 1 <= size <= LARGEST:
        raise ValueError(f"A request holds 1 to {LARGEST:,} items, not {size:,}.")
    rest = layers[0]
    for kind, count in (("unit", 1 if unit else 0), ("first", min(first, size))):
        if count and len(rest):
            yield PlannedChunk(kind, 0, rest[:count])
            rest = rest[count:]
    remaining = [rest, *layers[1:]]
    apart = _layers_apart([len(layer) for layer in remaining], size)
    for number, layer in enumerate(remaining[:apart]):
        yield from (PlannedChunk("main", number, part) for part in _cut(layer, size))
    tail = array("q")
    for layer in remaining[apart:]:
        tail.extend(layer)
    yield from (PlannedChunk("tail", apart, part) for part in _cut(tail, size))


def _layers_apart(lengths: Sequence[int], size: int) -> int:
    """How many layers get chunks of their own before the number of chunks would pass twice the minimum."""
    total = sum(lengths)
    bound = 2 * -(-total // size)
    apart, chunks, rest = 0, 0, total
    for number, length in enumerate(lengths, start=1):
        chunks += -(-length // size)
        rest -= length
        if chunks + -(-rest // size) <= bound:
            apart = number
    return apart


def _cut(items: array[int], size: int) -> Iterator[array[int]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
