"""The house: everything but the window works where Qt can't be imported, and files stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "gb_desktop"
LONGEST_FILE = 350

WITHOUT_QT = """
import sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError("Qt is not to be had here")

sys.meta_path.insert(0, NoQt())
import importlib, pkgutil, gb_desktop
for found in pkgutil.walk_packages(gb_desktop.__path__, "gb_desktop."):
    if not found.name.startswith(("gb_desktop.ui", "gb_desktop.app")):
        importlib.import_module(found.name)
from gb_desktop.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_that_every_room_but_the_window_works_without_qt(tmp_path: Path) -> None:
    sheet = ROOT / "resources" / "samples" / "cashback.xlsx"
    command = [sys.executable, "-c", WITHOUT_QT, "check", str(sheet), "--type", "cashback", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert '"rows": 120' in done.stdout


@pytest.mark.parametrize("argument", ["--worker", "runs"])
def test_that_the_worker_and_the_command_line_never_load_qt(argument: str) -> None:
    code = (
        "import sys; sys.argv = ['gb-desktop']; from gb_desktop.__main__ import main; "
        f"code = main([{argument!r}]); print([name for name in sys.modules if 'PySide6' in name], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, input="")
    assert done.stderr.strip().endswith("[]"), done.stderr


def test_that_no_file_is_longer_than_350_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_that_imports_stand_at_the_top_of_their_module() -> None:
    """Only the entry point may import lazily, so that the worker and the command line never load Qt."""
    hidden = []
    for path in PACKAGE.rglob("*.py"):
        if path.name == "__main__.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        hidden += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for function in functions
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
    assert hidden == []
