"""What About and the diagnostics name is what the app is made of."""

from __future__ import annotations

import tomllib
from pathlib import Path

from gb_desktop.ui.diagnostics import libraries

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_that_the_libraries_named_are_those_that_the_app_is_built_with() -> None:
    wanted = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    found = {library.name: library for library in libraries()}
    assert found.keys() == {line.partition("==")[0] for line in wanted}
    assert all(library.licence and library.version for library in found.values())
