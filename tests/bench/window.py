"""How long the window ever stalls: `python -m tests.bench.window [ROWS] [--where] [--to-check]`. Judges nothing.

A sheet of ROWS rows (100,000 unless told) is looked at, loaded, checked, scrolled, reviewed and sent to the practice
service without rate limits, in the real window under a real event loop. `--where` adds what the GUI thread was doing
whenever it was late. `--to-check` ends after the grid: a million rows need not be sent to measure it.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gb_desktop.accounts.backends import MemoryBackend
from gb_desktop.accounts.vault import Vault
from gb_desktop.app import SWITCH_SECONDS, Wanted, Window
from gb_desktop.desk import Desk
from gb_desktop.ui.errors import Reporter
from gb_desktop.ui.flow import Step
from tests.bench.heartbeat import Heartbeat, Watcher
from tests.bench.staging import make_cashback
from tests.e2e.cli_sheets import cashback_rows, write_sheet

_LOOK_MS = 20
_SCROLLS = 150
_MOST_WRITTEN = 200_000  # rows, beyond which the slower writer would take minutes
Until = Callable[[], object]


class Walk(QObject):
    """Walks through the window; each step is a phase with a heartbeat of its own."""

    def __init__(self, app: QApplication, window: Window, file: Path, where: bool, to_check: bool) -> None:
        super().__init__()
        self._to_check = to_check
        self._app = app
        self._window = window
        self._file = file
        self._where = where
        self._heart = Heartbeat(self)
        self._watcher: Watcher | None = None
        self._began = 0.0
        self._scrolled = 0
        self._steps = self._walk()
        self._wanted: Until = lambda: True
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        if not self._wanted():
            return
        try:
            self._wanted = next(self._steps)
        except StopIteration:
            self._timer.stop()
            self._window.main.closed.connect(self._app.quit)
            self._window.main.close()

    # ------------------------------------------------------------------ phases

    def _begin(self) -> None:
        self._began = time.perf_counter()
        self._watcher = Watcher(self._heart) if self._where else None
        self._heart.__enter__()
        if self._watcher is not None:
            self._watcher.__enter__()

    def _end(self, name: str) -> None:
        self._heart.__exit__()
        took = time.perf_counter() - self._began
        heart = self._heart
        late = sum(gap > 0.1 for gap in heart.gaps)
        print(
            f"{name:24} {took:7.1f} s   longest stall {heart.longest * 1000:6.0f} ms   "
            f"99th percentile {heart.share(0.99) * 1000:5.1f} ms   over 100 ms: {late}   "
            f"own work at most {max(heart.work, default=0.0) * 1000:.0f} ms",
            flush=True,
        )
        if self._watcher is not None:
            self._watcher.__exit__()
            for seconds, stack in sorted(self._watcher.seen, reverse=True)[:3]:
                print(f"    late by {seconds * 1000:.0f} ms and counting, at\n{stack}")

    def _walk(self) -> Iterator[Until]:
        session, wizard = self._window.session, self._window.main.wizard
        yield lambda: session.facts is not None
        session.batch_type = "cashback"
        wizard.refresh()
        wizard.next()
        yield lambda: wizard.flow.current is Step.WORKBOOK
        self._begin()
        wizard.page.open_file(str(self._file))
        yield lambda: session.look is not None
        self._end("look (first 100 rows)")
        self._begin()
        yield wizard.next_button.isEnabled
        self._end("load")
        yield from self._next(Step.COLUMNS, "columns", wizard.next_button.isEnabled)
        yield from self._next(Step.CHECK, "check", wizard.next_button.isEnabled)
        yield from self._scrolling("scroll", lambda: self._scrolled < _SCROLLS)
        page = wizard.page
        page._check_again()  # type: ignore[attr-defined]
        yield from self._scrolling("scroll during a check", lambda: page.jobs.running)  # type: ignore[attr-defined]
        if self._to_check:
            return
        yield from self._next(Step.REVIEW, "review", wizard.next_button.isEnabled)
        yield from self._next(Step.SEND, "plan", lambda: wizard.flow.current is Step.SEND)
        self._begin()
        yield lambda: not session.sendings.active()
        self._end("send")
        yield lambda: not session.desk_tasks.busy

    def _next(self, step: Step, name: str, over: Until) -> Iterator[Until]:
        wizard = self._window.main.wizard
        self._begin()
        wizard.next()
        yield lambda: wizard.flow.current is step
        yield over
        self._end(name)

    def _scrolling(self, name: str, goes_on: Callable[[], bool]) -> Iterator[Until]:
        view = self._window.main.wizard.page.sheet.view  # type: ignore[attr-defined]
        bar = view.verticalScrollBar()
        repaints: list[float] = []
        work: list[float] = []
        self._scrolled = 0
        self._begin()
        while goes_on():
            self._scrolled += 1
            if self._scrolled % 3:
                QTest.keyClick(view, Qt.Key.Key_PageDown)
            else:
                bar.setValue(bar.maximum() * (self._scrolled % _SCROLLS) // _SCROLLS)
            began, spent = time.perf_counter(), time.thread_time()
            view.viewport().repaint()
            repaints.append((time.perf_counter() - began) * 1000)
            work.append((time.thread_time() - spent) * 1000)
            yield lambda: True
        self._end(name)
        print(f"    {len(repaints):,} repaints: {_spread(repaints)}; own work {_spread(work)}")


def _spread(figures: list[float]) -> str:
    ordered = sorted(figures)
    return (
        f"{ordered[len(ordered) // 2]:.1f} ms in the middle, 99 in 100 under {ordered[len(ordered) * 99 // 100]:.1f} ms"
    )


def main() -> None:
    """Measure once, as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=100_000)
    parser.add_argument("--where", action="store_true", help="say what the GUI thread did when it was late")
    parser.add_argument("--to-check", action="store_true", help="end after the grid")
    asked = parser.parse_args()
    sys.setswitchinterval(SWITCH_SECONDS)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "sheet.xlsx"
        if asked.rows > _MOST_WRITTEN:
            make_cashback(file, asked.rows)
        else:
            write_sheet(file, cashback_rows(asked.rows))
        gc.collect()  # what making the sheet left is none of the window's garbage
        print(f"{asked.rows:,} rows, {file.stat().st_size / 1e6:.1f} MB, {app.platformName()}")
        desk = Desk(Path(place) / "data", Vault(MemoryBackend()), {"pace": 0, "queue": 0, "limits": 0})
        window = Window(app, desk, Reporter())
        window.begin(Wanted(practice=True))
        walk = Walk(app, window, file, asked.where, asked.to_check)
        app.exec()
        ended = window.end()
        walk.deleteLater()
        desk.close()
    if not ended:
        sys.exit("A thread of the window did not end.")


if __name__ == "__main__":
    main()
