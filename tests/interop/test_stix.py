"""Every STIX object that we emit, before stix2-validator at its strictest and the `stix2` library."""

from interop.samples import bundles

MADE = bundles()


def test_every_bundle_is_valid_and_is_parsed_without_custom_content(stranger):
    found = dict(zip(MADE, stranger("validate_stix", list(MADE.values())), strict=True))
    assert {name: one["errors"] for name, one in found.items() if one["errors"]} == {}
    assert all(one["valid"] for one in found.values())
    warned = {name: one["warnings"] for name, one in found.items() if one["warnings"]}
    assert list(warned) == ["envelope"]  # a type of our own, declared by its extension: the standard's list has it not
    assert len(warned["envelope"]) == 1 and "is not one of those defined" in warned["envelope"][0]
    for name, bundle in MADE.items():
        assert found[name]["types"] == [one["type"] for one in bundle["objects"]]
