"""Regions lie in regions."""

from __future__ import annotations

import pytest

from wulian.law.regions import region_chain, region_covers


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("421303", ("421303", "421300", "420000")),
        ("421300", ("421300", "420000")),
        ("420000", ("420000",)),
        ("421303001", ("421303001", "421303", "421300", "420000")),
        ("421303001002", ("421303001002", "421303001", "421303", "421300", "420000")),
    ],
)
def test_a_region_lies_in_the_regions_around_it(code, chain):
    assert region_chain(code) == chain


def test_the_city_covers_its_counties_and_no_county_covers_the_city_or_another():
    assert region_covers("421300", "421381")
    assert not region_covers("421381", "421300")
    assert not region_covers("421303", "421321")


@pytest.mark.parametrize("code", ["", "4213", "42130a", "随州市"])
def test_what_is_no_region_code_is_refused(code):
    with pytest.raises(ValueError, match="region code"):
        region_chain(code)
