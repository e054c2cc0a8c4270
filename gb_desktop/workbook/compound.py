"""Puts the records of an xls file into a container of our own making.

A damaged container can send the library round in circles until the memory is gone. We take the records out with a
reader that can't be misled, and hand on a container that is sound. Source: [MS-CFB], version 4 (sectors of 4,096 bytes,
so that a table of sectors in the header alone covers 400 MB).
"""

from __future__ import annotations

import io
import struct

_SECTOR = 4096
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_PER_TABLE = _SECTOR // 4
_TABLES_IN_HEADER = 109
LARGEST = (_TABLES_IN_HEADER * _PER_TABLE - _TABLES_IN_HEADER - 2) * _SECTOR


def wrapped(stream: bytes | bytearray) -> io.BytesIO:
    """A container whose only stream `Workbook` holds the bytes (at most `LARGEST`), filled up with zeros."""
    sectors = max(1, -(-len(stream) // _SECTOR))
    tables = 1
    while tables * _PER_TABLE < tables + 2 + sectors:
        tables += 1
    chain = [*range(tables + 3, tables + 2 + sectors), _END]
    table = [_TABLE] * tables + [_END, _END] + chain
    table += [_FREE] * (tables * _PER_TABLE - len(table))
    file = io.BytesIO()
    file.write(_header(tables).ljust(_SECTOR, b"\0"))
    file.write(struct.pack(f"<{len(table)}I", *table))
    root = _entry("Root Entry", kind=5, child=1, start=tables + 1, size=64)
    book = _entry("Workbook", kind=2, child=_FREE, start=tables + 2, size=sectors * _SECTOR)
    file.write((root + book).ljust(_SECTOR, b"\0"))
    file.write(bytes(_SECTOR))  # the root's own, empty: the library wants one
    file.write(stream.ljust(sectors * _SECTOR, b"\0"))
    file.seek(0)
    return file


def _header(tables: int) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    head += struct.pack("<9I", 1, tables, tables, 0, _SECTOR, _END, 0, _END, 0)
    places = [*range(tables), *[_FREE] * (_TABLES_IN_HEADER - tables)]
    return head + struct.pack(f"<{_TABLES_IN_HEADER}I", *places)


def _entry(name: str, *, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<BBIII", kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + struct.pack("<H", len(text)) + links + bytes(36) + struct.pack("<IQ", start, size)
