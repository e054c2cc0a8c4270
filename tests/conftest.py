"""What every test shares: the large profiles stay out unless asked for, and nothing leaves loopback."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the large profiles out unless `installer/test.sh --full` asked for them."""
    if os.environ.get("GB_DESKTOP_FULL"):
        return
    skip = pytest.mark.skip(reason="a large profile: bash installer/test.sh --full runs it")
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(skip)


def pytest_collection_finish() -> None:
    """What is there before the first test is looked through by no later collection."""
    gc.collect()
    gc.freeze()


def opens_windows(path: Path) -> bool:
    return path.parent.name == "ui" or path.stem.startswith("test_window")


@pytest.fixture(autouse=True, scope="module")
def garbage_of_windows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where windows are opened, garbage is collected between tests and in this thread.

    The automatic collector runs in any thread, such as the one that speaks with the process which leads the tests, and
    Qt objects that are destroyed there take the process with them.
    """
    if not opens_windows(request.path):
        yield
        return
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def garbage_of_a_window(request: pytest.FixtureRequest, garbage_of_windows: None) -> Iterator[None]:
    yield
    if opens_windows(request.path):
        gc.collect()


@pytest.fixture(autouse=True)
def own_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a data directory of its own; nobody's real runs or accounts are touched."""
    folder = tmp_path / "gb-data"
    monkeypatch.setenv("GB_DESKTOP_DATA_DIR", str(folder))
    for name in ("API_KEY", "SECRET_KEY", "BASE_URL", "API_VERSION", "ADJUST_UNIT"):
        monkeypatch.delenv(f"GB_DESKTOP_{name}", raising=False)
    return folder
