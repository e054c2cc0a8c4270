"""The next sheet with exactly the same headers starts from the mapping that was used last, and says whose it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gb_desktop.mapping.generate import proposed_prefix
from gb_desktop.mapping.model import Mapping, Settings, Source
from gb_desktop.mapping.saved import SavedMappings
from gb_desktop.runs import schema
from gb_desktop.runs.drafting import Drafting
from gb_desktop.runs.meta import Meta
from gb_desktop.runs.model import AccountFacts, SendSettings, Suggested
from gb_desktop.runs.shelf import Shelf
from gb_desktop.text import without_isolation
from gb_desktop.workbook.model import ReadOptions

FACTS = AccountFacts("Practice", "practice", "http://127.0.0.1", "v4.0", "f")
HEADER = "Code,Wert,When,Note"
USED = Mapping(
    "cashback",
    {
        "customerId": Source.column("Code"),
        "amount": Source.column("Wert"),
        "transactionTime": Source.column("When"),
        "transactionId": Source.generated("cashback-202001"),
        "email": Source.constant("shop@example.com"),
    },
    Settings(timezone="Africa/Cairo"),
)


class Computer:
    """A data folder on which runs come one after the other."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder)
        self.folder = folder

    @contextmanager
    def sheet(self, header: str = HEADER, batch_type: str = "cashback", end: str = ".5") -> Iterator[Drafting]:
        rows = [header, *(f"C-{n},{n}{end},2026-03-0{n} 10:00,x" for n in range(1, 4))]
        file = self.folder / "sheet.csv"
        file.write_text("\n".join(rows), encoding="utf-8")
        shelf, run = self.shelf, self.shelf.create()
        found = Drafting(lambda _: None)
        found.open(shelf.path(run), shelf.copies(run), shelf.folder / "ledger.sqlite", shelf.mappings, False)
        found.command("set_type")(batch_type)
        found.command("look")(file, ReadOptions())
        found.command("load")(ReadOptions())
        with closing(found):  # type: ignore[type-var]
            yield found

    def prepared(self, mapping: Mapping = USED, header: str = HEADER, end: str = ".5") -> str:
        with self.sheet(header, end=end) as draft:
            draft.command("check")(mapping, FACTS)
            draft.command("prepare")(FACTS, SendSettings(), True)
            return str(draft._drafted.store.meta.get("run"))

    def suggested(self, header: str = HEADER, batch_type: str = "cashback") -> Suggested:
        with self.sheet(header, batch_type) as draft:
            found: Suggested = draft.command("suggest")()
            return found


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def test_that_the_mapping_used_last_is_applied_to_the_same_headers_and_named(computer: Computer) -> None:
    run = computer.prepared()
    found = computer.suggested()
    generated = Source.generated(proposed_prefix("cashback", dt.datetime.now().astimezone()))
    assert found.mapping == USED.with_source("transactionId", generated)
    day = dt.datetime.now().astimezone().strftime("%Y-%m-%d")
    assert [without_isolation(note) for note in found.notes] == [
        f"The columns are mapped as in run {run} of {day}, because the headers are exactly the same.",
        "For all rows, as then: E-mail is “shop@example.com”.",
        "Made by GB Desktop, as then: Transaction ID.",
    ]
    assert found.used_in == run
    assert found.anew is not None
    assert found.anew.sources.get("amount") != Source.column("Wert")


ANSWERS = {
    "a comma": (Settings(decimal=","), "Wert with a decimal comma"),
    "a point": (Settings(decimal="."), "Wert with a decimal point"),
    "days first": (Settings(date_order="dmy"), "When as day/month"),
    "months first": (Settings(date_order="mdy"), "When as month/day"),
    "years first": (Settings(date_order="ymd"), "When as year/month/day"),
    "a century": (Settings(year_pivot=30), "years up to 30 of When as 20xx"),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("of_a_column", [False, True])
def test_that_an_answer_which_nobody_gave_for_this_sheet_is_told(
    answer: str, of_a_column: bool, computer: Computer
) -> None:
    """By it 1.500 is read as one and a half or as a thousand times that, and nobody is asked any more."""
    settings, told = ANSWERS[answer]
    own = dict.fromkeys(("Wert", "When", "Note"), settings)
    used = replace(USED, columns=own) if of_a_column else replace(USED, settings=settings)
    computer.prepared(used, end="0")
    assert f"Read as then: {told}." in [without_isolation(note) for note in computer.suggested().notes]


def test_that_a_persons_own_prefix_is_kept(computer: Computer) -> None:
    computer.prepared(USED.with_source("transactionId", Source.generated("shop")))
    assert computer.suggested().mapping.sources["transactionId"] == Source.generated("shop")


@pytest.mark.parametrize("header", ["Code,Wert,When,Notes", "Code,wert,When,Note", "Code,Wert,When", "Code,,When,Note"])
def test_that_headers_that_are_not_exactly_equal_take_nothing_over(header: str, computer: Computer) -> None:
    computer.prepared()
    found = computer.suggested(header)
    assert (found.used_in, found.notes) == ("", ())
    assert "amount" not in found.mapping.sources


def test_that_headers_may_have_moved(computer: Computer) -> None:
    run = computer.prepared()
    assert computer.suggested("Note,Wert,When,Code").used_in == run


@pytest.mark.parametrize("header", ["Code,Wert,When,", "Code,Wert,Wert,Note"])
def test_that_headers_whose_names_the_app_made_must_stand_where_they_stood(header: str, computer: Computer) -> None:
    moved = ",".join(reversed(header.split(",")))
    for_all = USED.with_source("transactionTime", Source.generated())
    run = computer.prepared(for_all, header)
    assert computer.suggested(header).used_in == run
    assert computer.suggested(moved).used_in == ""


def test_that_the_newest_is_taken_and_one_of_another_type_or_an_unfinished_draft_is_not(computer: Computer) -> None:
    computer.prepared()
    newest = computer.prepared(USED.with_source("email", None))
    assert newest in (found := sorted(path.stem for path in computer.shelf.folder.glob("*.gbrun")))
    with computer.sheet() as draft:
        draft.command("check")(USED.with_source("mobile", Source.constant("0100")), FACTS)
    assert computer.suggested().used_in == max(found)
    assert computer.suggested(batch_type="redeem").used_in == ""


def test_that_a_saved_mapping_goes_first(computer: Computer) -> None:
    computer.prepared()
    with computer.sheet() as draft:
        columns = draft._drafted.columns
    saved = Mapping("cashback", {"customerId": Source.column("Code")}, name="Mine")
    SavedMappings(computer.shelf.mappings).save(saved, columns)
    found = computer.suggested()
    assert (found.mapping.name, found.used_in) == ("Mine", "")


def test_that_files_that_can_not_be_read_keep_nobody_from_matching(computer: Computer) -> None:
    run = computer.prepared()
    (computer.shelf.folder / "29990101-000000-aaaa.gbrun").write_bytes(b"no database at all")
    strange = computer.prepared()
    with closing(schema.open_to_write(computer.shelf.path(strange))) as db:
        Meta(db).update(mapping={"version": 99}, loaded=None)
    assert computer.suggested().used_in == run
