"""A small file beside the state file: the URL at which its service listens, or last listened."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

# 10048 and 10013 are Windows' own numbers for the first and the third.
TAKEN = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES, 10048, 10013})


def _place(state: Path) -> Path:
    return state.with_name(state.name + ".port")


def write(state: Path, url: str) -> None:
    """Note that the service of a state file listens at `url`; whoever reads sees all of it or the last one."""
    draft = _place(state).with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps({"url": url, "pid": os.getpid()}), encoding="utf-8")
    draft.replace(_place(state))


def url(state: Path) -> str | None:
    """The URL last noted, or None; whether anything answers there is not said."""
    try:
        found = json.loads(_place(state).read_text(encoding="utf-8"))["url"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


def port(state: Path) -> int:
    """The port last noted, 0 for none. Taking it again keeps the URL that runs have stored."""
    try:
        return urlsplit(url(state) or "").port or 0
    except ValueError:
        return 0
