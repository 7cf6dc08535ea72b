"""Brute force of the commitment: whoever knows all but one field cannot confirm a guess at that one."""

import itertools

from attacks.oracle import leaf, root
from attacks.setting import REPORT, fresh, policy, released, report


def made(**changes):
    """Commitment of a report, and the salts that its owner keeps."""
    return released(report(**changes), policy()).commitment, fresh(0)[1]


def tree(values, salts):
    return root([leaf(name, values[name], salts[name]) for name in sorted(values, key=str.encode)])


def test_with_all_salts_the_attackers_own_tree_gives_the_commitment():
    """So the guesses below fail for want of a salt, and not for want of the right tree."""
    commitment, salts = made()
    assert tree(REPORT, salts) == commitment


def test_every_likelihood_was_tried_with_every_salt_an_attacker_could_have():
    """He has all other fields with their salts, and the salts of another release of the same report."""
    commitment, salts = made()
    others = [salt for name, salt in salts.items() if name != "likelihood"]
    stale = fresh(7)[1]["likelihood"]
    zero = [b"\0" * 32, b"", b"\xff" * 32, commitment]
    for guess, salt in itertools.product(range(1, 8), [*others, stale, *zero]):
        tried = tree({**REPORT, "likelihood": guess}, {**salts, "likelihood": salt})
        assert tried != commitment


def test_small_fields_have_no_leaf_that_two_releases_share():
    """Equal leaves would tell that a withheld field did not change from one release to the next."""
    one, other = fresh(1)[1], fresh(2)[1]
    names = [name for name in REPORT if not isinstance(REPORT[name], list)]
    assert all(leaf(name, REPORT[name], one[name]) != leaf(name, REPORT[name], other[name]) for name in names)
    assert len({leaf(name, None, one[name]) for name in names}) == len(names)


def test_reports_that_are_alike_but_for_one_field_are_not_told_apart_by_their_commitments():
    """With fresh salts the commitment is a new value each time, whether the field changed or not."""
    changed = {released(report(likelihood=n), policy(), seed=n).commitment for n in range(1, 8)}
    same = {released(report(), policy(), seed=100 + n).commitment for n in range(7)}
    assert len(changed | same) == 14
