"""Named mappings as files: kept by batch type and name, shared with others, found again by a sheet's headers."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gb_desktop.mapping.applying import Fit, fit
from gb_desktop.mapping.model import Mapping
from gb_desktop.mapping.names import name_key
from gb_desktop.text import tr
from gb_desktop.workbook.model import Column

_SUFFIX = ".mapping.json"


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping in the folder. `headers` are those of the sheet it was saved for."""

    path: Path
    mapping: Mapping
    headers: tuple[str, ...]
    modified: float  # seconds since 1970


def export_mapping(mapping: Mapping, columns: Sequence[Column], path: Path) -> None:
    """Write one mapping to a file, whole or not at all. OSError when the place can't be written."""
    data = {**mapping.to_json(), "headers": [column.header for column in columns]}
    draft = path.with_name(path.name + ".part")
    with draft.open("wb") as file:
        file.write(_encoded(data))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _encoded(data: object) -> bytes:
    try:
        return json.dumps(data, ensure_ascii=False, indent=2).encode()
    except UnicodeEncodeError:  # half a character, as a damaged header may hold it: escaped it survives
        return json.dumps(data, indent=2).encode()


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

    def best_for(self, batch_type: str, columns: Sequence[Column]) -> tuple[SavedMapping, Fit] | None:
        """The mapping to be applied to a sheet by itself: the one that fits best, then the newest; None if none does.

        Of those that fit alike, one saved for more of the sheet's columns is better.
        """
        wanted = {name_key(column.header) for column in columns}

        def rank(one: SavedMapping) -> tuple[int, float, float]:
            known = {name_key(header) for header in one.headers}
            shared = len(known & wanted) / max(1, len(known | wanted))
            return fit(one.mapping, one.headers, columns), shared, one.modified

        best = max(self.all(batch_type), key=rank, default=None)
        if best is None or rank(best)[0] == Fit.NONE:
            return None
        return best, fit(best.mapping, best.headers, columns)


def _file_name(batch_type: str, name: str) -> str:
    """A file name that differs for names that differ, on any file system."""
    readable = re.sub(r"[^\w-]+", "-", name).strip("-")[:40]
    mark = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{batch_type}-{readable}-{mark}{_SUFFIX}" if readable else f"{batch_type}-{mark}{_SUFFIX}"
