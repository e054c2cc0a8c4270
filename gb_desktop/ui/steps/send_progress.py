"""The moving part of the send step: one bar, four counters, pace, time left, and why it waits."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gb_desktop.runs.events import Waiting
from gb_desktop.text import rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.charts import Moment, ProgressChart
from gb_desktop.ui.steps.pace import Pace
from gb_desktop.ui.steps.send_words import Shares, sum_sentence
from gb_desktop.ui.theme import colours
from gb_desktop.ui.widgets import Card, IconLabel, StatFigure, Text, Tone, named
from gb_desktop.ui.words import duration


class OutcomeBar(QWidget):
    """One bar for all rows: succeeded, unknown and failed parts in their colours. Read aloud as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: Shares | None = None
        named(self, "outcome_bar", tr("Progress"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(300, 14)

    def set_shares(self, shares: Shares) -> None:
        self._shares = shares
        percent = shares.done * 100 // shares.sendable if shares.sendable else 0
        self.setAccessibleDescription(tr("{percent} percent of the rows have an outcome", percent=percent))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme = colours(self.palette())
        whole = QPainterPath()
        whole.addRoundedRect(QRectF(self.rect()), tokens.RADIUS, tokens.RADIUS)
        painter.setClipPath(whole)
        painter.fillRect(self.rect(), QColor(scheme.raised))
        shares = self._shares
        if shares is None or not shares.sendable:
            return
        left = 0.0
        for rows, colour in (
            (shares.succeeded, scheme.accent_fill),
            (shares.unknown, scheme.warning),
            (shares.failed, scheme.danger),
        ):
            width = self.width() * rows / shares.sendable
            start = self.width() - left - width if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else left
            painter.fillRect(QRectF(start, 0, width, self.height()), QColor(colour))
            left += width


class WaitingLine(QWidget):
    """Why nothing moves, with the seconds until the next try counting down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.SMALL)
        row.addWidget(IconLabel("clock", "warning", tokens.ICON_SMALL, self))
        self.words = named(Text("", "body", self), "waiting_words")
        row.addWidget(self.words, 1)
        self._sentence = ""
        self._left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self.hide()

    @property
    def waits(self) -> bool:
        """Whether it is said that nothing moves."""
        return not self.isHidden()

    def wait(self, event: Waiting) -> None:
        self._sentence = event.sentence
        self._left = max(1, round(event.seconds))
        self._say()
        self._timer.start()
        self.show()

    def go_on(self) -> None:
        """Something happened: that ends a wait whose time is over, and no other. Answers to what was asked before a
        429 still come while everything else waits."""
        if self._left <= 0:
            self.stop()

    def stop(self) -> None:
        self._left = 0
        self._timer.stop()
        self.hide()

    @Slot()
    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._timer.stop()
        self._say()

    def _say(self) -> None:
        soon = tr("Trying again now.")
        when = tr("Trying again in {seconds} s.", seconds=self._left) if self._left > 0 else soon
        self.words.setText(f"{self._sentence} {when}")


class ProgressPart(Card):
    """Bar, counters, pace and chart of one run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=tokens.MEDIUM)
        self.setObjectName("progress_part")
        self._pace = Pace()
        self._began: float | None = None
        self._shares: Shares | None = None
        self.bar = OutcomeBar(self)
        self.layout_.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(tokens.HUGE)
        self.succeeded = StatFigure(tr("Succeeded"), "0", "count_succeeded", self)
        self.failed = StatFigure(tr("Failed"), "0", "count_failed", self)
        self.waiting = StatFigure(tr("Waiting"), "0", "count_waiting", self)
        self.unknown = StatFigure(tr("Unknown"), "0", "count_unknown", self)
        for figure in (self.succeeded, self.failed, self.waiting, self.unknown):
            figure.setMinimumWidth(tokens.COUNTER_WIDTH)  # figures that grow must not push each other about
            row.addWidget(figure)
        row.addStretch(1)
        self.layout_.addLayout(row)
        self.sum = named(Text("", "muted", self), "count_sum")
        self.layout_.addWidget(self.sum)
        self.pace = named(Text("", "body", self), "pace")
        self.layout_.addWidget(self.pace)
        self.wait_line = WaitingLine(self)
        self.layout_.addWidget(self.wait_line)
        self.chart = ProgressChart(self)
        self.layout_.addWidget(self.chart)
        self.chart.hide()

    def show_counts(self, shares: Shares, active: bool) -> None:
        """The counters alone; `active` says whether waiting rows are still to come."""
        self.bar.set_shares(shares)
        self.succeeded.set_value(tr("{count}", count=shares.succeeded))
        self.failed.set_value(tr("{count}", count=shares.failed), Tone.ERROR if shares.failed else Tone.PLAIN)
        self.unknown.set_value(tr("{count}", count=shares.unknown), Tone.WARNING if shares.unknown else Tone.PLAIN)
        self.waiting.label.setText(tr("Waiting") if active or shares.unread else tr("Not sent"))
        self.waiting.set_value(tr("{count}", count=shares.waiting))
        self.sum.setText(sum_sentence(shares))

    def show_progress(self, shares: Shares, now: float, moves: bool = True) -> None:
        """Counters, pace and chart at `now` (seconds of a steady clock) while the run is being sent.

        `moves`: new rows go out. A pace that was seen before a wait says nothing about the rest: it begins anew.
        """
        self.show_counts(shares, active=True)
        if self._began is None:
            self._began = now
            self.chart.set_total(shares.sendable)
            self.chart.show()
        self._shares = shares
        if moves:
            self._pace.note(now, shares.done)
        self.tick(now, moves)

    def tick(self, now: float, moves: bool = True) -> None:
        """Time goes on even when nothing else does."""
        if not moves:
            self._pace = Pace()
        if self._began is None or self._shares is None:
            return
        shares, seconds = self._shares, now - self._began
        self.chart.add(Moment(seconds, shares.done, shares.failed + shares.unknown))
        self.pace.setText(self._pace_words(shares, seconds))

    def _pace_words(self, shares: Shares, seconds: float) -> str:
        parts = [tr("{time} so far", time=duration(seconds))]
        rate = self._pace.per_minute()
        if rate:
            parts.append(tr("{rows} a minute", rows=rows_words(rate)))
        left = self._pace.seconds_left(shares.sendable)
        if left is not None and shares.waiting:
            parts.append(tr("about {time} left", time=duration(left)))
        return " · ".join(parts)

    def begin(self) -> None:
        """A sending begins (again): pace and chart start afresh."""
        self._pace = Pace()
        self._began = self._shares = None
        self.chart.clear()
        self.pace.setText("")

    def end(self, seconds: float) -> None:
        """Nothing is sent any more; `seconds` is what the run took in all."""
        self.wait_line.stop()
        if len(self.chart.moments()) < 2:  # over before there was a line to draw
            self.chart.hide()
        self.pace.setText(tr("Took {time}", time=duration(seconds)) if seconds else "")
