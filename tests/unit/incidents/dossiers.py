"""Small dossiers, as JSON."""

import json

from safeconduct.incidents.reading import read_dossier

DAY, NEXT, LATER = "2021-08-26", "2021-08-27", "2021-09-01"


def incident(name="i1", **more):
    return {"id": name, "title": f"Event {name}", "kind": "event", "date": DAY, "place": "a gate", **more}


def source(name, **more):
    return {"id": name, "kind": "press-report", "publisher": f"paper {name}", "published": DAY, "file": f"{name}.txt",
            "origin": name, **more}  # fmt: skip


def claim(name, **more):
    return {"id": name, "incident": "i1", "attribute": "event", "population": "people", "outcome": name, "said": DAY,
            "claimant": f"office {name}", "source": "a", "line": 3, "text": f"What {name} says.", **more}  # fmt: skip


def dead(name, number, **more):
    return claim(name, **{"attribute": "casualties", "population": "civilians", "outcome": "killed", "basis": "exact",
                          "min": number, "max": number, **more})  # fmt: skip


def document(**parts):
    empty = {
        "incidents": [incident()],
        "sources": [source("a"), source("b")],
        "claims": [],
        "relations": [],
        "cases": [],
    }
    return {**empty, **parts}


def dossier(**parts):
    return read_dossier(json.dumps(document(**parts)).encode())[0]
