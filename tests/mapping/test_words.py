"""Words of fields with few values: counted as the column holds them, meaning what was said or nothing at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.catalog import Field, batch_type
from gb_desktop.mapping.model import Mapping
from gb_desktop.mapping.parsers import manner, parser
from gb_desktop.mapping.reading import Reading
from gb_desktop.mapping.words import (
    MOST,
    NO,
    YES,
    ColumnWords,
    WordCount,
    allowed_words,
    is_closed,
    meaning,
    takes_words,
    value_of,
)
from gb_desktop.workbook.model import Mark, Marked, Value


def field(path: str) -> Field:
    found = batch_type("customers").field(path)
    assert found is not None
    return found


CHANNEL = field("customerAttributes.channel")
GENDER = field("customerAttributes.gender")
GUEST = field("guest")


def counted(*values: Value) -> ColumnWords:
    count = WordCount()
    for value in values:
        count.add(value)
    return count.found()


def test_that_closed_lists_yes_and_no_and_usual_words_are_fields_of_words() -> None:
    assert [takes_words(one) for one in (CHANNEL, GENDER, GUEST, field("email"))] == [True, True, True, False]
    assert [is_closed(one) for one in (CHANNEL, GENDER, GUEST)] == [True, False, True]
    assert [value for _, value in allowed_words(CHANNEL)] == ["mobile", "pos", "web", "callcenter"]
    assert [value for _, value in allowed_words(GENDER)] == ["M", "F"]
    assert [value for _, value in allowed_words(GUEST)] == [YES, NO]


@pytest.mark.parametrize(
    ("wanted", "own", "word", "value"),
    [
        (CHANNEL, {}, "Online", "web"),
        (CHANNEL, {}, "WEB", "web"),
        (CHANNEL, {}, "Kiosk", None),
        (CHANNEL, {"kiosk": "pos"}, "KIOSK", "pos"),
        (CHANNEL, {"Online": "mobile"}, "online", "mobile"),
        (CHANNEL, {"Kiosk": "moon"}, "Kiosk", None),
        (GENDER, {}, "أنثى", "F"),
        (GENDER, {}, "diverse", None),
        (GENDER, {"female": "female"}, "Female", None),
        (GUEST, {}, "نعم", YES),
        (GUEST, {}, "nope", None),
        (GUEST, {"nope": NO}, "Nope", NO),
    ],
)
def test_that_a_word_means_what_the_user_said_then_what_is_usual(
    wanted: Field, own: dict[str, str], word: str, value: str | None
) -> None:
    assert meaning(wanted, own, word) == value


def test_that_a_value_is_named_in_any_case() -> None:
    assert value_of(CHANNEL, "POS") == "pos"
    assert value_of(GUEST, "yes") == YES
    assert value_of(GUEST, "false") == NO
    assert value_of(CHANNEL, "moon") is None


def test_that_words_are_counted_in_any_case_under_their_most_frequent_writing() -> None:
    found = counted("web", "Web ", "WEB", "Web", None, " ", "Kiosk", Marked(Mark.ERROR, None, "#N/A"), 1.0, True)
    assert found == ColumnWords((("Web", 4), ("Kiosk", 1), ("1", 1), ("TRUE", 1)), 0, 3)


def test_that_a_column_of_endless_words_is_counted_as_such() -> None:
    found = counted(*(f"word {n}" for n in range(MOST + 7)))
    assert (len(found.words), found.more) == (MOST, 7)


def test_that_a_meaning_replaces_another_writing_of_the_same_word() -> None:
    mapping = Mapping("customers").with_word("channel", "Kiosk", "pos").with_word("channel", "KIOSK", "web")
    assert mapping.values == {"channel": {"KIOSK": "web"}}
    assert mapping.with_word("channel", "kiosk", None).values == {}


@settings(max_examples=200)
@given(
    st.sampled_from([CHANNEL, GENDER, GUEST]),
    st.dictionaries(
        st.sampled_from(["Kiosk", "web", "female", "nope", "x"]), st.sampled_from(["pos", "F", YES, "web"])
    ),
    st.sampled_from(["Kiosk", "KIOSK", "Online", "web", "Female", "ذكر", "yes", "nope", "x", "0"]),
)
def test_that_the_editor_shows_what_a_check_would_send(wanted: Field, own: dict[str, str], word: str) -> None:
    read = parser(wanted, manner(wanted.path, "C", Mapping("customers", values={wanted.path: own}), {}))
    parsed = read(word)
    sent = parsed.value if isinstance(parsed, Reading) else parsed
    sent = {True: YES, False: NO}.get(sent, sent) if isinstance(sent, bool) else sent  # type: ignore[call-overload]
    meant = meaning(wanted, own, word)
    if meant is not None:
        assert sent == meant
    elif is_closed(wanted) and own.get(word) in (None, *(value for _, value in allowed_words(wanted))):
        assert sent is None
