"""The same main job without a window: the options, and which command they lead to."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from gb_desktop import __version__
from gb_desktop.accounts.model import AccountError
from gb_desktop.arguments import USAGE, Parser
from gb_desktop.catalog import BATCH_TYPES
from gb_desktop.cli_accounts import run_accounts
from gb_desktop.cli_runs import (
    run_check,
    run_report,
    run_resolve,
    run_resume,
    run_runs,
    run_stop,
    run_submit,
    run_template,
)
from gb_desktop.cli_show import say
from gb_desktop.desk import Desk
from gb_desktop.places import data_dir
from gb_desktop.runs.link import DEBUG
from gb_desktop.runs.model import RunError
from gb_desktop.streams import sturdy
from gb_desktop.text import tr
from gb_desktop.workbook.model import WorkbookError

SETUP, INTERRUPTED = 3, 5
SETUP_ERRORS = frozenset({"keys", "unit", "refused", "setup"})
SENDING = frozenset({"submit", "resume", "resolve"})  # their exit code tells what became of the rows, heard or not
TYPES = tuple(sorted(batch_type.key for batch_type in BATCH_TYPES))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code. Never a traceback without --debug.

    Whoever reads what it says may go away: then it goes on unheard.
    """
    with sturdy() as out:
        options = build_parser().parse_args(arguments)
        code = _run(options)
        out.flush()
        if out.trouble is None or isinstance(out.trouble, BrokenPipeError):
            return code
        say(tr("What is meant for standard output can't be written: {why}.", why=out.trouble.strerror))
        return code if options.command in SENDING else code or USAGE


def _run(options: argparse.Namespace) -> int:
    if options.debug:
        os.environ[DEBUG] = "1"
    try:
        desk = Desk(data_dir())
        try:
            return int(options.run(desk, options))
        finally:
            desk.close()
    except RunError as error:
        say(str(error))
        return SETUP if error.reason in SETUP_ERRORS else INTERRUPTED if error.reason == "locked" else USAGE
    except AccountError as error:
        say(str(error))
        return SETUP
    except WorkbookError as error:
        say(str(error))
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if options.debug:
            raise
        say(
            tr(
                "Something unexpected went wrong in the app ({kind}). Add --debug to see where.",
                kind=type(error).__name__,
            )
        )
        return INTERRUPTED if isinstance(error, AssertionError) else USAGE


def build_parser() -> Parser:
    """Every command with its options. The names are a public interface."""
    parser = Parser(prog="gb-desktop", description=tr("Send an Excel sheet to Gameball's batch API."))
    parser.add_argument("--version", action="version", version=f"GB Desktop {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    _add_check(commands)
    _add_submit(commands)
    _add_run_commands(commands)
    _add_accounts(commands)
    commands.add_parser("practice", help=tr("the practice service alone, until Ctrl+C"))
    return parser


def _command(commands: argparse._SubParsersAction[Parser], name: str, run: object, text: str) -> Parser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    parser.add_argument("--debug", action="store_true", help=tr("show a traceback when something unexpected happens"))
    return parser


def _add_sheet_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--type", required=True, choices=TYPES, metavar="TYPE", help=", ".join(TYPES))
    parser.add_argument("--sheet", metavar="NAME")
    parser.add_argument("--header-row", type=_positive, metavar="N")
    parser.add_argument("--rows", choices=("visible", "all"))
    parser.add_argument("--mapping", type=Path, metavar="FILE.json")
    parser.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", type=_column_pair,
        help=tr('or FIELD=join(" ",COLUMN,COLUMN), before("@",COLUMN), after("-",COLUMN), prefix("C-",COLUMN)'),
    )  # fmt: skip
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", type=_value_pair)
    parser.add_argument("--generate", action="append", default=[], metavar="FIELD[=PREFIX]")
    parser.add_argument(
        "--word", action="append", default=[], metavar="FIELD:WORD=VALUE", type=_word_triple,
        help=tr("what a word of a column means, such as channel:Kiosk=pos"),
    )  # fmt: skip
    last = tr("map the columns as the last run of a sheet with exactly the same headers did")
    parser.add_argument("--as-last-time", action="store_true", help=last)
    parser.add_argument(
        "--replay", action="store_true", help=tr("make the changes again that were saved with the mapping")
    )
    parser.add_argument("--timezone", metavar="ZONE")
    parser.add_argument("--date-order", choices=("dmy", "mdy", "ymd"))
    parser.add_argument("--decimal", choices=(".", ","))
    parser.add_argument("--country", metavar="EG")
    parser.add_argument(
        "--year-pivot", type=_two_digits, metavar="YY", help=tr("years of two digits up to this one are 20YY")
    )
    parser.add_argument("--list-separator", metavar="C", help=tr("what stands between several values in one cell"))
    parser.add_argument("--encoding", metavar="NAME")
    parser.add_argument("--delimiter", metavar="C")
    failed_rows = tr("of a results workbook: only the rows that failed, mapped as in their run")
    parser.add_argument("--failed-rows", action="store_true", help=failed_rows)
    parser.add_argument("--password-stdin", action="store_true", help=tr("read the workbook's password from stdin"))


