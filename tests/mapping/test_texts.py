"""IDs, texts, e-mails, mobiles and closed lists: what a cell shows is what goes out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gb_desktop.catalog import Field, Kind
from gb_desktop.catalog.common import CHANNEL
from gb_desktop.catalog.customers import GENDER
from gb_desktop.mapping.choices import choice_words, parse_boolean, parse_choice, parse_list
from gb_desktop.mapping.cleaning import cleaned
from gb_desktop.mapping.contacts import parse_email, parse_mobile
from gb_desktop.mapping.mobile_patterns import quick_mobile
from gb_desktop.mapping.model import Mapping, Settings
from gb_desktop.mapping.parsers import Manner, manner, parser
from gb_desktop.mapping.reading import Parsed, Reading
from gb_desktop.mapping.texts import formatted, parse_any, parse_id, parse_text
from gb_desktop.workbook.model import Mark, Marked, Value

EGYPT = Settings(country="eg")
FIXED = settings(derandomize=True, deadline=None, max_examples=200)


def codes(found: Parsed) -> tuple[str, ...]:
    return found.codes if isinstance(found, Reading) else ()


def value(found: Parsed) -> object:
    return found.value if isinstance(found, Reading) else found


@pytest.mark.parametrize(
    ("cell", "sent"),
    [
        (12345.0, "12345"),
        (12345, "12345"),
        (0.0, "0"),
        ("00123", "00123"),
        ("C-1", "C-1"),
        (" C-1 ", "C-1"),
        ("C\u200d1", "C1"),
        ("\ufeffC-1\u200f", "C-1"),
        ("C 1", "C 1"),
        ("عميل-1", "عميل-1"),
        ("😀", "😀"),
        ("1E5", "1E5"),
        ("123456789012345678901", "123456789012345678901"),
        (None, None),
        ("", None),
        ("\u00a0", None),
    ],
)
def test_that_an_id_goes_out_as_the_cell_shows_it(cell: Value, sent: str | None) -> None:
    assert value(parse_id(cell)) == sent


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (1e15, "digits-lost"),
        (1234567890123456.0, "digits-lost"),
        ("1.23E+11", "number-shortened"),
        ("1,23E+11", "number-shortened"),
        ("1E+11", "number-shortened"),
        (12.5, "id-fraction"),
        (True, "id-not-text"),
        (float("nan"), "id-not-text"),
        (dt.datetime.fromisoformat("2026-03-01"), "date-in-field"),
        (dt.date.fromisoformat("2026-03-01"), "date-in-field"),
        (dt.time(1, 2), "date-in-field"),
        ("A\ud800B", "broken-character"),
        ("A\x00B", "broken-character"),
        ("A\nB", "line-break"),
        ("A\tB", "line-break"),
        ("12345.0", "id-point-zero"),
    ],
)
def test_that_what_excel_has_damaged_in_an_id_is_said(cell: Value, code: str) -> None:
    assert codes(parse_id(cell)) == (code,)


@pytest.mark.parametrize(
    ("number", "pattern", "shown"),
    [
        (42.0, "00000", "00042"),
        (123456.0, "00000", "123456"),
        (42.0, "0", "42"),
        (1234567.0, "000-0000", "123-4567"),
        (20100.0, '"C-"00000', "C-20100"),
        (7.0, "\\A000;-000", "A007"),
        (5.0, "[$-409]000", "005"),
        (0.5, "0%", None),
        (1234.0, "#,##0", None),
        (42.5, "00000", None),
        (-1.0, "000", None),
        (1e16, "000", None),
    ],
)
def test_that_leading_zeros_of_a_number_format_are_kept(number: float, pattern: str, shown: str | None) -> None:
    assert formatted(number, pattern) == shown


ERROR_TEXTS = [
    "#N/A",
    "#REF!",
    "#NAME?",
    "#DIV/0!",
    "#GETTING_DATA",
    "#SPILL!",
    "#ERROR!",
    "Err:502",
    " #N/A\u00a0",
    "\u200b#N/A",
]
KINDS = [Kind.ID, Kind.TEXT, Kind.ANY, Kind.NUMBER, Kind.DATETIME, Kind.EMAIL, Kind.MOBILE, Kind.LIST]


@pytest.mark.parametrize("text", ERROR_TEXTS)
@pytest.mark.parametrize("kind", KINDS)
def test_that_an_error_that_a_text_file_holds_as_text_is_an_error(kind: Kind, text: str) -> None:
    read = parser(Field("customerId", "Customer ID", kind, ""), Manner())
    assert codes(read(text)) == ("cell-error",)


@pytest.mark.parametrize("text", ["#1001", "#N", "#REF!-7", "# N/A", "Err:5", "N/A", "#VIP!"])
def test_that_a_text_that_only_looks_like_an_error_is_none(text: str) -> None:
    assert parser(Field("customerId", "Customer ID", Kind.ID, ""), Manner())(text) == text


def test_that_marks_of_a_cell_speak_before_its_value() -> None:
    read = parser(Field("customerId", "Customer ID", Kind.ID, ""), Manner())
    assert read(Marked(Mark.FORMATTED, 42.0, "00000")) == "00042"
    assert codes(read(Marked(Mark.ERROR, None, "#N/A"))) == ("cell-error",)
    assert codes(read(Marked(Mark.UNCACHED, None, ""))) == ("formula-empty",)
    assert read(Marked(Mark.MERGED, "C-1", "A2")) == Reading("C-1", ("merged",), "", "A2")
    assert read(Marked(Mark.MERGED, None, "A2")) is None
    amount = parser(Field("amount", "Amount", Kind.NUMBER, ""), Manner(merged_is_error=True))
    assert amount(Marked(Mark.MERGED, 300.0, "B2")) == Reading(None, ("merged-amount",), "", "B2")
    assert amount(Marked(Mark.FORMATTED, 0.12, "0%")) == Reading(Decimal("0.12"), ("percent",), "", "12%")
    assert amount(Marked(Mark.FORMATTED, 0.125, "0.0%;-0.0%")) == Reading(Decimal("0.125"), ("percent",), "", "12.5%")
    assert amount(Marked(Mark.FORMATTED, 12.0, "000")) == Decimal(12)
    assert parser(Field("x", "X", Kind.ANY, ""), Manner())(Marked(Mark.FORMATTED, 7.0, "000")) == "007"


def test_that_invisible_characters_go_and_meaningful_joiners_stay() -> None:
    assert cleaned("می\u200cخواهم", one_line=False) == "می\u200cخواهم"
    assert cleaned("👩\u200d👩\u200d👧", one_line=False) == "👩\u200d👩\u200d👧"
    assert value(cleaned("\u00a0A\u00adb\u202fc\u200b ", one_line=False)) == "Ab c"
    assert value(cleaned("\r\nText\twith\nlines\n", one_line=False)) == "Text\twith\nlines"
    assert value(cleaned("\u200d", one_line=False)) == ""
    assert codes(cleaned("a\udfffb", one_line=False)) == ("broken-character",)
    assert isinstance(cleaned("a ", one_line=False), Reading)
    assert cleaned("a b", one_line=True) == "a b"


def test_that_long_texts_and_emoji_pass_through_unharmed() -> None:
    long = "ش" * 32_767
    assert parse_text(long) == long
    assert parse_text("🎁 هدية") == "🎁 هدية"


def test_that_a_text_field_takes_numbers_as_they_are_shown_and_no_dates() -> None:
    assert parse_text(12.0) == "12"
    assert parse_text(12.5) == "12.5"
    assert parse_text(True) == "TRUE"
    assert parse_text(" ") is None
    assert codes(parse_text(dt.date.fromisoformat("2026-01-02"))) == ("date-in-field",)
    assert codes(parse_text(1e16)) == ("digits-lost",)
    assert codes(parse_text(float("nan"))) == ("not-a-number",)


def test_that_a_free_key_keeps_the_cells_own_type() -> None:
    assert parse_any(12.0) == Decimal(12)
    assert parse_any(12.5) == Decimal("12.5")
    assert parse_any("12") == "12"
    assert parse_any(False) is False
    assert parse_any(dt.date.fromisoformat("2026-01-02")) == "2026-01-02"
    assert parse_any(dt.datetime.fromisoformat("2026-01-02 10:30")) == "2026-01-02 10:30:00"
    assert codes(parse_any(1e15)) == ("digits-lost",)


@pytest.mark.parametrize(
    ("cell", "sent"),
    [
        ("mona@example.com", "mona@example.com"),
        ("Mona.A+x@Example.COM", "Mona.A+x@example.com"),
        (" mona@example.com.", "mona@example.com"),
        ("ｍona＠example.com", "mona@example.com"),
        ("mona@example.com\u200b", "mona@example.com"),
        ("o'neil@sub.example.co.uk", "o'neil@sub.example.co.uk"),
        ("منى@example.com", "منى@example.com"),
        (None, None),
        ("  ", None),
    ],
)
def test_that_an_email_goes_out_in_its_usual_writing(cell: Value, sent: str | None) -> None:
    assert value(parse_email(cell)) == sent


@pytest.mark.parametrize(
    "cell",
    ["mona", "mona@", "@example.com", "mona@example", "a@b@c.com", "a b@c.com", "a@x.com; b@x.com", "a..b@c.com",
     ".a@c.com", "a.@c.com", "a@-c.com", "a@c-.com", "a@c.c", "Mona <a@c.com>", "a@c..com", "n/a", 5.0, True,
     "x" * 250 + "@c.com"],
)  # fmt: skip
def test_that_what_is_no_email_is_refused(cell: Value) -> None:
    assert codes(parse_email(cell)) == ("not-an-email",)


@pytest.mark.parametrize(
    ("cell", "country", "sent"),
    [
        ("+201001234567", "", "+201001234567"),
        ("00201001234567", "", "+201001234567"),
        ("+20 100 123-4567", "", "+201001234567"),
        ("01001234567", "EG", "+201001234567"),
        (1001234567.0, "EG", "+201001234567"),
        ("٠١٠٠١٢٣٤٥٦٧", "EG", "+201001234567"),
        ("201001234567", "EG", "+201001234567"),
        ("050 123 4567", "SA", "+966501234567"),
        ("'+201001234567", "", "+201001234567"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("\u202a+201001234567\u202c", "", "+201001234567"),
    ],
)
def test_that_a_mobile_goes_out_in_international_form(cell: Value, country: str, sent: str) -> None:
    found = parse_mobile(cell, country)
    assert (value(found), codes(found)) == (sent, ())


def test_that_no_country_code_is_ever_made_up() -> None:
    assert parse_mobile("01001234567", "") == Reading("01001234567", ("mobile-no-country",), "", "01001234567")
    assert parse_mobile("12345", "EG") == Reading("12345", ("mobile-invalid",), "", "12345")
    assert parse_mobile("+2012", "EG") == Reading("+2012", ("mobile-invalid",), "", "+2012")
    foreign = parse_mobile(966501234567.0, "EG")
    assert (value(foreign), codes(foreign)) == ("+966501234567", ("mobile-read-international",))
    assert codes(parse_mobile("01001234567", "", needed=True)) == ("mobile-needs-country",)


def test_that_a_country_may_be_written_in_small_letters() -> None:
    read = parser(Field("mobile", "Mobile", Kind.MOBILE, ""), manner("mobile", "M", Mapping("x", {}, EGYPT), {}))
    assert value(read("01001234567")) == "+201001234567"


def test_that_damaged_mobiles_are_refused() -> None:
    assert codes(parse_mobile(1e15, "EG")) == ("digits-lost",)
    assert codes(parse_mobile("2.01001E+11", "EG")) == ("number-shortened",)
    assert codes(parse_mobile("call me", "EG")) == ("not-a-mobile",)
    assert codes(parse_mobile(12.5, "EG")) == ("not-a-mobile",)
    assert codes(parse_mobile(float("nan"), "EG")) == ("not-a-mobile",)
    assert codes(parse_mobile(float("inf"), "EG")) == ("not-a-mobile",)
    assert codes(parse_mobile(True, "EG")) == ("not-a-mobile",)
    assert parse_mobile(None, "EG") is None
    assert parse_mobile(" ", "EG") is None
    assert value(parse_mobile("(+20) 100 123 4567", "")) == "+201001234567"


@FIXED
@given(
    st.sampled_from(["EG", "SA", "AE", "KW", "JO", "MA", "DE", "FR", "IN", "GB", "US", "RU", "IT", "MX", "BR", ""]),
    st.sampled_from(["+20", "+966", "+971", "+49", "+1", "+39", "0", "00", "", "+", "20", "1"]),
    st.from_regex(r"[1-9][0-9]{5,10}", fullmatch=True),
    st.sampled_from(["", " ", "-", ") ", ".", "+"]),
    st.sampled_from(["", "(", " ", "-", "/", "("]),
    st.sampled_from(["", "-", ".", ")", " "]),
)
def test_that_the_short_cut_for_mobiles_says_what_the_library_says(
    country: str, start: str, digits: str, sign: str, before: str, after: str
) -> None:
    written = before + start + digits[:3] + sign + digits[3:] + after
    quick = quick_mobile(country)(written)
    if quick is not None:
        assert value(parse_mobile(written, country)) == quick
        assert codes(parse_mobile(written, country)) == ()


@pytest.mark.parametrize(
    "written", ["01001234567-", "-+201001234567", "+201001234567.", "01001234567)", "(+20)1001234567", " 0100 123 4567"]
)
def test_that_the_short_cut_takes_no_number_whose_writing_the_parser_refuses(written: str) -> None:
    quick, found = quick_mobile("EG")(written), parse_mobile(written, "EG")
    assert quick is None or (quick, ()) == (value(found), codes(found))


@pytest.mark.parametrize("country", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_that_the_short_cut_agrees_on_every_countrys_example_number(country: str) -> None:
    example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        return
    styles = (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.NATIONAL)
    digits = str(example.national_number)
    code = str(example.country_code)
    forms = [phonenumbers.format_number(example, style) for style in styles]
    forms += [digits, "0" + digits, "00" + digits, code + digits, "+" + code + "0" + digits, "8" + digits, "1" + digits]
    for written in forms:
        quick = quick_mobile(country)(written)
        found = parse_mobile(written, country)
        assert quick is None or (quick, ()) == (value(found), codes(found)), written


@pytest.mark.parametrize("word", ["TRUE", "yes", "Y", "1", "on", "نعم", " Yes ", "✓"])
def test_that_words_for_yes_are_yes(word: str) -> None:
    assert parse_boolean(word) is True


@pytest.mark.parametrize("word", ["FALSE", "no", "N", "0", "off", "لا"])
def test_that_words_for_no_are_no(word: str) -> None:
    assert parse_boolean(word) is False


def test_that_anything_else_is_neither_yes_nor_no() -> None:
    for cell in ("maybe", "2", 2.0, "?", dt.date.fromisoformat("2026-01-01")):
        assert codes(parse_boolean(cell)) == ("not-a-boolean",)
    assert parse_boolean(1.0) is True
    assert parse_boolean(0) is False
    assert parse_boolean(None) is None
    assert parse_boolean(" ") is None


def test_that_a_closed_list_takes_its_words_and_the_users_own() -> None:
    words = choice_words(CHANNEL, {"Kiosk 7": "pos"})
    assert value(parse_choice("Online", words)) == "web"
    assert value(parse_choice("POS", words)) == "pos"
    assert value(parse_choice("kiosk 7 ", words)) == "pos"
    assert value(parse_choice("فرع", words)) == "pos"
    assert codes(parse_choice("pigeon", words)) == ("not-a-choice",)
    assert parse_choice("web", words) == "web"
    assert parse_choice(None, words) is None


def test_that_words_of_a_free_text_are_translated_and_others_stay() -> None:
    read = parser(GENDER, Manner(words={"Other": "X"}))
    assert read("Male") == Reading("M", (), "mapped", "Male")
    assert read("أنثى") == Reading("F", (), "mapped", "أنثى")
    assert read("other") == Reading("X", (), "mapped", "other")
    assert read("M") == "M"
    assert read("diverse") == "diverse"


def test_that_a_list_is_split_at_its_separator() -> None:
    assert parse_list("a; b;;c ", ";") == Reading(("a", "b", "c"), (), "trimmed", "a; b;;c ")
    assert parse_list("a;b", ";") == ("a", "b")
    assert parse_list("a;b", "|") == ("a;b",)
    assert parse_list(" ; ", ";") is None
    assert parse_list(5.0, ";") == ("5",)


@FIXED
@given(st.text(max_size=30))
def test_that_cleaning_twice_changes_nothing_more(text: str) -> None:
    for one_line in (True, False):
        once = cleaned(text, one_line)
        if codes(once):
            continue
        again = cleaned(str(value(once)), one_line)
        assert again == value(once)
