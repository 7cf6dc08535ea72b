import pytest

from safeconduct.errors import BadInput
from safeconduct.register.people import (
    CLASSES,
    PROTECTED,
    Group,
    Person,
    age_group,
    balance,
    birth_date_of,
    is_child,
    priority_of,
    to_body,
    view,
)


def person(number: int = 1, **changes: str) -> Person:
    fields = {
        "person_id": f"P{number}",
        "group_id": "G1",
        "given_name": "Rasim",
        "family_name": "Talur",
        "birth_date": "1990-05-04",
        "sex": "m",
        "person_class": "visa-holder",
        "at_risk": "",
        "document_type": "passport",
        "document_number": "P1234567",
        "with_parents": "",
    } | changes
    return Person(**fields, doubts=())


@pytest.mark.seed("S-34")
def test_group_ranks_with_its_most_urgent_person():
    group = Group("G1", (person(1, person_class="third-country"), person(2, person_class="citizen")))
    assert group.group_class == "citizen" and group.priority == 1 and group.heads == 2


@pytest.mark.seed("S-34")
def test_classes_have_distinct_ranks_from_one():
    assert sorted(rank for rank, _ in CLASSES.values()) == list(range(1, len(CLASSES) + 1))


@pytest.mark.seed("S-35")
def test_at_risk_category_raises_priority_but_never_to_the_first():
    assert priority_of(person(person_class="at-risk")) == 5
    assert priority_of(person(person_class="at-risk", at_risk="judge")) == 3
    assert priority_of(person(person_class="resident", at_risk="judge")) == 2
    assert priority_of(person(person_class="citizen", at_risk="judge")) == 1


@pytest.mark.seed("S-35")
@pytest.mark.parametrize("name", sorted(PROTECTED))
def test_protected_field_cannot_be_shown_even_when_listed(name):
    with pytest.raises(BadInput) as caught:
        view(person(at_risk="judge"), ["person_class", name])
    assert caught.value.code == "protected-field"


@pytest.mark.seed("S-35")
def test_view_holds_what_is_listed_and_nothing_else():
    assert view(person(at_risk="judge"), ["person_class"]) == {"person_class": "visa-holder"}
    with pytest.raises(BadInput) as caught:
        view(person(), ["blood_group"])
    assert caught.value.code == "unknown-field"


@pytest.mark.parametrize(
    ("born", "child"),
    [("2003-08-27", True), ("2003-08-26", False), ("2003-08-25", False), ("2021-01-01", True), ("", False)],
)
def test_child_is_under_eighteen_on_the_day(born, child):
    assert is_child(person(birth_date=born), "2021-08-26") is child


@pytest.mark.seed("S-43")
def test_group_of_children_only_needs_a_guardian_and_lone_children_are_seen():
    child = person(2, birth_date="2012-03-03", with_parents="no")
    alone, with_adult = Group("G1", (child,)), Group("G2", (person(), child))
    assert alone.needs_guardian("2021-08-26") and not with_adult.needs_guardian("2021-08-26")
    assert with_adult.has_child_without_parents("2021-08-26")
    assert not Group("G3", (person(with_parents="no"),)).has_child_without_parents("2021-08-26")


def test_age_group_is_unknown_without_birth_date_and_never_guessed():
    assert [age_group(born, "2021-08-26") for born in ("2012-03-03", "1990-05-04", "")] == ["child", "adult", "unknown"]


def test_stored_body_gives_back_the_birth_date():
    assert birth_date_of(to_body(person(birth_date="2012-03-03", given_name="Zoë"))) == "2012-03-03"
    assert birth_date_of(to_body(person(birth_date=""))) == ""


@pytest.mark.seed("S-36")
def test_roll_is_registered_less_departed_withdrawn_and_dead():
    citizens, at_risk = balance(
        {"at-risk": 1, "citizen": 4}, {"citizen": 1}, {"citizen": 1}, {"citizen": 1}, {"citizen": 1, "at-risk": 1}
    )
    assert (citizens.registered, citizens.departed, citizens.withdrawn, citizens.dead, citizens.roll) == (4, 1, 1, 1, 1)
    assert citizens.holds and at_risk.holds and at_risk.person_class == "at-risk"


@pytest.mark.seed("S-36")
@pytest.mark.parametrize(
    ("registered", "departed", "roll"),
    [(4, 1, 2), (4, 1, 4), (0, 0, 1), (1, 2, -1)],
    ids=["dropped", "doubled", "never registered", "negative"],
)
def test_roll_that_is_not_what_is_left_breaks_the_balance(registered, departed, roll):
    [line] = balance({"citizen": registered}, {"citizen": departed}, {}, {}, {"citizen": roll})
    assert not line.holds
    assert line.expected == registered - departed
