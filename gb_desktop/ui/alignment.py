"""How texts and numbers stand in a table's columns."""

from __future__ import annotations

from PySide6.QtCore import Qt

TEXTS = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
# To the right in every language, as a sheet shows them: digits are written from the left even in Arabic, and only
# numbers whose last digits stand below each other can be compared at a glance.
NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
