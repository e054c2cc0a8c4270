"""The commands about sheets and runs: check, submit, resume, stop, resolve, report, runs, template."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path

from gb_desktop.accounts.environ import from_environment
from gb_desktop.accounts.model import ENVIRON_NAME, Account
from gb_desktop.cli_sending import drive, naming_new_keys, send, submitted, told_end
from gb_desktop.cli_sheets import blocking, checked_sheet
from gb_desktop.cli_show import (
    ProgressPrinter,
    check_result,
    print_check,
    print_json,
    print_runs,
    print_summary,
    say,
)
from gb_desktop.desk import Desk
from gb_desktop.runs.draft import Draft
from gb_desktop.runs.locks import is_locked
from gb_desktop.runs.model import AccountFacts, CheckSummary, Loaded, RunError, RunFacts, RunState, SendSettings
from gb_desktop.runs.report import require_other_file
from gb_desktop.text import rows_words, tr

NOBODY = AccountFacts(name="", environment="practice", base_url="", version="v4.0", fingerprint="")
ADJUSTMENT = "balance-adjustment"
AGAIN = {  # what a person can do about rows that were sent before, by the reason of the refusal
    "again": "{found} Add --again if that is meant.",
    "known": "{found} Add --again to send them all the same, or --skip-sent to leave those rows out.",
}


def run_runs(desk: Desk, options: argparse.Namespace) -> int:
    print_runs(desk.runs(), options.json)
    return 0


def run_template(desk: Desk, options: argparse.Namespace) -> int:
    desk.write_template(options.type, options.out)
    say(tr("The template is at {path}.", path=options.out))
    return 0


def run_report(desk: Desk, options: argparse.Namespace) -> int:
    desk.write_report(options.name, options.out, ProgressPrinter().step)
    say(tr("The results workbook is at {path}.", path=options.out))
    return 0


def _require_place(out: Path | None, source: Path) -> None:
    """Refuse a file that can't be written before anything else is done: after sending it would be too late."""
    if out is None:
        return
    require_other_file(source, out)
    if out.is_dir():
        raise RunError(tr("{path} is a folder: give the name of a file.", path=out))
    folder = out.absolute().parent
    if not folder.is_dir():
        raise RunError(tr("{path} can't be written: there is no folder {folder}.", path=out, folder=folder))
    if not os.access(folder, os.W_OK):
        raise RunError(tr("{path} can't be written: nothing may be saved in {folder}.", path=out, folder=folder))


def run_check(desk: Desk, options: argparse.Namespace) -> int:
    """Check a sheet and forget it again; nothing stays on this computer."""
    _require_place(options.annotated, options.file)
    draft = desk.new_draft()
    try:
        loaded, mapping, checked = checked_sheet(desk, draft, options, NOBODY)
        review = draft.review(NOBODY, desk.send_settings())
        if options.annotated:
            draft.write_annotated(options.annotated)
    finally:
        draft.close()
        desk.delete_run(draft.run)
    found = check_result(loaded, mapping, checked, review)
    if options.json:
        print_json(found)
    else:
        print_check(found)
    return 1 if checked.counts.errors or blocking(checked) else 0


def run_submit(desk: Desk, options: argparse.Namespace) -> int:
    """Check a sheet and send it, watch it to its end, and write the results workbook."""
    _require_place(options.report, options.file)
    account = _account(desk, options)
    facts = desk.facts(account)
    draft = desk.new_draft()
    planned = False
    try:
        loaded, _, checked = checked_sheet(desk, draft, options, facts)
        _ask_about_rows(options, loaded, checked)
        if checked.counts.errors and (not options.skip_invalid or not checked.counts.ready):
            return _invalid(desk, draft, options, checked)
        if options.skip_sent:
            _leave_out_sent(draft, facts)
        _refuse_unknown_unit(facts, options.type)
        review = draft.review(facts, desk.send_settings())
        _confirm_live(facts, options, review.rows)
        _prepare(desk, draft, facts, again=options.again)
        planned = True
    finally:
        draft.close()
        if not planned and draft.run not in _kept:
            desk.delete_run(draft.run)
    return submitted(desk, draft.run, account, options)


def _leave_out_sent(draft: Draft, facts: AccountFacts) -> None:
    """Leave the rows out whose IDs were sent before, and say how many that are."""
    left = draft.leave_out_known(facts, True)
    count = draft.review(facts, SendSettings()).left_known
    if count:
        one = tr("1 row is left out, because its ID was sent before.")
        many = tr("{count} rows are left out, because their IDs were sent before.", count=count)
        say(one if count == 1 else many)
    if not left.counts.ready:
        raise RunError(tr("Every row of this sheet was sent before: nothing is left to send."), "empty")


def _prepare(desk: Desk, draft: Draft, facts: AccountFacts, *, again: bool) -> None:
    try:
        draft.prepare(facts, desk.send_settings(), ProgressPrinter().step, again=again)
    except RunError as error:
        if error.reason not in AGAIN:
            raise
        raise RunError(tr(AGAIN[error.reason], found=error), error.reason) from error


_kept: set[str] = set()


def _invalid(desk: Desk, draft: Draft, options: argparse.Namespace, checked: CheckSummary) -> int:
    """Rows with errors, and nobody said to leave them out: nothing is sent; the draft stays, to be mended."""
    _kept.add(draft.run)
    draft.keep_counts(options.skip_invalid)
    if options.report:
        draft.write_results(options.report)
    draft.close()
    errors = checked.counts.errors
    one = tr("1 row has errors, so nothing was sent.")
    say(one if errors == 1 else tr("{count} rows have errors, so nothing was sent.", count=errors))
    for group in checked.groups[:10]:
        say(f"  {group.count:,} × {group.message}")
    if not options.skip_invalid:
        say(tr("Mend them, or leave them out with --skip-invalid."))
    with closing(desk.reader(draft.run)) as reader:
        print_summary(reader, options.report, options.json)
    return 1


