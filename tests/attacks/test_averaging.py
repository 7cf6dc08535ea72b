"""Averaging of noise: there is none to average away. The same input gives the same cell and slots, however often."""

from fractions import Fraction

from attacks.oracle import cell_of, fields_of, square
from attacks.setting import PLACE, crossing, policy, released, report

RANDOM = {"release_id", "commitment", "policy_digest"}


def test_two_hundred_releases_of_one_report_differ_in_random_fields_only():
    told = [fields_of(crossing(released(report(), policy(), seed=n), n)) for n in range(200)]
    assert {tuple(sorted((k, str(v)) for k, v in one.items() if k not in RANDOM)) for one in told}.__len__() == 1
    for name in RANDOM:
        assert len({one[name] for one in told}) == 200


def test_the_mean_of_many_positions_is_the_middle_of_the_cell_wherever_the_place_lies_in_it():
    south, west, north, east = square(cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 15))
    means = set()
    for corner in (Fraction(1, 50), Fraction(49, 50)):
        place = [int((low + (high - low) * corner) * 1_000_000) for low, high in ((south, north), (west, east))]
        areas = [released(report(lat=place[0], lon=place[1]), policy(), seed=n).area for n in range(100)]
        middles = [(square(area)[0] + square(area)[2], square(area)[1] + square(area)[3]) for area in areas]
        means.add((sum(m[0] for m in middles) / 200, sum(m[1] for m in middles) / 200))
    assert means == {((south + north) / 2, (west + east) / 2)}


def test_reports_that_scatter_about_a_place_tell_cells_and_no_mean_between_them():
    """Twenty reports whose positions scatter by metres: inside a cell they are one cell, at its edge two whole ones."""
    south, west, north, east = square(cell_of(PLACE[0] / 1e6, PLACE[1] / 1e6, 15))
    edge = (int(((south + north) / 2) * 1_000_000), int(east * 1_000_000))
    middle = (edge[0], int(((west + east) / 2) * 1_000_000))
    for place, cells in ((middle, 1), (edge, 2)):
        told = {released(report(lat=place[0], lon=place[1] + step), policy()).area for step in range(-100, 100, 10)}
        assert len(told) == cells and {len(one) for one in told} == {15}
