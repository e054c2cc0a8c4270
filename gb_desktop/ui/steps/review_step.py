"""Step 5: every number that matters before the button that matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from gb_desktop.catalog import Effect
from gb_desktop.runs.model import AccountFacts, CheckSummary, Progress, Review, Say, SendSettings
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.charts import Histogram
from gb_desktop.ui.flow import Step
from gb_desktop.ui.session import Session
from gb_desktop.ui.steps.confirmation import Confirmation
from gb_desktop.ui.steps.known_card import KnownIds
from gb_desktop.ui.steps.page import WorkPage, emptied
from gb_desktop.ui.steps.review_notes import again_words, left_out_of, notes_of
from gb_desktop.ui.steps.review_parts import EarlierRuns, Figures, RowJson, RowsCard
from gb_desktop.ui.widgets import BusyBar, Card, ScrollPage, Text, named

if TYPE_CHECKING:
    from gb_desktop.desk import Desk
    from gb_desktop.runs.draft import Draft

FIRST = 10


class ReviewPage(WorkPage):
    """Shows the figures, asks what has to be asked, and on Next plans the run and hands it to the sender."""

    step = Step.REVIEW

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = tr("Is this what you want to send?")
        self.meaning = tr("Nothing was sent.")
        self.column.addWidget(Text(self.title, "title", self))
        self.busy = BusyBar("reviewing", parent=self)
        self.busy.cancelled.connect(self._cancel)
        self.column.addWidget(self.busy)
        inner = QWidget()
        self._inner = QVBoxLayout(inner)
        self._inner.setContentsMargins(0, 0, 0, 0)
        self._inner.setSpacing(tokens.MEDIUM)
        self.body = ScrollPage(inner, "review_scroll", self)
        self.column.addWidget(self.body, 1)
        self._build()
        self._entered = False
        session.account_changed.connect(self._account_changed)

    def _build(self) -> None:
        self.figures = Figures()
        self.earlier = EarlierRuns()
        self.earlier.answered.connect(self._again_answered)
        self.earlier.opened.connect(self.session.open_run)
        self.known = KnownIds()
        self.known.leave_wanted.connect(self._leave_known)
        self.known.send_wanted.connect(self._send_known)
        self.histogram_card = Card()
        self.histogram_card.layout_.addWidget(Text(tr("How the amounts are spread"), "subtitle"))
        self.histogram = Histogram()
        self.histogram_card.layout_.addWidget(self.histogram)
        self.biggest = RowsCard(tr("The largest"), "biggest")
        self.unusual = RowsCard(tr("Unusual rows"), "unusual")
        self.notes = Card()
        self.notes.setObjectName("review_notes")
        self.json = RowJson()
        for card in (self.biggest, self.unusual):
            card.wanted.connect(self._show_json)
        self.json.wanted.connect(self._show_json)
        self.first = named(QCheckBox(), "first_few")
        self.first.setText(tr("Send {count} rows first and wait for their result", count=FIRST))
        self.first.clicked.connect(self._first_answered)
        self.confirmation = Confirmation()
        self.confirmation.changed.connect(self.changed)
        grid = QGridLayout()
        grid.setSpacing(tokens.MEDIUM)
        grid.addWidget(self.histogram_card, 0, 0)
        grid.addWidget(self.unusual, 1, 0)
        grid.addWidget(self.biggest, 0, 1, 2, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._inner.addWidget(self.earlier)
        self._inner.addWidget(self.known)
        self._inner.addWidget(self.figures)
        self._inner.addLayout(grid)
        for widget in (self.json, self.first, self.notes, self.confirmation):
            self._inner.addWidget(widget)
        self._inner.addStretch(1)

    # ------------------------------------------------------------------ the wizard

    def enter(self) -> None:
        self.banner.clear()
        self.busy.end()
        self._entered = True
        self.first.setChecked(self.session.send_settings.first == FIRST)
        if self.session.review is not None:
            self._show(self.session.review)
        else:
            self.body.hide()
            self._ask_review()

    def why_not(self) -> str:
        reason = super().why_not()
        review = self.session.review
        if reason or review is None:
            return reason
        if self.session.facts is None:
            return tr("The account is being opened.")
        if not review.rows:
            return tr("No row is left to be sent.")
        if review.earlier and not self.session.send_again:
            return tr("This data was sent before: tick that it is to be sent again.")
        if review.known_ids and not (self.session.send_known or self.session.send_again):
            return tr("Say what is to become of the rows whose IDs were sent before.")
        return self.confirmation.why_not()

    def next_text(self) -> str:
        review = self.session.review
        return tr("Send {rows}", rows=rows_words(review.rows)) if review is not None else tr("Send")

    @Slot()
    def _account_changed(self) -> None:
        if self.isVisible() and self.session.facts is not None:
            self._ask_review()

    def _ask_review(self) -> None:
        draft, facts, desk, first = self.session.draft, self.session.facts, self.session.desk, self.first.isChecked()
        if draft is None or facts is None:
            return
        self.busy.begin(tr("Adding everything up…"))
        self.set_busy(tr("The figures are being added up."))
        self.ask(lambda: _reviewed(draft, desk, facts, first), self._reviewed, self._review_failed)

    def _reviewed(self, found: tuple[SendSettings, Review]) -> None:
        self.busy.end()
        self.session.send_settings, review = found
        self.session.review = review
        self._show(review)
        self.set_busy("")

    def _review_failed(self, error: Exception) -> None:
        self.busy.end()
        self.set_busy("")
        self.say_error(error)
        if getattr(error, "reason", "") == "state":  # not checked for this account: step Check does it
            self.session.summary = None
            self.changed.emit()
        else:
            self.banner.set_action(tr("Try again"), "review_again", self.enter)

    # ------------------------------------------------------------------ showing

    def _show(self, review: Review) -> None:
        self.body.show()
        kind = self.session.type
        two_totals = kind is not None and kind.effect is Effect.MOVES
        self.figures.show_review(review, two_totals, left_out_of(self.session.summary))
        self.earlier.show_runs(review.earlier, self.session.send_again, again_words(kind, bool(review.prefix)))
        self.known.show_review(review, self.session.send_known)
        self.histogram_card.setVisible(bool(review.histogram))
        self.histogram.set_bars(review.histogram)
        self.biggest.show_rows(review.biggest)
        self.unusual.show_rows(review.unusual)
        self._show_notes(review)
        self.json.setVisible(review.rows > 0)
        self.first.setVisible(review.rows > FIRST)
        if self._is_live():
            self.confirmation.ask(review, two_totals)
        else:
            self.confirmation.hide()
        if review.biggest:
            self._show_json(review.biggest[0].row)
        elif self.session.loaded is not None:
            self._show_json(self.session.loaded.header_row + 1)
        self._show_top()
        self.changed.emit()

    def _show_top(self) -> None:
        """On entering, the first figures are in sight; a focus that wanders to a box below would scroll them away."""
        if self._entered:
            self._entered = False
            self.body.setFocus()
            self.body.verticalScrollBar().setValue(0)

    def _is_live(self) -> bool:
        """Live and changing data: the figures have to be typed."""
        facts, kind = self.session.facts, self.session.type
        return facts is not None and facts.environment == "live" and kind is not None and not kind.reads_only

    def _show_notes(self, review: Review) -> None:
        emptied(self.notes.layout_)
        self.notes.layout_.addWidget(Text(tr("Good to know"), "subtitle", self.notes))
        sentences = notes_of(review, self.session.type, self.session.facts, self.session.summary)
        self.notes.setVisible(bool(sentences))
        for sentence in sentences:
            self.notes.layout_.addWidget(Text(sentence, "body", self.notes))

    # ------------------------------------------------------------------ answers

    @Slot(bool)
    def _again_answered(self, again: bool) -> None:
        self.session.send_again = again
        self.changed.emit()

    @Slot()
    def _send_known(self) -> None:
        self.session.send_known = True
        self.changed.emit()

    @Slot(bool)
    def _leave_known(self, leave_out: bool) -> None:
        """Leave the rows out whose IDs were sent before, or take them in again; then every figure is another one."""
        draft, facts = self.session.draft, self.session.facts
        if draft is not None and facts is not None:
            self.busy.begin(tr("Checking the rows again…"))
            self.set_busy(tr("The rows are being checked again."))
            self.ask(lambda: draft.leave_out_known(facts, leave_out), self._rows_changed, self._review_failed)

    def _rows_changed(self, summary: CheckSummary) -> None:
        self.session.summary = summary
        self.session.send_known = False
        self._ask_review()

    @Slot(bool)
    def _first_answered(self, _chosen: bool) -> None:
        self._ask_review()

    @Slot(int)
    def _show_json(self, row: int) -> None:
        session, run = self.session, self.session.run
        if run:
            self.ask(lambda: session.read(run, lambda reader: (row, reader.item_json(row))), self._json_read)

    def _json_read(self, found: tuple[int, str]) -> None:
        self.json.show_row(*found)

    @Slot()
    def _cancel(self) -> None:
        if self.session.draft is not None:
            self.busy.cancel.setEnabled(False)
            self.session.draft.cancel()

    # ------------------------------------------------------------------ sending

    def advance(self, done: Callable[[], None]) -> None:
        """Freeze the items, plan the requests, let the draft go and hand the run to the sender."""
        session, settings = self.session, self.session.send_settings
        again = session.send_again or session.send_known
        draft, facts, account = session.draft, session.facts, session.account
        if draft is None or facts is None or account is None:
            return

        def ready(_review: Review) -> None:
            self._end()
            session.sendings.start(draft.run, account, settings)
            session.runs_changed.emit()
            done()

        self.busy.begin(tr("Planning the requests…"))
        self.set_busy(tr("The requests are being planned."))
        self.ask_reporting(
            lambda report: _prepared(draft, facts, settings, report, again), ready, self._progress, self._not_ready
        )

    def _progress(self, progress: Progress) -> None:
        words = tr("Planning the requests: {done} of {total}", done=progress.done, total=progress.total)
        self.busy.advance(words, progress.done, progress.total)

    def _end(self) -> None:
        self.busy.end()
        self.set_busy("")

    def _not_ready(self, error: Exception) -> None:
        self._end()
        self.say_error(error)
        if getattr(error, "reason", "") in ("again", "known"):
            self._ask_review()


def _reviewed(draft: Draft, desk: Desk, facts: AccountFacts, first: bool) -> tuple[SendSettings, Review]:
    """How the run would be sent by the app's settings, and its figures. Blocks: for a worker."""
    settings = replace(desk.send_settings(), first=FIRST if first else 0)
    return settings, draft.review(facts, settings)


def _prepared(draft: Draft, facts: AccountFacts, settings: SendSettings, report: Say, again: bool) -> Review:
    """Plan, then let the run file go, so that the sender can take it. Blocks: for a worker."""
    review = draft.prepare(facts, settings, report, again=again)
    draft.close()
    return review
