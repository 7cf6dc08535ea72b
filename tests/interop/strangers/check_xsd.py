"""{"schema": path, "documents": {name: text}} → {name: error, '' where valid}, by xmlschema and by lxml."""

import json
import sys

import xmlschema
from lxml import etree

asked = json.load(sys.stdin)
one = xmlschema.XMLSchema(asked["schema"])
other = etree.XMLSchema(etree.parse(asked["schema"]))
found = {}
for name, text in asked["documents"].items():
    first = next((error.reason or "invalid" for error in one.iter_errors(text)), "")
    document = etree.fromstring(text.encode())
    second = "" if other.validate(document) else str(other.error_log.last_error)
    found[name] = first or second
json.dump(found, sys.stdout)
