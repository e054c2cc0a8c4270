"""Failed rows taken into a new draft: the account of their run is proposed, and chosen by a click alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from gb_desktop.app import Wanted
from gb_desktop.mapping.model import Source
from gb_desktop.runs import schema
from gb_desktop.runs.meta import Meta
from gb_desktop.ui.flow import Step
from gb_desktop.ui.steps.columns_step import ColumnsPage
from gb_desktop.ui.steps.workbook_step import WorkbookPage
from tests import sheets
from tests.ui.whole_window import LIVE, Whole, made_desk, whole_window

pytestmark = pytest.mark.window
LIVE_LINE = 1


@pytest.fixture(scope="module")
def failed(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Whole, str]]:
    """A window whose practice account sent a sheet of which some rows failed; that run."""
    folder = tmp_path_factory.mktemp("desk")
    desk = made_desk(folder, pace=0, queue=0, scenario="picky")
    with whole_window(qapp, desk, Wanted(practice=True)) as whole:
        desk.save_settings(desk.settings())
        whole.account(0)
        whole.choose_type("cashback")
        whole.open_file(sheets.clean(folder / "March.xlsx", 60))
        whole.next_to(Step.SEND)
        whole.sent()
        (run,) = whole.desk.runs()
        assert run.counts.failed
        yield whole, run.run


def retried(whole: Whole, run: str) -> str:
    """The draft of the run's failed rows, open in the wizard."""
    draft = whole.desk.retry_failed(run)
    whole.main.show_place("new")
    whole.session.open_draft.emit(draft)
    whole.until(lambda: whole.session.run == draft, "the draft")
    whole.idle()
    return draft


def taken_from(whole: Whole, results: Path) -> None:
    """The Columns step of a new batch with the failed rows of a results workbook."""
    whole.main.show_place("new")
    whole.main.wizard.begin()
    whole.idle()
    whole.choose_type("cashback")
    whole.open_file(results)
    page = whole.main.wizard.page
    assert isinstance(page, WorkbookPage)
    page._take_failed()
    whole.idle()
    whole.next_to(Step.COLUMNS)


def proposed(whole: Whole) -> str:
    banner = whole.main.wizard.proposal.banner
    return banner.accessibleName().replace("\u2068", "").replace("\u2069", "") if banner.isVisible() else ""


def click(whole: Whole, name: str) -> None:
    button = whole.main.wizard.proposal.findChild(QPushButton, name)
    assert button is not None
    button.click()
    whole.idle()


def test_that_the_draft_keeps_the_account_of_its_run(failed: tuple[Whole, str]) -> None:
    whole, run = failed
    facts = whole.desk.shelf.facts(whole.desk.retry_failed(run))
    assert (facts.account, facts.environment) == ("Practice", "practice")


def test_that_nothing_is_proposed_where_the_account_is_chosen(failed: tuple[Whole, str]) -> None:
    whole, run = failed
    whole.account(0)
    retried(whole, run)
    assert proposed(whole) == ""


def test_that_another_account_stays_chosen_until_the_proposal_is_taken(failed: tuple[Whole, str]) -> None:
    whole, run = failed
    whole.account(LIVE_LINE)
    retried(whole, run)
    assert (
        proposed(whole)
        == f"These rows were sent with the account Practice (PRACTICE) before. Now {LIVE.name} (LIVE) is chosen."
    )
    assert whole.session.account == LIVE
    click(whole, "use_retry_account")
    assert whole.session.account is not None
    assert whole.session.account.name == "Practice"
    assert proposed(whole) == ""


def test_that_no_account_is_chosen_by_itself_and_a_proposal_can_be_closed(failed: tuple[Whole, str]) -> None:
    whole, run = failed
    whole.session.forget_account()
    retried(whole, run)
    assert "No account is chosen now." in proposed(whole)
    assert whole.session.account is None
    whole.main.wizard.proposal.banner.close_button.click()
    whole.account(LIVE_LINE)
    assert proposed(whole) == ""
    retried(whole, run)
    assert f"Now {LIVE.name} (LIVE) is chosen." in proposed(whole)


def test_that_an_account_that_is_gone_is_not_proposed(failed: tuple[Whole, str]) -> None:
    whole, run = failed
    whole.account(LIVE_LINE)
    draft = whole.desk.retry_failed(run)
    for other in ({"name": "Gone", "environment": "test"}, {"name": LIVE.name, "environment": "test"}):
        with closing(schema.open_to_write(whole.desk.shelf.path(draft))) as db:
            Meta(db).update(account={**Meta(db).get("account"), **other})
        whole.session.use_draft(None)
        whole.idle()
        whole.session.open_draft.emit(draft)
        whole.until(lambda: whole.session.run == draft, "the draft")
        whole.idle()
        assert proposed(whole) == ""


def test_that_failed_rows_of_a_results_workbook_propose_it_too(failed: tuple[Whole, str], tmp_path: Path) -> None:
    whole, run = failed
    results = whole.desk.write_report(run, tmp_path / "results.xlsx")
    whole.account(LIVE_LINE)
    taken_from(whole, results)
    assert "(PRACTICE) before." in proposed(whole)
    assert whole.session.account == LIVE


def test_that_the_columns_of_failed_rows_can_be_matched_anew(failed: tuple[Whole, str], tmp_path: Path) -> None:
    whole, run = failed
    whole.account(0)
    taken_from(whole, whole.desk.write_report(run, tmp_path / "results.xlsx"))
    page, suggested = whole.main.wizard.page, whole.session.suggested
    assert isinstance(page, ColumnsPage)
    assert suggested is not None
    assert "whose failed rows these are" in page.banner.title.text()
    page._source_changed(("email", Source.constant("a@example.com")))
    button = page.banner.findChild(QPushButton, "match_anew")
    assert button is not None
    button.click()
    whole.idle()
    assert whole.session.mapping == suggested.anew
    assert whole.session.mapping is not None
    assert "email" not in whole.session.mapping.sources
