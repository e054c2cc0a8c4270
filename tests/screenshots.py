"""Pictures of every screen in every state: `python -m tests.screenshots OUT [--size 1024x700] [--dark] [--only WORD]`.

Drives the real window over the real practice service and workbooks made on the fly, in a folder of its own.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from gb_desktop.app import Wanted
from gb_desktop.mapping.model import Source
from gb_desktop.places import resources_dir
from gb_desktop.runs.events import Counts
from gb_desktop.runs.model import RunState
from gb_desktop.ui.dialogs import ask_whose_keys
from gb_desktop.ui.errors import mishap_of
from gb_desktop.ui.flow import Step
from tests import columns_tour, results_tour, sheets
from tests.ui.whole_window import Whole, made_desk, whole_window

PRACTICE, LIVE_ACCOUNT = 0, 1  # lines of the account chooser
LOST = [  # an answer is lost, and the look-up of what became of it fails
    {"do": "cut-after", "on": "POST batch/balance", "nth": 2},
    {"do": "code", "on": "GET transactions", "times": 999},
]
HELD = [{"do": "limit", "on": "POST batch/cashback", "nth": 7, "times": 999}]  # the run can't end before its pictures
SETTLE_MS = 120  # for layouts and the merging of news


@dataclass
class Tour:
    """Walks through the window and takes pictures."""

    whole: Whole
    out: Path
    files: Path
    taken: list[str] = field(default_factory=list)

    @property
    def wizard(self):  # type: ignore[no-untyped-def]
        return self.whole.main.wizard

    @property
    def page(self):  # type: ignore[no-untyped-def]
        return self.wizard.page

    def settle(self) -> None:
        self.whole.idle()
        QTest.qWait(SETTLE_MS)
        self.whole.idle()

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        """Save what the window shows now."""
        QTest.qWait(SETTLE_MS)
        (widget or self.whole.main).grab().save(str(self.out / f"{name}.png"))
        self.taken.append(name)

    def dialog(self, name: str) -> None:
        """Save the question that is open, and close it without an answer."""
        shown = QApplication.activeModalWidget()
        if isinstance(shown, QDialog):
            self.picture(name, shown)
            shown.reject()

    def account(self, line: int) -> None:
        self.whole.account(line)
        self.settle()

    def switch(self, **behaviour: object) -> None:
        """Make the practice service behave so."""
        service = self.whole.desk._practice
        assert service is not None
        service.switch(behaviour)

    def begin(self, batch_type: str) -> None:
        """A new batch, its type chosen, on the Workbook step."""
        self.whole.main.show_place("new")
        self.wizard.begin()
        self.settle()
        self.whole.choose_type(batch_type)
        self.settle()

    def next_to(self, step: Step) -> None:
        self.whole.next_to(step)
        self.settle()

    def open(self, file: Path) -> None:
        self.whole.open_file(file)
        self.settle()

    def answer_hidden(self) -> None:
        self.page.hidden.all_rows.click()
        self.settle()

    def last_state(self) -> RunState:
        return self.whole.desk.runs()[0].state


def type_step(tour: Tour) -> None:
    tour.picture("type-no-account")
    tour.account(PRACTICE)
    tour.picture("type-practice")
    tour.account(LIVE_ACCOUNT)
    tour.picture("type-live")
    tour.account(PRACTICE)


def workbook_step(tour: Tour) -> None:
    tour.begin("cashback")
    tour.picture("workbook-empty")
    tour.open(sheets.damaged(tour.files / "Half.xlsx"))
    tour.picture("workbook-damaged")
    tour.open(sheets.text_file(tour.files / "Names.csv"))
    tour.picture("workbook-csv")
    tour.open(sheets.locked(tour.files / "Locked.ods"))
    tour.picture("workbook-locked")
    tour.open(sheets.results(tour.files / "Results.xlsx"))
    tour.picture("workbook-results")
    tour.open(sheets.messy(tour.files / "March cashback.xlsx"))
    tour.picture("workbook-hidden-rows")
    tour.answer_hidden()
    tour.picture("workbook-loaded")


def columns_step(tour: Tour) -> None:
    tour.next_to(Step.COLUMNS)
    tour.picture("columns")
    tour.page._source_changed(("transactionTime", Source.column("Paid on")))
    tour.settle()
    tour.picture("columns-complete")


def check_step(tour: Tour) -> None:
    tour.next_to(Step.CHECK)
    tour.picture("check")
    summary = tour.whole.session.summary
    assert summary is not None
    if summary.groups:
        tour.page._show_group((summary.groups[0].code, summary.groups[0].field))
        tour.settle()
        tour.picture("check-group")
    for group in summary.groups:
        if group.code == "duplicate-id":
            tour.page._show_group((group.code, group.field))
            tour.settle()
            tour.picture("check-fixes")
    tour.page.sheet.choose_filter("all")
    tour.page._filter(("all", ""))
    tour.settle()
    tour.page.sheet.view._header_clicked(4)
    tour.settle()
    tour.picture("check-column", tour.page.columns.panel)
    tour.page.columns.panel.values.itemActivated.emit(tour.page.columns.panel.values.topLevelItem(0), 0)
    tour.settle()
    tour.picture("check-value")
    tour.page.sheet.replacing.open_for(3, "12,50")
    tour.page.sheet.replacing.replacement.setText("12.50")
    tour.page.sheet.replacing._look()
    tour.settle()
    tour.picture("check-replace")
    tour.page.sheet.replacing.hide()
    tour.page.sheet._show_all()
    tour.page._forward()
    tour.settle()
    tour.picture("check-next-problem")
    tour.page.leave_out.click()
    tour.settle()
    tour.picture("check-left-out")


def review_step(tour: Tour) -> None:
    desk = tour.whole.desk
    desk.save_settings(replace(desk.settings(), chunk_size=40, failure_share=0.9))
    tour.next_to(Step.REVIEW)
    tour.picture("review-practice")
    tour.account(LIVE_ACCOUNT)
    tour.settle()
    tour.picture("review-live")
    bar = tour.page.body.verticalScrollBar()
    bar.setValue(bar.maximum())
    tour.picture("review-live-below")
    tour.account(PRACTICE)
    tour.settle()


def send_step(tour: Tour) -> None:
    tour.switch(scenario="picky", pace=25, queue=0.2, faults=HELD)
    tour.next_to(Step.SEND)
    sending = tour.whole.session.sendings.active()[0]
    tour.whole.until(lambda: sending.engine and sending.engine.counts().succeeded > 80, "the first results")
    tour.picture("send-running")
    tour.whole.main.close()
    tour.dialog("closing")
    tour.page._pause()
    tour.page.controls._pause()
    tour.picture("send-pausing")
    tour.whole.until(lambda: not tour.whole.session.sendings.active(), "the pause")
    tour.settle()
    tour.picture("send-paused")
    tour.switch(pace=0, queue=0, faults=[])
    tour.page.results.go_on.click()
    tour.whole.until(lambda: tour.last_state() is RunState.FINISHED, "the end of the run")
    tour.settle()
    tour.picture("send-finished-failures")


def again(tour: Tour) -> None:
    tour.switch(scenario="smooth", pace=0, queue=0)
    for name in ("send-finished", "review-again"):
        tour.begin("cashback")
        tour.open(resources_dir() / "samples" / "cashback.xlsx")
        tour.next_to(Step.REVIEW)
        if name == "review-again":
            tour.picture(name)
            return
        tour.next_to(Step.SEND)
        tour.whole.until(lambda: not tour.whole.session.sendings.active(), "the end of the run")
        tour.settle()
        tour.picture(name)


def _lost(counts: Counts) -> int:
    """Rows whose outcome nothing learns by itself."""
    return counts.unknown - counts.resumable


def unknown(tour: Tour) -> None:
    tour.switch(scenario="smooth", pace=0, queue=0, faults=LOST)
    tour.begin("balance-adjustment")
    tour.open(resources_dir() / "samples" / "balance-adjustment.xlsx")
    tour.next_to(Step.SEND)
    desk = tour.whole.session.desk
    tour.whole.until(lambda: _lost(desk.runs()[0].counts) > 0, "rows of unknown outcome")
    tour.settle()
    tour.picture("send-looking-up")
    for sending in tour.whole.session.sendings.active():
        sending.stop()
    tour.whole.until(lambda: not tour.whole.session.sendings.active(), "the end of the run", 180.0)
    tour.settle()
    tour.picture("send-needs-attention")
    tour.switch(faults=[])


def places(tour: Tour) -> None:
    main = tour.whole.main
    tour.begin("customers")
    tour.open(resources_dir() / "samples" / "customers.xlsx")
    main.show_place("runs")
    tour.settle()
    main.runs.table.selectRow(0)
    tour.picture("runs")
    main.runs._delete()
    tour.dialog("runs-delete")
    main.runs.search.setText("nothing like this")
    tour.picture("runs-nothing-fits")
    main.runs.search.clear()
    main.show_run(next(run.run for run in tour.whole.desk.runs() if run.state is RunState.FINISHED))
    for at, name in enumerate(("run-sending", "run-figures")):
        assert main._run_page is not None
        main._run_page.tabs.setCurrentIndex(at)
        tour.settle()
        tour.picture(name)
    main.show_place("new")
    tour.wizard.begin()
    tour.settle()
    tour.picture("type-with-drafts")


def _nothing() -> None:
    """The question is only looked at."""


def forms(tour: Tour) -> None:
    main = tour.whole.main
    main.show_place("accounts")
    tour.settle()
    tour.picture("accounts-practice")
    main.accounts.list.setCurrentRow(LIVE_ACCOUNT)
    tour.picture("accounts-live")
    main.accounts.begin_new()
    main.accounts.form.save_button.click()
    tour.picture("accounts-new")
    ask_whose_keys(tour.whole.main, "My shop", False, _nothing, _nothing)
    tour.dialog("accounts-whose-keys")
    main.accounts.form.name.setText("Second shop")
    main.show_place("settings")
    tour.dialog("accounts-leaving")
    main.accounts.forget()
    main.show_place("settings")
    tour.settle()
    tour.picture("settings")
    main.settings.chunk_size.setValue(250)
    main.show_place("help")
    tour.dialog("settings-leaving")
    main.settings.forget()
    main.show_place("help")
    for topic in ("start", "review", "runs", "keyboard", "about"):
        main.help.show_topic(topic)
        tour.picture(f"help-{topic}")
    main.show_place("new")
    main.show_mishap(mishap_of(ZeroDivisionError("division by zero")))
    tour.picture("fault")
    main.banner.clear()


STOPS: tuple[Callable[[Tour], None], ...] = (
    type_step,
    workbook_step,
    columns_step,
    check_step,
    review_step,
    send_step,
    again,
    *results_tour.STOPS,
    *columns_tour.STOPS,
    unknown,
    places,
    forms,
)


def main() -> None:
    """Take the pictures that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", default="1280x820")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--rtl", action="store_true", help="mirrored, as for a language that is read from the right")
    parser.add_argument("--only", default="", help="stop after this part of the tour")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    app.setFont(QFont("Noto Sans", 10))
    if chosen.rtl:
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    with tempfile.TemporaryDirectory() as place, whole_window(app, made_desk(Path(place)), Wanted()) as whole:
        whole.window.theme.choose("dark" if chosen.dark else "light")
        whole.main.resize(*(int(side) for side in chosen.size.split("x")))
        tour = Tour(whole, chosen.out, Path(place))
        for stop in STOPS:
            stop(tour)
            if stop.__name__ == chosen.only:
                break
    print(f"{len(tour.taken)} pictures in {chosen.out}")


if __name__ == "__main__":
    main()
