"""Named mappings as files, and their use on sheets whose columns have moved, been renamed or added."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from gb_desktop.mapping.model import Mapping, Source
from gb_desktop.mapping.names import name_key
from gb_desktop.text import tr
from gb_desktop.workbook.model import Column

_SUFFIX = ".mapping.json"
_ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping in the folder. `headers` are those of the sheet it was saved for."""

    path: Path
    mapping: Mapping
    headers: tuple[str, ...]
    modified: float  # seconds since 1970


def header_fingerprint(headers: Sequence[str]) -> str:
    """The same for sheets with the same headers in any order."""
    keys = sorted(name_key(header) for header in headers)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]


def export_mapping(mapping: Mapping, columns: Sequence[Column], path: Path) -> None:
    """Write one mapping to a file, whole or not at all. OSError when the place can't be written."""
    data = {**mapping.to_json(), "headers": [column.header for column in columns]}
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def import_mapping(path: Path) -> SavedMapping:
    """Read a mapping's file. ValueError with one sentence when it can't be used."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        modified = path.stat().st_mtime
    except OSError as error:
        why = error.strerror or str(error)
        raise ValueError(tr("The mapping {name} can't be read: {why}.", name=path.name, why=why)) from error
    except ValueError as error:
        raise ValueError(tr("{name} is not a mapping of GB Desktop.", name=path.name)) from error
    if not isinstance(data, dict):
        raise ValueError(tr("{name} is not a mapping of GB Desktop.", name=path.name))
    headers = data.get("headers", [])
    known = tuple(map(str, headers)) if isinstance(headers, list) else ()
    return SavedMapping(path, Mapping.from_json(data), known, modified)


class SavedMappings:
    """The mappings of a folder, by batch type and name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, mapping: Mapping, columns: Sequence[Column]) -> Path:
        """Keep a mapping under its name, replacing one of the same batch type and name."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / _file_name(mapping.batch_type, mapping.name)
        export_mapping(mapping, columns, path)
        return path

    def delete(self, batch_type: str, name: str) -> None:
        """Forget a mapping; nothing happens when there is none."""
        (self._folder / _file_name(batch_type, name)).unlink(missing_ok=True)

    def all(self, batch_type: str) -> list[SavedMapping]:
        """The batch type's mappings, newest first. Files that can't be used are passed over."""
        found = []
        for path in self._folder.glob(f"*{_SUFFIX}"):
            try:
                saved = import_mapping(path)
            except ValueError:
                continue  # a damaged file must not keep the others from being offered
            if saved.mapping.batch_type == batch_type:
                found.append(saved)
        return sorted(found, key=lambda saved: (-saved.modified, saved.path.name))

    def for_headers(self, batch_type: str, columns: Sequence[Column]) -> SavedMapping | None:
        """The newest mapping saved for a sheet with just these headers, to be applied by itself."""
        wanted = header_fingerprint([column.header for column in columns])
        return next((one for one in self.all(batch_type) if header_fingerprint(one.headers) == wanted), None)


def _file_name(batch_type: str, name: str) -> str:
    """A file name that differs for names that differ, on any file system."""
    readable = re.sub(r"[^\w-]+", "-", name).strip("-")[:40]
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{batch_type}-{readable}-{mark}{_SUFFIX}" if readable else f"{batch_type}-{mark}{_SUFFIX}"


def apply_saved(mapping: Mapping, columns: Sequence[Column]) -> tuple[Mapping, tuple[str, ...]]:
    """A saved mapping on a sheet's columns, and sentences on what was done differently.

    Headers are found wherever they moved to. A header written differently (case, punctuation) is taken for the
    same; one that only looks alike is not taken but named, and its field loses its source.
    """
    renamed, missing = _followed(mapping, columns)
    notes = [tr("Column {old} is now called {new}.", old=old, new=new) for old, new in renamed.items() if old != new]
    sources: dict[str, Source] = {}
    for path, source in mapping.sources.items():
        lost = [header for header in source.columns if header in missing]
        if lost:
            notes.append(_lost(path, lost[0], missing[lost[0]]))
            continue
        sources[path] = replace(source, columns=tuple(renamed[header] for header in source.columns))
    own = {renamed[header]: kept for header, kept in mapping.columns.items() if header in renamed}
    return replace(mapping, sources=sources, columns=own), tuple(notes)


def new_columns(saved: SavedMapping, columns: Sequence[Column]) -> tuple[Column, ...]:
    """The sheet's columns that the mapping was not saved with."""
    known = {name_key(header) for header in saved.headers}
    return tuple(column for column in columns if name_key(column.header) not in known)


def _followed(mapping: Mapping, columns: Sequence[Column]) -> tuple[dict[str, str], dict[str, str]]:
    """(header -> the sheet's header, missing header -> a similar one or "")."""
    exact = {column.header for column in columns}
    keys: dict[str, list[str]] = {}
    for column in columns:
        keys.setdefault(name_key(column.header), []).append(column.header)
    used = {header for source in mapping.sources.values() for header in source.columns} | set(mapping.columns)
    renamed: dict[str, str] = {}
    missing: dict[str, str] = {}
    for header in sorted(used):
        same = [header] if header in exact else keys.get(name_key(header), [])
        if len(same) == 1 and (same[0] == header or same[0] not in used):
            renamed[header] = same[0]
        else:
            missing[header] = _similar(header, [one for one in exact if one not in used])
    return renamed, missing


def _similar(header: str, others: Sequence[str]) -> str:
    wanted = name_key(header)
    likeness = {other: SequenceMatcher(None, wanted, name_key(other)).ratio() for other in sorted(others)}
    best = max(likeness, key=lambda other: likeness[other], default="")
    return best if best and likeness[best] >= _ALIKE else ""


def _lost(path: str, header: str, similar: str) -> str:
    if similar:
        return tr(
            "Column {header} for {field} is not in this sheet; {similar} looks like it: choose it if it is meant.",
            header=header,
            field=path,
            similar=similar,
        )
    return tr("Column {header} for {field} is not in this sheet: choose another.", header=header, field=path)
