"""The private copy of a draft's workbook: taken, found again, taken anew after a cancelled call, and pasted cells."""

from __future__ import annotations

import shutil
from pathlib import Path

from gb_desktop.runs.drafted import Drafted
from gb_desktop.runs.model import Progress, RunError
from gb_desktop.text import tr
from gb_desktop.workbook.clipboard import paste
from gb_desktop.workbook.model import WorkbookError
from gb_desktop.workbook.private_copy import Copied, private_copy

PASTED = "pasted"  # the folder among the private copies that holds what was pasted, which is nowhere else


def pasted_name() -> Path:
    """The name under which pasted cells are looked at again."""
    return Path(tr("Pasted cells"))


def take_copy(drafted: Drafted, file: Path) -> Copied:
    """A private copy of a file; the one before goes."""
    shutil.rmtree(drafted.copies, ignore_errors=True)

    def say(done: int, total: int) -> None:
        drafted.say(Progress("copying", done, total))

    try:
        return private_copy(file, drafted.copies, say)
    except WorkbookError:
        shutil.rmtree(drafted.copies, ignore_errors=True)
        raise


def take_pasted(drafted: Drafted, text: str) -> Path:
    """A file of its own for cells copied in a spreadsheet; the copy before goes."""
    shutil.rmtree(drafted.copies, ignore_errors=True)
    folder = drafted.copies / PASTED
    folder.mkdir(parents=True, mode=0o700)
    return paste(text, folder)


def drop_copy(path: Path) -> None:
    """Delete the copy of a file that can't be used."""
    path.unlink(missing_ok=True)


def pasted_before(drafted: Drafted, file: Path) -> Path | None:
    """The file of the pasted cells, when they are what `file` names."""
    meta = drafted.store.meta
    copy = meta.get("copy")
    return Path(copy) if file == pasted_name() and copy and not meta.get("sha256") else None


def current_copy(drafted: Drafted) -> Path:
    """The private copy; taken anew when a cancelled call took it away. WorkbookError when the file changed since."""
    meta = drafted.store.meta
    copy, sha256 = meta.get("copy"), meta.get("sha256")
    if copy is None:
        raise RunError(tr("Choose a workbook first."), "options")
    if Path(copy).is_file() or not sha256:
        return Path(copy)
    file = Path(meta.get("file"))
    copied = take_copy(drafted, file)
    if copied.sha256 != sha256:
        shutil.rmtree(drafted.copies, ignore_errors=True)
        raise WorkbookError(tr("{name} changed since it was opened: open it again.", name=file.name), "changed")
    return copied.path
