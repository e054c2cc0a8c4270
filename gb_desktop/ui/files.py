"""Asking for a file, beginning in the folder that was used last."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from gb_desktop.ui.session import Session

WORKBOOK, RESULTS, PROBLEMS, TEMPLATE, MAPPING = "workbook", "results", "problems", "template", "mapping"


def ask_where(
    parent: QWidget,
    session: Session,
    use: str,
    title: str,
    proposed: str,
    kinds: str,
    chosen: Callable[[str], None],
) -> QFileDialog:
    """Open a file dialog that doesn't block; `chosen` hears the path.

    use: WORKBOOK and so on, each with a folder of its own. proposed: the name to save as; "" asks for a file to open.
    """
    habits = session.habits
    dialog = QFileDialog(parent, title, str(habits.folder(use)), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave if proposed else QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile if proposed else QFileDialog.FileMode.ExistingFile)
    if proposed:
        dialog.setDefaultSuffix(Path(proposed).suffix.lstrip("."))
        dialog.selectFile(proposed)

    def take(path: str) -> None:
        habits.use_folder(use, Path(path).parent)
        session.desk_tasks.run(habits.write)
        chosen(path)

    dialog.setObjectName("file_dialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(take)
    dialog.open()
    return dialog
