"""The way through Excel: a copy with the problems marked goes out, the corrected sheet comes back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gb_desktop.text import tr
from gb_desktop.ui.files import PROBLEMS, ask_where
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.check_jobs import CheckJobs
from gb_desktop.ui.widgets import Banner, Tone, isolated


class CheckFiles(QObject):
    """Asks where, and has it done."""

    def __init__(self, session: Session, jobs: CheckJobs, banner: Banner, page: QWidget) -> None:
        super().__init__(page)
        self._banner = banner
        jobs.exported.connect(self._exported)
        self._session = session
        self._jobs = jobs
        self._page = page

    @Slot()
    def export(self) -> None:
        name = f"{self._session.file.stem if self._session.file else 'sheet'}-problems.xlsx"
        title, kinds = tr("Save a copy with the problems marked"), tr("Excel workbook (*.xlsx)")
        ask_where(self._page, self._session, PROBLEMS, title, name, kinds, self.export_to)

    @Slot()
    def load(self) -> None:
        kinds = tr("Workbooks (*.xlsx *.xlsm *.xlsb *.xls *.ods *.csv *.tsv *.txt)")
        ask_where(self._page, self._session, PROBLEMS, tr("Load the corrected sheet"), "", kinds, self.load_from)

    def export_to(self, path: str) -> None:
        self._jobs.export(Path(path))

    def load_from(self, path: str) -> None:
        self._jobs.reload(Path(path))

    @Slot(object)
    def _exported(self, path: Path) -> None:
        title = tr("A copy with every problem marked was saved as {file}.", file=isolated(str(path)))
        what_to_do = tr("Correct it in Excel, then load it with Load corrected.")
        self._banner.say(Tone.SUCCESS, title, what_to_do, closable=True)
