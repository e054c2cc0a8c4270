"""The way through Excel: a copy with the problems marked goes out, the corrected sheet comes back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gb_desktop.text import tr
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.check_jobs import CheckJobs
from gb_desktop.ui.steps.page import ask_where


class CheckFiles(QObject):
    """Asks where, and has it done."""

    def __init__(self, session: Session, jobs: CheckJobs, page: QWidget) -> None:
        super().__init__(page)
        self._session = session
        self._jobs = jobs
        self._page = page

    @Slot()
    def export(self) -> None:
        name = f"{self._session.file.stem if self._session.file else 'sheet'}-problems.xlsx"
        kinds = tr("Excel workbook (*.xlsx)")
        ask_where(self._page, tr("Save a copy with the problems marked"), name, kinds, self.export_to)

    @Slot()
    def load(self) -> None:
        kinds = tr("Workbooks (*.xlsx *.xlsm *.xlsb *.xls *.ods *.csv *.tsv *.txt)")
        ask_where(self._page, tr("Load the corrected sheet"), "", kinds, self.load_from, saving=False)

    def export_to(self, path: str) -> None:
        self._jobs.export(Path(path))

    def load_from(self, path: str) -> None:
        self._jobs.reload(Path(path))
