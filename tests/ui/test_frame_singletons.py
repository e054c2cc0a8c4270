"""Qt calls must not wear out Python's None and True."""

from __future__ import annotations

import subprocess
import sys

_CALLING = """
import gb_desktop.ui
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Source(QObject):
    news = Signal(object)
application = QCoreApplication([])
source = Source()
for number in range(200_000):
    source.news.emit(number)
    source.setObjectName("source")
"""


def test_that_hundreds_of_thousands_of_qt_calls_do_not_end_the_process() -> None:
    ended = subprocess.run([sys.executable, "-c", _CALLING], capture_output=True, check=False)
    assert ended.stderr == b""
    assert ended.returncode == 0
