"""Windows without a screen; one that several tests of a file share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from gb_desktop.app import Wanted
from tests.ui.whole_window import Whole, made_desk, whole_window


@pytest.fixture(scope="module")
def opened_once(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A window over a practice service that takes no time."""
    desk = made_desk(tmp_path_factory.mktemp("desk"), pace=0, queue=0)
    with whole_window(qapp, desk, Wanted(practice=True)) as opened:
        yield opened


@pytest.fixture
def whole(opened_once: Whole) -> Whole:
    """The window as if just opened, on the practice account."""
    opened_once.clear()
    opened_once.account(0)
    return opened_once
