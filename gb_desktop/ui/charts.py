"""Two small painted charts: how amounts are spread, and how a sending run went over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gb_desktop.text import amount_words, isolated, rows_words, tr
from gb_desktop.ui import tokens
from gb_desktop.ui.theme import colours
from gb_desktop.ui.words import duration

_MOST_POINTS = 400  # more would be finer than the pixels of any screen
_BAR_GAP = 3
_BROADEST = 64.0  # one bar alone would be a wall


class Histogram(QWidget):
    """Bars of (from, to, count), a count above each, the range below. Read aloud as text."""

    def __init__(self, parent: QWidget | None = None, name: str = "", tooltip: str = "") -> None:
        """name, tooltip: what is counted; of amounts where nothing is said."""
        super().__init__(parent)
        self._name = name or tr("Spread of the amounts")
        self._bars: tuple[tuple[str, str, int], ...] = ()
        self.setObjectName("histogram")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(tooltip or tr("How many rows have an amount in each range"))

    def set_bars(self, bars: Sequence[tuple[str, str, int]]) -> None:
        self._bars = tuple(bars)
        self.setAccessibleName(self._name)
        self.setAccessibleDescription("\n".join(_bar_words(bar) for bar in self._bars))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 150)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme = colours(self.palette())
        line = self.fontMetrics().height()
        area = QRectF(0, line + tokens.TINY, self.width(), self.height() - 2 * line - tokens.MEDIUM)
        width = area.width() / len(self._bars)
        highest = max(count for _low, _high, count in self._bars) or 1
        painter.fillRect(QRectF(0, area.bottom(), self.width(), 1), QColor(scheme.border))
        for place, (_low, _high, count) in enumerate(self._bars):
            self._bar(painter, area, place, width, count / highest)
            self._count(painter, area, place, width, count, highest)
        self._ends(painter, QColor(scheme.muted))
        painter.end()

    def _left(self, place: int, width: float) -> float:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return (len(self._bars) - 1 - place if mirrored else place) * width

    def _bar(self, painter: QPainter, area: QRectF, place: int, width: float, share: float) -> None:
        if not share:
            return
        height = max(2.0, area.height() * share)
        broad = min(_BROADEST, max(1.0, width - _BAR_GAP))
        shape = QRectF(self._left(place, width) + (width - broad) / 2, area.bottom() - height, broad, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours(self.palette()).accent_fill))
        painter.drawRoundedRect(shape, 2, 2)

    def _count(self, painter: QPainter, area: QRectF, place: int, width: float, count: int, highest: int) -> None:
        text = tr("{count}", count=count)
        needed = self.fontMetrics().horizontalAdvance(text) + 2.0
        if not count or (needed > width and count < highest):  # the highest one is always told
            return
        room = max(width, needed)
        left = self._left(place, width) + (width - room) / 2
        left = min(max(0.0, left), max(0.0, self.width() - room))
        painter.setPen(QColor(colours(self.palette()).muted))
        top = area.bottom() - max(2.0, area.height() * count / highest) - self.fontMetrics().height()
        place_of = QRectF(left, top, room, self.fontMetrics().height())
        painter.drawText(place_of, Qt.AlignmentFlag.AlignCenter, text)

    def _ends(self, painter: QPainter, colour: QColor) -> None:
        painter.setPen(colour)
        line = self.fontMetrics().height()
        below = QRectF(0, self.height() - line - 1, self.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeading, isolated(_edge(self._bars[0][0])))
        painter.drawText(below, Qt.AlignmentFlag.AlignTrailing, isolated(_edge(self._bars[-1][1])))


def _bar_words(bar: tuple[str, str, int]) -> str:
    low, high, count = bar
    return tr("{low} to {high}: {rows}", low=_edge(low), high=_edge(high), rows=rows_words(count))


def _edge(amount: str) -> str:
    """The end of a range as the figures beside it are written: `0.30` as `0.3`, `2000.00` as `2,000`."""
    return amount_words(amount.rstrip("0").rstrip(".") if "." in amount else amount)


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a run was, `seconds` after it began."""

    seconds: float
    done: int  # rows with an outcome
    bad: int  # of them failed or unknown


class ProgressChart(QWidget):
    """Rows with an outcome over time, failed and unknown ones below in another line; thinned out as it grows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moments: list[Moment] = []
        self._every = 0.0
        self._total = 0
        self.setObjectName("progress-chart")
        self.setAccessibleName(tr("Progress over time"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(360, 120)

    def set_total(self, rows: int) -> None:
        """The height of the chart: all rows that are sent."""
        self._total = rows
        self.update()

    def clear(self) -> None:
        self._moments.clear()
        self._every = 0.0
        self.update()

    def add(self, moment: Moment) -> None:
        """Add what is known now. Moments closer together than the chart can show replace the last one."""
        if len(self._moments) > 1 and moment.seconds - self._moments[-2].seconds < self._every:
            self._moments[-1] = moment
        else:
            self._moments.append(moment)
        if len(self._moments) > _MOST_POINTS:
            self._moments = self._moments[::2] + self._moments[-1:]
            self._every = 2 * self._moments[-1].seconds / _MOST_POINTS
        self.setAccessibleDescription(
            tr(
                "{done} of {rows} after {time}",
                done=moment.done,
                rows=rows_words(self._total),
                time=duration(moment.seconds),
            )
        )
        self.update()

    def moments(self) -> tuple[Moment, ...]:
        return tuple(self._moments)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme = colours(self.palette())
        line = self.fontMetrics().height()
        area = QRectF(0, tokens.TINY, self.width(), self.height() - line - tokens.SMALL)
        painter.setPen(QPen(QColor(scheme.border), 1))
        for part in range(5):
            height = area.top() + area.height() * part / 4
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
        if len(self._moments) > 1 and self._total:
            self._draw(painter, area, scheme.accent_fill, scheme.danger)
        painter.setPen(QColor(scheme.muted))
        below = QRectF(0, self.height() - line, self.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeading, isolated(duration(0)))
        if self._moments:
            painter.drawText(below, Qt.AlignmentFlag.AlignTrailing, isolated(duration(self._moments[-1].seconds)))
            if self._moments[-1].bad:
                painter.setPen(QColor(scheme.danger))
                painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, tr("Dashed: failed or unknown"))
        painter.end()

    def _draw(self, painter: QPainter, area: QRectF, done: str, bad: str) -> None:
        whole = self._curve(area, [(moment.seconds, moment.done) for moment in self._moments])
        under = QPainterPath(whole)
        under.lineTo(whole.currentPosition().x(), area.bottom())
        under.lineTo(self._x(area, 0.0), area.bottom())
        under.closeSubpath()
        soft = QColor(done)
        soft.setAlpha(40)
        painter.fillPath(under, soft)
        painter.strokePath(whole, QPen(QColor(done), 2))
        if self._moments[-1].bad:
            curve = self._curve(area, [(moment.seconds, moment.bad) for moment in self._moments])
            painter.strokePath(curve, QPen(QColor(bad), 2, Qt.PenStyle.DashLine))

    def _curve(self, area: QRectF, points: Sequence[tuple[float, int]]) -> QPainterPath:
        path = QPainterPath(QPointF(self._x(area, 0.0), area.bottom()))
        for seconds, rows in points:
            path.lineTo(self._x(area, seconds), area.bottom() - area.height() * min(1.0, rows / self._total))
        return path

    def _x(self, area: QRectF, seconds: float) -> float:
        share = seconds / max(self._moments[-1].seconds, 0.001)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        return area.left() + area.width() * share
