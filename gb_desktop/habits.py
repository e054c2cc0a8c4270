"""What the window remembers of how it is used, from one start to the next: folders of file dialogs, its place."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from threading import Thread
from typing import Any

PATIENCE = 0.08  # seconds; a drive that takes longer to answer counts as gone, the window can't wait for it
LAST = "last"  # whatever it was used for
_FILE = "habits.json"
_FARTHEST = 1_000_000  # pixels; Qt counts in 32 bits

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where the window is, in device-independent pixels, without its frame."""

    x: int
    y: int
    width: int
    height: int
    maximised: bool = False


class Habits:
    """Kept in a file of the data folder. One that is missing or can't be understood is as if nothing was remembered."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE
        self._kept = _read(self._file)

    def folder(self, use: str) -> Path:
        """Where a dialog of this use begins: its last folder, else the last of all, else home."""
        folders = _part(self._kept, "folders")
        for name in (use, LAST):
            kept = folders.get(name)
            if isinstance(kept, str) and kept and _is_there(Path(kept)):
                return Path(kept)
        return Path.home()

    def use_folder(self, use: str, folder: Path) -> None:
        """Remember where a file was chosen. Stored by `write`."""
        folders = {**_part(self._kept, "folders"), use: str(folder), LAST: str(folder)}
        self._kept = {**self._kept, "folders": folders}

    @property
    def window(self) -> WindowPlace | None:
        """The window's last place; None while there was none."""
        kept = _part(self._kept, "window")
        values: list[Any] = [kept.get(field.name) for field in fields(WindowPlace)]
        if not all(isinstance(value, int) and abs(value) <= _FARTHEST for value in values):
            return None
        return WindowPlace(*values)

    def use_window(self, place: WindowPlace) -> None:
        """Remember where the window was. Stored by `write`."""
        self._kept = {**self._kept, "window": asdict(place)}

    def write(self) -> None:
        """Store what is remembered. Blocks; a disk that refuses costs a habit, and is not worth a word."""
        draft = self._file.with_suffix(".new")
        try:
            draft.write_text(json.dumps(self._kept, indent=1), encoding="utf-8")
            draft.replace(self._file)
        except OSError as error:
            log.info("habits were not stored: %s", error)


def _read(file: Path) -> dict[str, Any]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _part(kept: dict[str, Any], name: str) -> dict[str, Any]:
    part = kept.get(name)
    return part if isinstance(part, dict) else {}


def _is_there(folder: Path) -> bool:
    """Whether a folder can be entered, asked beside the window: a network drive may keep an answer back for long."""
    found: list[bool] = []

    def look() -> None:
        try:
            found.append(folder.is_dir())
        except OSError:
            found.append(False)

    looking = Thread(target=look, name="folder", daemon=True)
    looking.start()
    looking.join(PATIENCE)
    return bool(found) and found[0]
