"""Every country that can be chosen has a name."""

from __future__ import annotations

import phonenumbers
import pytest

from gb_desktop.mapping.contacts import HOME_COUNTRIES
from gb_desktop.mapping.countries import COUNTRIES, country_name


def test_that_the_countries_are_those_whose_numbers_can_be_read() -> None:
    assert set(COUNTRIES) == set(phonenumbers.SUPPORTED_REGIONS)
    assert set(HOME_COUNTRIES) <= set(COUNTRIES)
    assert len(set(COUNTRIES.values())) == len(COUNTRIES)


@pytest.mark.parametrize(("code", "name"), [("EG", "Egypt"), ("eg", "Egypt"), ("CI", "Côte d’Ivoire"), ("??", "??")])
def test_that_a_country_is_called_by_its_name(code: str, name: str) -> None:
    assert country_name(code) == name