def _add_check(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _command(commands, "check", run_check, tr("check a sheet; nothing is sent"))
    _add_sheet_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--annotated", type=_workbook, metavar="OUT.xlsx")


def _add_submit(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _command(commands, "submit", run_submit, tr("check a sheet and send it"))
    _add_sheet_options(parser)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--account", metavar="NAME")
    where.add_argument("--practice", action="store_true")
    parser.add_argument("--skip-invalid", action="store_true", help=tr("leave rows with errors out"))
    parser.add_argument("--yes", action="store_true", help=tr("don't ask before sending to a live account"))
    parser.add_argument("--again", action="store_true", help=tr("send a sheet again that was sent before"))
    parser.add_argument("--skip-sent", action="store_true", help=tr("leave rows out whose IDs were sent before"))
    _add_sending_options(parser)


def _add_sending_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--report", type=_workbook, metavar="OUT.xlsx")
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--wait", type=_seconds, default=120.0, metavar="SECONDS", help=tr("for a dead network, and in line")
    )


def _add_new_keys(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--new-keys",
        action="store_true",
        help=tr("the account's keys were replaced since: go on with the new ones, in the same environment"),
    )


def _add_run_commands(commands: argparse._SubParsersAction[Parser]) -> None:
    runs = _command(commands, "runs", run_runs, tr("every run on this computer, newest first"))
    runs.add_argument("--json", action="store_true")
    resume = _command(commands, "resume", run_resume, tr("continue a run"))
    resume.add_argument("name", metavar="RUN")
    _add_new_keys(resume)
    _add_sending_options(resume)
    stop = _command(commands, "stop", run_stop, tr("send no more of a run"))
    stop.add_argument("name", metavar="RUN")
    stop.add_argument("--also-jobs", action="store_true", help=tr("ask Gameball to stop the accepted jobs too"))
    _add_new_keys(stop)
    resolve = _command(commands, "resolve", run_resolve, tr("decide rows whose outcome is unknown"))
    resolve.add_argument("name", metavar="RUN")
    how = resolve.add_mutually_exclusive_group(required=True)
    for option in ("look-up", "sent", "send-again"):
        how.add_argument(f"--{option}", dest="how", action="store_const", const=option)
    _add_new_keys(resolve)
    _add_sending_options(resolve)
    report = _command(commands, "report", run_report, tr("write a run's results workbook"))
    report.add_argument("name", metavar="RUN")
    report.add_argument("out", type=_workbook, metavar="OUT.xlsx")
    template = _command(commands, "template", run_template, tr("write a batch type's Excel template"))
    template.add_argument("type", choices=TYPES, metavar="TYPE")
    template.add_argument("out", type=_workbook, metavar="OUT.xlsx")


def _add_accounts(commands: argparse._SubParsersAction[Parser]) -> None:
    accounts = _command(commands, "accounts", run_accounts, tr("accounts and their keys"))
    what = accounts.add_subparsers(dest="what", metavar="list|add|keys|remove|test", required=True, parser_class=Parser)
    what.add_parser("list", help=tr("every account of this computer"))
    add = what.add_parser("add", help=tr("another account; its keys are asked for, or read from standard input"))
    add.add_argument("name", metavar="NAME")
    add.add_argument("--environment", choices=("live", "test"), required=True)
    add.add_argument("--url")
    add.add_argument("--api-version", choices=("v4.0", "v4.1"), default="v4.0")
    add.add_argument("--merge", action="append", choices=("email", "mobile"), default=[])
    add.add_argument("--unit", choices=("points", "money"), default="")
    _add_whose_keys(add)
    keys = what.add_parser("keys", help=tr("other keys for an account that is there"))
    keys.add_argument("name", metavar="NAME")
    _add_whose_keys(keys)
    for name, text in (("remove", tr("forget an account and its keys")), ("test", tr("ask whether its keys work"))):
        what.add_parser(name, help=text).add_argument("name", metavar="NAME")


def _add_whose_keys(parser: argparse.ArgumentParser) -> None:
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument(
        "--same-account", action="store_true", default=None,
        help=tr("the keys belong to the Gameball account of the earlier ones: what was sent before is recognised"),
    )  # fmt: skip
    answer.add_argument(
        "--other-account", dest="same_account", action="store_false", help=tr("they belong to another one")
    )


def _column_pair(text: str) -> tuple[str, str]:
    return _pair(text, "FIELD=COLUMN")


def _value_pair(text: str) -> tuple[str, str]:
    return _pair(text, "FIELD=VALUE")


def _pair(text: str, form: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise argparse.ArgumentTypeError(tr("“{text}” must look like {form}", text=text, form=form))
    return key, value


def _word_triple(text: str) -> tuple[str, str, str]:
    named, value = _pair(text, "FIELD:WORD=VALUE") if text.count("=") < 2 else tuple(text.rsplit("=", 1))
    path, colon, word = named.partition(":")
    if not colon or not path or not word.strip():
        raise argparse.ArgumentTypeError(tr("“{text}” must look like {form}", text=text, form="FIELD:WORD=VALUE"))
    return path, word, value


def _workbook(text: str) -> Path:
    if Path(text).suffix.lower() != ".xlsx":
        raise argparse.ArgumentTypeError(tr("an Excel workbook is written, so “{text}” must end in .xlsx", text=text))
    return Path(text)


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not found >= 0:  # nor is NaN a time
        raise argparse.ArgumentTypeError(tr("“{text}” is no number of seconds", text=text))
    return found


def _two_digits(text: str) -> int:
    if not text.isdigit() or int(text) > 99:
        raise argparse.ArgumentTypeError(tr("“{text}” is no year of two digits", text=text))
    return int(text)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(tr("“{text}” is no row number", text=text))
    return int(text)
