"""{"event": text} → the drafts that safeconduct makes of a MISP event, with misp-stix beside it."""

import json
import sys
from dataclasses import asdict

from safeconduct.errors import SafeconductError
from safeconduct.exchange.import_any import drafts_of

try:
    made = [asdict(one) for one in drafts_of(json.load(sys.stdin)["event"].encode())]
except SafeconductError as error:
    made = {"code": error.code, "message": str(error)}
json.dump(made, sys.stdout)
