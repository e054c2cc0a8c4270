"""The head of the check step: its title, the counts, undo and redo, export and load."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gb_desktop.runs.model import CheckCounts
from gb_desktop.text import tr
from gb_desktop.ui import tokens
from gb_desktop.ui.widgets import IconButton, SecondaryButton, Text, named


class CheckTools(QWidget):
    """Says `9,812 ready · 188 with errors · 41 left out` and offers what concerns the sheet as a whole."""

    undo_wanted = Signal()
    redo_wanted = Signal()
    replace_wanted = Signal()
    export_wanted = Signal()
    load_wanted = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(tokens.TINY)
        row = QHBoxLayout()
        row.setSpacing(tokens.SMALL)
        row.addWidget(Text(title, "title", self), 1)
        whole.addLayout(row)
        self.counts = named(Text("", "subtitle", self), "check_counts")
        whole.addWidget(self.counts)
        self.undo = IconButton("undo", tr("Undo"), "undo", parent=self)
        self.redo = IconButton("redo", tr("Redo"), "redo", parent=self)
        self.replace = IconButton("edit", tr("Find and replace (Ctrl+H)"), "replace", parent=self)
        self.export = SecondaryButton(tr("Fix in Excel…"), "export_annotated", "download", self)
        self.export.setToolTip(tr("Save a copy of the sheet with every problem marked, to correct it in Excel"))
        self.load = SecondaryButton(tr("Load corrected…"), "load_corrected", "upload", self)
        for widget in (self.undo, self.redo, self.replace, self.export, self.load):
            row.addWidget(widget)
        self.undo.clicked.connect(self.undo_wanted)
        self.redo.clicked.connect(self.redo_wanted)
        self.replace.clicked.connect(self.replace_wanted)
        self.export.clicked.connect(self.export_wanted)
        self.load.clicked.connect(self.load_wanted)
        self.show_history(None, None)

    @Slot()
    def ask_undo(self) -> None:
        """The key for undo: nothing while there is nothing to undo."""
        if self.undo.isEnabled():
            self.undo_wanted.emit()

    @Slot()
    def ask_redo(self) -> None:
        if self.redo.isEnabled():
            self.redo_wanted.emit()

    def show_counts(self, counts: CheckCounts) -> None:
        self.counts.setText(
            tr(
                "{ready}\u00a0ready · {errors}\u00a0with\u00a0errors · {excluded}\u00a0left\u00a0out",
                ready=counts.ready,
                errors=counts.errors,
                excluded=counts.excluded,
            )
        )

    def show_history(self, undo: str | None, redo: str | None) -> None:
        """What undo and redo would do, in their tooltips."""
        self.undo.setEnabled(undo is not None)
        self.undo.setToolTip(tr("Undo: {what}", what=undo) if undo else tr("Nothing to undo"))
        self.redo.setEnabled(redo is not None)
        self.redo.setToolTip(tr("Redo: {what}", what=redo) if redo else tr("Nothing to redo"))
