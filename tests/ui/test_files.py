"""File dialogs of the real window begin in the folder that was used last."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from gb_desktop.app import Wanted
from gb_desktop.places import resources_dir
from tests import sheets
from tests.ui.whole_window import Whole, plain_desk, whole_window

pytestmark = pytest.mark.window


def _dialog() -> QFileDialog:
    found = QApplication.activeModalWidget()
    assert isinstance(found, QFileDialog)
    return found


def _begins_in(dialog: QFileDialog) -> Path:
    place = Path(dialog.directory().absolutePath())
    dialog.reject()
    return place


def _on_workbook(whole: Whole) -> None:
    whole.account(0)
    whole.choose_type("cashback")


def test_that_a_workbook_is_looked_for_where_the_last_one_was(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "march").mkdir()
    sheet = sheets.clean(tmp_path / "march" / "March.xlsx", 12)
    with whole_window(qapp, plain_desk(tmp_path / "data"), Wanted()) as opened:
        _on_workbook(opened)
        opened.main.wizard.page._browse()
        assert _begins_in(_dialog()) == Path.home()
        opened.main.wizard.page._browse()
        _dialog().fileSelected.emit(str(sheet))
        _dialog().reject()
        opened.idle()
        assert opened.session.look is not None
    with whole_window(qapp, plain_desk(tmp_path / "data"), Wanted()) as opened:
        _on_workbook(opened)
        opened.main.wizard.page._browse()
        assert _begins_in(_dialog()) == sheet.parent
        shutil.rmtree(sheet.parent)
        opened.main.wizard.page._browse()
        assert _begins_in(_dialog()) == Path.home()


def test_that_results_are_saved_where_the_last_ones_were(whole: Whole, tmp_path: Path) -> None:
    draft = whole.desk.new_draft()
    draft.set_type("cashback")
    draft.look(resources_dir() / "samples" / "cashback.xlsx", whole.session.options)
    draft.load(whole.session.options, lambda _progress: None)
    draft.close()
    whole.session.habits.use_folder("workbook", tmp_path)
    (tmp_path / "results").mkdir()
    whole.session.habits.use_folder("results", tmp_path / "results")
    whole.session.habits.use_folder("mapping", tmp_path)
    whole.main.show_place("runs")
    whole.idle()
    whole.main.runs.table.selectRow(0)
    whole.main.runs._save()
    dialog = _dialog()
    assert dialog.selectedFiles() == [str(tmp_path / "results" / "cashback-results.xlsx")]
    assert _begins_in(dialog) == tmp_path / "results"
