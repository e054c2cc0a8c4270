"""Where a workbook comes in: dropped, browsed for, pasted, or one of the recent ones."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.steps.page import emptied
from gb_desktop.ui.widgets import IconLabel, PrimaryButton, QuietButton, SecondaryButton, Text, isolated, named, restyle


class DropZone(QFrame):
    """`file_chosen` carries a path; `browse_wanted` and `paste_wanted` ask the page to do the rest."""

    file_chosen = Signal(str)
    browse_wanted = Signal()
    paste_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "drop_zone", tr("Drop a workbook here"))
        self.setProperty("drop", True)
        self.setAcceptDrops(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.HUGE, tokens.HUGE, tokens.HUGE, tokens.HUGE)
        outer.setSpacing(tokens.SMALL)
        outer.addStretch(2)
        outer.addWidget(IconLabel("drop", "accent", 40, self), 0, Qt.AlignmentFlag.AlignHCenter)
        for words, kind in (
            (tr("Drop your workbook here"), "subtitle"),
            (tr("Excel (.xlsx, .xlsm, .xlsb, .xls), OpenDocument (.ods) or text (.csv, .tsv, .txt)"), "muted"),
        ):
            label = Text(words, kind, self)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            outer.addWidget(label)
        outer.addSpacing(tokens.SMALL)
        outer.addLayout(self._buttons())
        self._recent = QVBoxLayout()
        self._recent.setSpacing(tokens.TINY)
        outer.addSpacing(tokens.MEDIUM)
        outer.addLayout(self._recent)
        outer.addStretch(3)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(tokens.SMALL)
        self.browse = PrimaryButton(tr("Browse…"), "browse", "folder", self)
        self.browse.clicked.connect(self.browse_wanted)
        self.paste = SecondaryButton(tr("Paste cells"), "paste", "paste", self)
        self.paste.setToolTip(tr("Cells copied in Excel (Ctrl+V)"))
        self.paste.clicked.connect(self.paste_wanted)
        row.addStretch(1)
        row.addWidget(self.browse)
        row.addWidget(self.paste)
        row.addStretch(1)
        return row

    @Slot(bool)
    def step_back(self, asked: bool) -> None:
        """Another question comes first while it is `asked`: no button here is the screen's one then."""
        self.browse.lead(not asked)

    def show_recent(self, paths: list[str]) -> None:
        """Offer files that were used before and are still there."""
        emptied(self._recent)
        if not paths:
            return
        heading = Text(tr("Recent files"), "caption", self)
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._recent.addWidget(heading)
        for place, path in enumerate(paths):
            button = RecentButton(path, f"recent_{place}", self)
            button.chosen.connect(self.file_chosen)
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()
            restyle(self, over=True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        restyle(self, over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        restyle(self, over=False)
        path = _dropped(event)
        if path:
            event.acceptProposedAction()
            self.file_chosen.emit(path)


class RecentButton(QuietButton):
    """One recent file by its name, the whole path in the tooltip."""

    chosen = Signal(str)

    def __init__(self, path: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(isolated(Path(path).name), name, "sheet", parent)
        self._path = path
        self.setToolTip(path)
        self.clicked.connect(self._clicked)

    @Slot()
    def _clicked(self) -> None:
        self.chosen.emit(self._path)


def _dropped(event: QDropEvent) -> str:
    """The one local file that is dragged, or ""."""
    urls = event.mimeData().urls()
    return urls[0].toLocalFile() if len(urls) == 1 else ""
