"""What could be recorded by a day: nothing before it was said, and no incident before somebody spoke of it."""

from collections.abc import Mapping
from typing import Any

from safeconduct.incidents.dates import last_day


def known_by(raw: Mapping[str, Any], days: Mapping[str, str], until: str) -> dict[str, list[Any]]:
    """Return the part of a dossier that was known by a day.

    Args:
        raw: the dossier as JSON: incidents, sources, claims, relations, cases.
        days: id of each claim to the ISO day from which it is known.
        until: ISO day, included.
    """
    claims = [c for c in raw["claims"] if days[c["id"]] <= until]
    known = {c["id"] for c in claims}
    incidents, sources = {c["incident"] for c in claims}, {c["source"] for c in claims}
    return {
        "incidents": [i for i in raw["incidents"] if i["id"] in incidents],
        "sources": [s for s in raw["sources"] if s["id"] in sources],
        "claims": claims,
        "relations": [
            r
            for r in raw["relations"]
            if {r["from"], r["to"]} <= known and (last_day(r["said"]) if r.get("said") else days[r["from"]]) <= until
        ],
        "cases": [{**case, "steps": steps} for case in raw["cases"] if (steps := _steps(case, known, until))],
    }


def _steps(case: Mapping[str, Any], known: set[str], until: str) -> list[Any]:
    return [step for step in case["steps"] if step["claim"] in known and last_day(step["said"]) <= until]
