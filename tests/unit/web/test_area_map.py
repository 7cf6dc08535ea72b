"""The map of a warning's area: the cell among its neighbours, the points that lie near, and nothing finer."""

from safeconduct.alerts.quadtree import bounds, cell
from safeconduct.web.pages.area_map import area_map, degrees, distance

KABUL = bounds(cell(34_558_600, 69_221_400, 15))


def test_a_map_says_in_words_what_it_shows():
    drawn = area_map(KABUL, 1_224)
    assert 'aria-label="Map: an area about 1.2 km across, between 34.5' in drawn
    assert "style=" not in drawn and "script" not in drawn


def test_points_near_the_area_are_drawn_and_far_ones_are_left_out():
    south, west, north, east = KABUL
    inside = ("Gate <A>", (south + north) // 2, (west + east) // 2)
    beside = ("Gate B", south, east)
    far = ("Gate C", south - 5_000_000, west)
    drawn = area_map(KABUL, 1_224, [inside, beside, far])
    assert drawn.count("<circle") == 2
    assert "Gate &lt;A&gt;" in drawn and "Gate B" in drawn and "Gate C" not in drawn


def test_a_map_near_the_pole_stays_within_its_page():
    drawn = area_map(bounds(cell(89_000_000, 0, 8)), 156_000)
    height = int(drawn.split('viewBox="0 0 300 ')[1].split('"')[0])
    assert height <= 700


def test_distances_and_degrees_read_as_people_say_them():
    assert [distance(n) for n in (650, 1_224, 2_000)] == ["650 m", "1.2 km", "2 km"]
    assert degrees(-34_558_600, "N", "S") == "34.559° S"
