"""Signals must not wear out Python's True."""

from __future__ import annotations

import os
import subprocess
import sys

_EMITTING = """
import gb_desktop.ui
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Source(QObject):
    news = Signal(object)
application = QCoreApplication([])
source = Source()
for number in range(200_000):
    source.news.emit(number)
"""


def test_that_two_hundred_thousand_signals_do_not_end_the_process() -> None:
    ended = subprocess.run([sys.executable, "-c", _EMITTING], env={**os.environ}, capture_output=True, check=False)
    assert ended.stderr == b""
    assert ended.returncode == 0
