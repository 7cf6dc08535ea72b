"""One good entry of every kind, with texts that occur nowhere else, so that a search finds them."""

import json

from safeconduct.agreements.kinds import KINDS

AT = 1629460800  # 2021-08-20T12:00:00Z
ISO = "2021-08-20T12:00:00Z"


def fields_of(kind, *, refers_to):
    """Every field of a kind, optional ones too; its texts name the kind."""
    values = {"text": f"{kind} said quietly", "ident": f"{kind}-9", "entry": refers_to, "time": ISO, "count": 4}
    values["texts"] = [f"{kind} one", f"{kind} two"]
    rules = KINDS[kind].fields
    return {name: rule.options[0] if rule.type == "choice" else values[rule.type] for name, rule in rules.items()}


def as_json(kind, fields, *, source="duty log, page 3", at=AT):
    """An entry as a user would hand it in."""
    return json.dumps({"kind": kind, "fields": fields, "source": source, "at": at}).encode()
