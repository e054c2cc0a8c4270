"""What every test shares: the large profiles stay out unless asked for, and nothing leaves loopback."""

from __future__ import annotations

import os
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


@pytest.fixture(autouse=True)
def own_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a data directory of its own; nobody's real runs or accounts are touched."""
    folder = tmp_path / "gb-data"
    monkeypatch.setenv("GB_DESKTOP_DATA_DIR", str(folder))
    for name in ("API_KEY", "SECRET_KEY", "BASE_URL", "API_VERSION", "ADJUST_UNIT"):
        monkeypatch.delenv(f"GB_DESKTOP_{name}", raising=False)
    return folder
