"""The window comes back where it was, if there is still a screen for it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QApplication

from gb_desktop.app import Wanted
from gb_desktop.habits import Habits, WindowPlace
from gb_desktop.places import resources_dir
from gb_desktop.ui.window_place import inside, place_of
from tests.ui.test_frame_app import wait_for_a_run
from tests.ui.whole_window import plain_desk, whole_window

LEAST = QSize(1024, 700)
ONE, BESIDE = QRect(0, 0, 1920, 1080), QRect(1920, 0, 2560, 1400)
SAMPLE = resources_dir() / "samples" / "cashback.xlsx"


@pytest.mark.parametrize(
    ("wanted", "rooms", "given"),
    [
        (QRect(100, 90, 1300, 800), [ONE], QRect(100, 90, 1300, 800)),
        (QRect(2500, 90, 1300, 800), [ONE, BESIDE], QRect(2500, 90, 1300, 800)),
        (QRect(2500, 90, 1300, 800), [ONE], QRect(310, 160, 1300, 800)),  # the second screen was taken away
        (QRect(1800, 1000, 1300, 800), [ONE], QRect(620, 280, 1300, 800)),  # mostly beyond the edges
        (QRect(-900, 0, 1300, 800), [ONE], QRect(0, 40, 1300, 800)),  # its title bar is on the screen too
        (QRect(0, 40, 3000, 2000), [ONE], QRect(0, 40, 1920, 1040)),
        (QRect(0, 0, 1300, 800), [QRect(0, 0, 800, 600)], QRect(0, 40, 1024, 700)),
        (QRect(100, 90, 3, 3), [ONE], QRect(100, 90, 1024, 700)),
    ],
)
def test_that_the_window_is_on_a_screen_and_no_larger_than_it(wanted: QRect, rooms: list[QRect], given: QRect) -> None:
    assert inside(wanted, rooms, LEAST) == given


@pytest.mark.parametrize("kept", [{}, {"x": 1}, {"x": 1, "y": 1, "width": "9", "height": 1, "maximised": False}])
def test_that_a_place_that_cannot_be_understood_is_as_none(tmp_path: Path, kept: dict[str, Any]) -> None:
    (tmp_path / "habits.json").write_text(json.dumps({"window": kept}), encoding="utf-8")
    assert Habits(tmp_path).window is None


@pytest.mark.window
def test_that_a_window_comes_back_maximised_with_its_other_size(qapp: QApplication, tmp_path: Path) -> None:
    with whole_window(qapp, plain_desk(tmp_path), Wanted()) as opened:
        opened.main.setGeometry(7, 50, 1100, 720)
        opened.main.showMaximized()
        opened.main.close()
        opened.until(lambda: opened.main._closing.over, "the end of the window")
        assert place_of(opened.main) == WindowPlace(7, 50, 1100, 720, True)
    assert Habits(tmp_path).window == WindowPlace(7, 50, 1100, 720, True)
    with whole_window(qapp, plain_desk(tmp_path), Wanted()) as opened:
        opened.window.take_place()
        assert opened.main.isMaximized()
        assert opened.main.normalGeometry().size().height() == 720


def _after_a_start(folder: Path, screens: list[dict[str, int]]) -> WindowPlace | None:
    """What the app remembers after it was started on these screens and ended politely."""
    config = folder / "screens.json"
    plain = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    named = [{"name": f"screen {at}", **plain, **screen} for at, screen in enumerate(screens)]
    config.write_text(json.dumps({"screens": named}), encoding="utf-8")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        "GB_DESKTOP_DATA_DIR": str(folder / "data"),
    }
    command = [sys.executable, "-m", "gb_desktop", str(SAMPLE), "--practice"]
    before = len(list(folder.glob("data/runs/*.gbrun")))
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    wait_for_a_run(folder / "data", process, before)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    return Habits(folder / "data").window


@pytest.mark.window
def test_that_the_app_opens_where_it_was_and_on_the_screen_that_is_left(tmp_path: Path) -> None:
    screens = [
        {"x": 0, "y": 0, "width": 1366, "height": 768},
        {"x": 1366, "y": 0, "width": 2560, "height": 1440},
    ]
    (tmp_path / "data").mkdir()
    moved = WindowPlace(1500, 100, 1600, 1000)
    habits = Habits(tmp_path / "data")
    habits.use_window(moved)
    habits.write()
    assert _after_a_start(tmp_path, screens) == moved
    alone = _after_a_start(tmp_path, screens[:1])
    assert alone is not None
    assert (alone.y, alone.width, alone.height) == (40, 1366, 728)
    assert 0 <= alone.x <= 2, "a frame may take a pixel or two"
