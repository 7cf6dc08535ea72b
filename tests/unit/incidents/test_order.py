"""Events of a relative time: their order, and what is in tension with it."""

import pytest

from safeconduct.errors import BadInput
from safeconduct.incidents.order import orders, sequence
from unit.incidents.dossiers import claim, dossier, incident


def read(*claims, incidents=()):
    whole = dossier(claims=list(claims), incidents=[incident(), *incidents])
    return whole.claims, whole.incidents


def tension(*claims, **more):
    return {one.claim: one.tension for one in orders(*read(*claims, **more))}


def about(name, order, to, **more):
    return claim(name, order=order, relative_to=to, **more)


@pytest.mark.seed("S-92")
def test_event_dated_only_against_another_keeps_its_words_and_stands_without_tension():
    (one,) = orders(*read(about("free", "before", "i1", meant_wording="a few days earlier")))
    assert (one.claim, one.order, one.to, one.wording, one.tension) == (
        "free", "before", "i1", "a few days earlier", ()
    )  # fmt: skip


@pytest.mark.seed("S-92")
def test_another_sources_date_that_contradicts_the_order_is_shown():
    dated = claim("dated", outcome="free", meant="2021-09-02", source="b")
    found = tension(about("free", "before", "i1"), dated)
    assert found == {
        "free": ("said to be before it; dated dates the one 2021-09-02, the incident the other 2021-08-26",)
    }
    assert tension(about("free", "after", "i1"), dated) == {"free": ()}
    assert len(tension(about("free", "same-time", "i1"), dated)["free"]) == 1


@pytest.mark.seed("S-92")
def test_opposite_orders_and_circles_are_shown_on_every_claim_of_them():
    found = tension(claim("x"), about("free", "before", "x"), about("other", "after", "x", outcome="free"))
    assert found == {
        "free": ("other puts it after the same",),
        "other": ("free puts it before the same",),
    }
    circle = tension(about("x", "before", "y"), about("y", "before", "z"), about("z", "before", "x"))
    assert circle["x"] == ("with y, z the order goes round in a circle",)
    assert all(circle.values())


def test_order_between_the_same_seen_from_the_other_side_is_no_tension():
    found = tension(about("x", "before", "y"), about("y", "after", "x"), about("z", "same-time", "y"))
    assert found == {"x": (), "y": (), "z": ()}


@pytest.mark.seed("S-92")
def test_events_are_put_in_order_as_far_as_it_is_said():
    claims = [about("third", "after", "second"), about("first", "before", "second"), claim("second"),
              about("loop", "before", "pool"), about("pool", "before", "loop"), about("when", "same-time", "first")]  # fmt: skip
    found = [subject[-1] for subject in sequence(*read(*claims))]
    assert [name for name in found if name != "when"] == ["first", "second", "third"]
    assert "loop" not in found


def test_order_against_its_own_subject_or_an_unknown_one_says_nothing():
    assert orders(*read(claim("x"), about("again", "before", "x", outcome="x"))) == ()


@pytest.mark.parametrize("given", [
    {"order": "before"}, {"relative_to": "i1"}, {"order": "soon", "relative_to": "i1"},
    {"order": "after", "relative_to": "x"}, {"order": "after", "relative_to": "nobody"},
])  # fmt: skip
def test_order_without_its_other_end_is_refused(given):
    with pytest.raises(BadInput):
        dossier(claims=[claim("x", **given)])
