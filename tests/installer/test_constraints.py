"""Every package that pip would install is pinned, exactly and without a place to fetch it from."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LINES = [line for line in (ROOT / "installer" / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
PINS = {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in LINES}
DIRECT = [Requirement(text) for text in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]


def test_that_every_line_is_a_name_and_an_exact_version() -> None:
    assert [line for line in LINES if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line)] == []
    assert len(PINS) == len(LINES)


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda requirement: requirement.name)
def test_that_the_pin_is_the_version_the_project_asks_for(requirement: Requirement) -> None:
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_that_what_those_packages_need_in_turn_is_pinned_too() -> None:
    assert set(_needed(DIRECT, set())) <= set(PINS)


def _needed(requirements: list[Requirement], seen: set[str]) -> Iterator[str]:
    """The names of the requirements and all they lead to, on this system."""
    for requirement in requirements:
        name = canonicalize_name(requirement.name)
        if name in seen:
            continue
        seen.add(name)
        yield name
        further = [Requirement(text) for text in importlib.metadata.requires(name) or []]
        extras = requirement.extras or {""}
        yield from _needed(
            [one for one in further if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in extras)],
            seen,
        )
