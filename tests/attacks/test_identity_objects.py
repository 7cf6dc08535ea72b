"""Dangling identity objects: no object that crosses leads to one that does not, and none names an author."""

import json

from attacks.setting import crossing, policy, released, report

SOFTWARE = "identity--fbc32e2e-9c92-4bda-ad6a-4ad31fbc595e"  # spec/releases.md: the same in every bundle of every node


def bundle():
    return json.loads(crossing(released(report(), policy())))


def references(value):
    """Every (object, id) that something refers to, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("_ref"):
                yield inner
            elif name.endswith("_refs"):
                yield from inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_reference_leads_to_an_object_of_the_same_bundle():
    made = bundle()
    here = {one["id"] for one in made["objects"]}
    assert set(references(made)) <= here and len(here) == len(made["objects"])


def test_the_only_identity_is_that_of_the_software_and_it_made_the_definition_only():
    objects = bundle()["objects"]
    assert [one["id"] for one in objects if one["type"] == "identity"] == [SOFTWARE]
    assert [one["type"] for one in objects if one.get("created_by_ref")] == ["extension-definition"]
    for one in objects:
        if one["type"] in {"report", "location"}:
            assert not {"created_by_ref", "external_references", "granular_markings", "labels"} & set(one)


def test_objects_that_are_alike_in_every_bundle_are_alike_to_the_byte():
    """An object with an id that stays must not carry anything of one report."""
    other = report(id="x", site="North path", entered_by="Duty officer south")
    one, two = (
        {o["id"]: o for o in json.loads(crossing(released(r, policy(), seed=s), s))["objects"]}
        for r, s in ((report(), 1), (other, 2))
    )
    shared = set(one) & set(two)
    assert len(shared) == 3 and all(one[name] == two[name] for name in shared)
