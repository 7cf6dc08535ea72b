"""[bundle, …] → [{"valid", "errors", "warnings", "types"}, …] by stix2-validator, strictest, and by `stix2.parse`."""

import json
import sys

import stix2
from stix2validator import ValidationOptions, validate_instance

bundles = json.load(sys.stdin)
found = []
for bundle in bundles:
    options = ValidationOptions(
        version="2.1", strict=False, strict_properties=True, strict_types=True, enforce_refs=True
    )
    made = validate_instance(bundle, options)
    own = any(one["type"].startswith("x-") for one in bundle["objects"])  # a type that this library cannot know
    parsed = stix2.parse(bundle, allow_custom=own, version="2.1")
    found.append(
        {
            "valid": made.is_valid,
            "errors": [str(one) for one in made.errors or ()],
            "warnings": [str(one) for one in made.warnings or ()],
            "types": [one["type"] for one in parsed.objects],
        }
    )
json.dump(found, sys.stdout)
