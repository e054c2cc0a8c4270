"""The list of accounts is read in the background: what is typed into a form meanwhile outlasts it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.whole_window import TEST, Whole

pytestmark = pytest.mark.window


def _shown(whole: Whole) -> None:
    whole.main.show_place("accounts")
    whole.idle()
    page = whole.main.accounts
    page.list.setCurrentRow([account.name for account in page._accounts].index(TEST.name))


def test_that_keys_typed_before_the_list_came_stay_in_the_form(whole: Whole) -> None:
    _shown(whole)
    page = whole.main.accounts
    assert page.form.account is not None
    whole.desk.accounts.update(replace(page.form.account, dialect="b"))  # a run has learnt it meanwhile
    page.reload()
    page.form.api_key.setText("gb_test_new")
    page.form.secret_key.setText("hush")
    whole.idle()
    assert (page.form.api_key.text(), page.form.secret_key.text()) == ("gb_test_new", "hush")
    assert page.list.currentItem().text().startswith(TEST.name)
    assert page.form.account.dialect == "b"


def test_that_an_account_that_was_changed_elsewhere_is_shown_as_it_is_now(whole: Whole) -> None:
    _shown(whole)
    page = whole.main.accounts
    before = page.form.account
    assert before is not None
    whole.desk.accounts.update(replace(before, proxy="http://proxy.example:8080"))
    page.reload()
    whole.idle()
    assert page.form.account is not None
    assert page.form.account.proxy == "http://proxy.example:8080"
    whole.desk.accounts.update(before)
