"""One is one: no sentence about a fix says "1 cells"."""

from __future__ import annotations

import re

import pytest

from gb_desktop.checking.fix_model import Fix, FixKind
from gb_desktop.checking.fix_words import done_words
from gb_desktop.text import cells_words, columns_words, items_words, rows_words, values_words

MANY_OF_ONE = re.compile(r"(?<![\d,])1 (\w+ )?(rows|cells|e-mails|numbers|dates|times)\b")


@pytest.mark.parametrize("kind", FixKind)
def test_that_what_was_done_to_one_is_told_as_one(kind: FixKind) -> None:
    fix = Fix(kind.value, kind, "It was done.", "email", 1, text="8", header="Email")
    assert MANY_OF_ONE.search(done_words(fix, 1)) is None
    assert done_words(fix, 2) != done_words(fix, 1) or done_words(fix, 1) == "It was done."


def test_that_counted_things_are_told_with_their_number() -> None:
    words = (rows_words, cells_words, columns_words, values_words, items_words)
    assert [counted(1) for counted in words] == ["1 row", "1 cell", "1 column", "1 value", "1 item"]
    assert [counted(9812) for counted in words] == [
        "9,812 rows",
        "9,812 cells",
        "9,812 columns",
        "9,812 values",
        "9,812 items",
    ]
    assert rows_words(0) == "0 rows"