def _ask_about_rows(options: argparse.Namespace, loaded: Loaded, checked: CheckSummary) -> None:
    if asked := blocking(checked):
        raise RunError(asked, "options")
    hidden = checked.counts.hidden
    if hidden and options.rows is None:
        raise RunError(
            tr(
                "{visible} visible, {hidden} hidden: send visible only (--rows visible) or all (--rows all)?",
                visible=rows_words(loaded.rows - hidden),
                hidden=hidden,
            ),
            "options",
        )
    if not checked.counts.ready and not checked.counts.errors:
        raise RunError(tr("Every row of the sheet {sheet} is left out: nothing to send.", sheet=loaded.sheet), "empty")


def _account(desk: Desk, options: argparse.Namespace) -> Account:
    if options.practice:
        return desk.accounts.get("Practice")
    return named_account(desk, options.account)


def named_account(desk: Desk, name: str) -> Account:
    """The account of a name, `env` being the one that the environment describes. AccountError when there is none."""
    if name == ENVIRON_NAME:
        account, keys = from_environment(os.environ)
        desk.use_keys(account, keys)
        return account
    return desk.accounts.get(name)


def _refuse_unknown_unit(facts: AccountFacts, key: str) -> None:
    if key == ADJUSTMENT and facts.environment == "live" and not facts.unit:
        raise RunError(
            tr(
                "The account {name} doesn't say yet whether an adjustment's amount means points or money: "
                "send the first one in the window, or give --unit when adding the account.",
                name=facts.name,
            ),
            "unit",
        )


def _confirm_live(facts: AccountFacts, options: argparse.Namespace, rows: int) -> None:
    if facts.environment != "live" or options.yes:
        return
    if not sys.stdin.isatty():
        raise RunError(tr("The account {name} is live: add --yes to send to it.", name=facts.name), "refused")
    question = "{rows} will be sent to the LIVE account {name}. Type the number of rows to go on:"
    say(tr(question, rows=rows_words(rows), name=facts.name))
    if "".join(letter for letter in sys.stdin.readline() if letter.isdigit()) != str(rows):
        raise RunError(tr("Nothing was sent."), "refused")


# Sending


def run_resume(desk: Desk, options: argparse.Namespace) -> int:
    """Continue a run; a finished one only tells its summary again."""
    facts = desk.shelf.facts(options.name)
    _require_place(options.report, Path(facts.file))
    if facts.state is RunState.FINISHED:
        return told_end(desk, options.name, options)
    _require_sendable(desk, facts)
    account = named_account(desk, facts.account)
    if facts.state is RunState.DRAFT:
        _prepare_draft(desk, facts.run, account)
    return send(desk, options.name, account, options)


def _require_sendable(desk: Desk, facts: RunFacts) -> None:
    """Refuse a draft that a person has to look at first: RunError(reason="state")."""
    if facts.state is not RunState.DRAFT:
        return
    with closing(desk.reader(facts.run)) as reader:
        checked = reader.summary()
        undecided = reader.meta("rows_choice") is None and checked is not None and checked.counts.hidden > 0
    ready = checked is not None and checked.counts.ready and not checked.counts.errors and not blocking(checked)
    if not facts.account or not ready or undecided or facts.environment == "live":
        raise RunError(
            tr("The run {run} is a draft that can't be sent as it is: open it in the window, or submit its file again.",
               run=facts.run),
            "state",
        )  # fmt: skip


def _prepare_draft(desk: Desk, run: str, account: Account) -> None:
    facts = desk.facts(account)
    with closing(desk.open_draft(run)) as draft:
        draft.prepare(facts, desk.send_settings(), ProgressPrinter().step)


def run_resolve(desk: Desk, options: argparse.Namespace) -> int:
    """Decide unknown rows: looked up, marked as sent, or sent again."""
    facts = desk.shelf.facts(options.name)
    _require_place(options.report, Path(facts.file))
    if facts.state is RunState.DRAFT:
        raise RunError(tr("The run {run} is a draft: nothing of it was sent.", run=options.name), "state")
    if facts.state is RunState.READY:  # a decision would count it as begun, and nobody could change it any more
        raise RunError(tr("The run {run} is only prepared: nothing of it was sent.", run=options.name), "state")
    account = named_account(desk, facts.account)
    with naming_new_keys(f"resolve {options.name} --{options.how}"):
        desk.resolve(options.name, options.how, account, options.wait, rotated=options.new_keys)
    if options.how == "send-again":
        return send(desk, options.name, account, options)
    return told_end(desk, options.name, options)


def run_stop(desk: Desk, options: argparse.Namespace) -> int:
    """Ask the sender to stop, or do what it would do when nobody sends."""
    facts = desk.shelf.facts(options.name)
    if facts.state is RunState.SENDING or is_locked(desk.shelf.sender_lock(options.name)):  # or waits in line
        desk.stop_elsewhere(options.name, options.also_jobs)
        say(tr("The run {run} was asked to stop; what Gameball accepted is watched to its end.", run=options.name))
        return 0
    if facts.state in (RunState.DRAFT, RunState.READY, RunState.FINISHED):
        say(tr("The run {run} is not being sent.", run=options.name))
        return 0
    account = named_account(desk, facts.account)
    with naming_new_keys(f"stop {options.name}"):
        engine = desk.sender(options.name, account, desk.send_settings(), rotated=options.new_keys)
    engine.control.stop(options.also_jobs)
    drive(engine)
    say(tr("The run {run} is stopped.", run=options.name))
    return 0
