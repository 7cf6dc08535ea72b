"""The grid of areas: integers only, parents by truncation."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from safeconduct.alerts.quadtree import (
    FINEST_LEVEL,
    MAX_LEVEL,
    around,
    bounds,
    cell,
    centre,
    contains,
    level_for,
    parent,
    parse_cell,
    size_m,
    straddles,
    touches,
)
from safeconduct.errors import BadInput

LAT = st.integers(-90_000_000, 90_000_000)
LON = st.integers(-180_000_000, 180_000_000)
LEVEL = st.integers(1, MAX_LEVEL)


@given(LAT, LON, LEVEL)
@example(90_000_000, 180_000_000, 24)
@example(-90_000_000, -180_000_000, 24)
def test_every_place_lies_in_its_cell_and_the_cell_is_on_earth(lat, lon, level):
    name = cell(lat, lon, level)
    south, west, north, east = bounds(name)
    lon = -180_000_000 if lon == 180_000_000 else lon
    assert south <= lat < north and west <= lon < east
    assert parse_cell(name, where="area") == name and len(name) == level


@given(LAT, LON, st.integers(2, MAX_LEVEL))
def test_parent_is_the_name_cut_short(lat, lon, level):
    name = cell(lat, lon, level)
    assert parent(name) == cell(lat, lon, level - 1)
    assert contains(parent(name), name) and touches(name, parent(name)) and touches(parent(name), name)


@given(LAT, LON, st.integers(1, MAX_LEVEL - 1))
def test_four_children_tile_their_parent_without_gap_or_overlap(lat, lon, level):
    name = cell(lat, lon, level)
    south, west, north, east = bounds(name)
    children = [bounds(name + digit) for digit in "0123"]
    area = sum((n - s) * (e - w) for s, w, n, e in children)
    assert area == (north - south) * (east - west)
    assert {child[0] for child in children} == {south, children[2][0]}


@given(LAT, LON, st.integers(1, 12))
def test_cells_around_a_cell_share_an_edge_or_a_corner_with_it(lat, lon, level):
    name = cell(lat, lon, level)
    near = around(name)
    assert name in near and len(set(near)) == len(near) <= 9
    south, west, north, east = bounds(name)
    for other in near:
        assert parse_cell(other, where="area") == other
        below, left, above, right = bounds(other)
        assert below <= north and south <= above
        turns = {left - east, west - right}
        assert min(turns) <= 0 or 360_000_000 in {right - west, east - left}  # across the line of change of date


def test_a_cell_has_eight_neighbours_away_from_the_poles_and_fewer_at_them():
    assert len(around(cell(34_000_000, 69_000_000, 12))) == 9
    assert len(around(cell(34_000_000, 179_999_999, 12))) == 9
    assert len(around(cell(-90_000_000, 0, 12))) == 6
    assert set(around(cell(0, 0, 1))) == {"0", "1", "2", "3"}


def test_no_release_is_finer_than_six_hundred_metres():
    assert size_m("0" * FINEST_LEVEL) == 612


@given(LAT, LON, st.integers(1, 20))
def test_middle_of_a_cell_lies_in_it(lat, lon, level):
    name = cell(lat, lon, level)
    if all(abs(edge) <= 90_000_000 for edge in bounds(name)[::2]):
        assert cell(*centre(name), level) == name


def test_neighbours_do_not_touch():
    assert not touches("301", "302") and not contains("301", "30")


def test_sizes_halve_and_bound_the_side():
    assert size_m("3" * 12) == 9784 and size_m("") == 40_075_017
    assert level_for(300, 15) == 15 and level_for(3000, 15) == 13 and level_for(10**8, 15) == 1


def test_place_near_an_edge_straddles_it():
    south, west, north, east = bounds(cell(34_258_012, 69_210_455, 15))
    middle = (south + north) // 2, (west + east) // 2
    name = cell(*middle, 15)
    assert not straddles(name, *middle, 100)
    assert straddles(name, south + 10, middle[1], 100)
    assert straddles(name, middle[0], west + 10, 100)
    assert straddles(cell(70_000_000, 0, 5), 70_000_000, 1_000_000, 1)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ((90_000_001, 0, 1), "bad-position"),
        ((0, -180_000_001, 1), "bad-position"),
        ((0, 0, 0), "bad-level"),
        ((0, 0, 25), "bad-level"),
    ],
)
def test_place_off_the_earth_is_refused(place, code):
    with pytest.raises(BadInput) as caught:
        cell(*place)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["", "4", "3" * 25, "²", "00", "332", "3300002", "-1", "0 "])
def test_text_that_is_no_cell_on_earth_is_refused(text):
    with pytest.raises(BadInput) as caught:
        parse_cell(text, where="area")
    assert caught.value.code == "bad-cell"


@given(st.text())
def test_any_text_is_a_cell_or_refused(text):
    try:
        name = parse_cell(text, where="area")
    except BadInput:
        return
    assert name == text and bounds(name)[0] <= 90_000_000
