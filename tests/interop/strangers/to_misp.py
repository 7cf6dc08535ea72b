"""{name: STIX bundle} → {name: what PyMISP holds of the event that misp-stix makes of it}."""

import json
import sys

import stix2
from misp_stix_converter import ExternalSTIX2toMISPParser
from pymisp import MISPEvent

found = {}
for name, bundle in json.load(sys.stdin).items():
    parser = ExternalSTIX2toMISPParser()
    parser.load_stix_bundle(stix2.parse(bundle, allow_custom=False))
    parser.parse_stix_bundle()
    event = parser.misp_event
    if not event.notes:  # PyMISP 2.5.34.4 cannot read back the times of notes that it wrote itself
        event = MISPEvent()
        event.from_json(parser.misp_event.to_json())
    found[name] = {
        "info": event.info,
        "uuid": event.uuid,
        "tags": [tag.name for tag in event.tags],
        "reports": [report.content for report in event.event_reports],
        "notes": [note.note for note in event.notes],
        "objects": {one.name: {a.object_relation: a.value for a in one.attributes} for one in event.objects},
        "errors": {str(key): [str(line) for line in lines] for key, lines in parser.errors.items()},
    }
json.dump(found, sys.stdout)
