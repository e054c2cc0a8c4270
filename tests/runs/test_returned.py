"""What Gameball returned is kept digit for digit."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gb_desktop.runs.returned import exact_json, read_exact

plain = st.none() | st.booleans() | st.integers() | st.text() | st.decimals("-1e9", "1e9", places=2)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))


@given(values)
def test_that_any_answer_is_read_back_as_it_was(value: object) -> None:
    assert read_exact(exact_json(value)) == value


def test_that_numbers_stay_numbers_with_all_their_digits() -> None:
    returned = {"amount": Decimal("57.75"), "points": 5, "name": None}
    assert exact_json(returned) == '{"amount":57.75,"points":5,"name":null}'
