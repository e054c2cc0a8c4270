"""Where the app's own files are: local data per user, and the resources it ships."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs


def data_dir() -> Path:
    """The per-user local (never roaming) data directory, made with mode 0700; `GB_DESKTOP_DATA_DIR` moves it."""
    chosen = os.environ.get("GB_DESKTOP_DATA_DIR")
    place = Path(chosen) if chosen else Path(platformdirs.user_data_dir("gb-desktop", appauthor=False, roaming=False))
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def resources_dir() -> Path:
    """The resources folder, from a source tree, an installed wheel or a frozen app alike."""
    frozen = getattr(sys, "_MEIPASS", None)
    here = Path(__file__).resolve().parent
    candidates = [Path(frozen) / "resources"] if frozen else []
    candidates += [here / "_resources", here.parent / "resources"]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError("The resources folder is missing: install GB Desktop again.")
