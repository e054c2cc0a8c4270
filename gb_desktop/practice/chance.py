"""Chance that comes out the same on every run and every computer."""

from __future__ import annotations

from zlib import crc32

_MIXER = 2_654_435_761


def percent(chance: int, *facts: object) -> int:
    """A number from 0 to 99 that follows from `chance` and the facts alone."""
    found = crc32("\0".join(map(str, (chance, *facts))).encode("utf-8", "surrogatepass"))
    # The lowest bits of a checksum of similar texts are alike: the product's upper bits are not.
    return (found * _MIXER >> 16) % 2**32 % 100
