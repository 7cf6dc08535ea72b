"""A policy in plain words, clause by clause, and what changed between two versions."""

from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.alerts.policy import Policy
from safeconduct.alerts.quadtree import size_m
from safeconduct.workflows.common import cards
from safeconduct.workflows.keep_operators import name_of
from safeconduct.workflows.keep_policy import KeptPolicy, policies
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

FIELDS = {
    "threatened_class": "who is threatened",
    "area": "the area",
    "window": "the time window",
    "advised_action": "the advice",
    "likelihood": "how likely it is",
    "actor": "the actor",
}
NEVER = "site and position, sources, free text, who entered it, and when, never cross, whatever a policy lists"


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One policy as people read it: its newest version in words, and its earlier ones."""

    partner: str  # party id
    partner_name: str
    purpose: str
    version: int
    kept: str  # ISO time
    by: str
    second: str
    clauses: tuple[tuple[str, str], ...]
    history: tuple[tuple[int, str, str, str, tuple[tuple[str, str, str], ...]], ...]  # (version, at, by, second, diff)


def clauses(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Return a policy as (what, in words)."""
    listed = ", ".join(FIELDS[name] for name in policy.fields)
    unlisted = ", ".join(words for name, words in FIELDS.items() if name not in policy.fields)
    k = policy.min_candidates
    roots = sorted(name for name, above in policy.actors.items() if not above)
    rows = [
        ("may cross", listed or "nothing"),
        ("stays here", f"{unlisted}; {NEVER}" if unlisted else NEVER),
        ("finest area", f"a cell of {_side(policy.max_cell_level):,} m (level {policy.max_cell_level})"),
        ("widest area", (f"a cell of {_side(policy.min_cell_level):,} m (level {policy.min_cell_level}); "
                        "wider helps nobody, and is not sent")),
        ("times", f"cut to slots of {_span(policy.slot_seconds)}"),
        ("least warning time", f"{_span(policy.min_lead_seconds)} before the window begins"),
        ("source", (f"at least {k} of {len(policy.candidates)} declared candidates must stay plausible, "
                   "counted over all earlier releases")),
        ("actor", (f"at most {policy.actor_level} deep in the tree of {len(policy.actors)} names "
                  f"({', '.join(roots) or 'none'}), and only a name that fits at least {max(k, 2)}")),
        ("partners who may compare", ", ".join(policy.coalition) or "none declared"),
        ("valid", f"until {_span(policy.expiry_seconds)} after the window"),
        ("marking", f"{policy.handling} or stricter"),
    ]  # fmt: skip
    if policy.targets:
        rows.insert(7, ("places it could mean", f"at least {policy.min_targets} of {len(policy.targets)} declared"))
    return tuple(rows)


def changes(before: Policy, after: Policy) -> tuple[tuple[str, str, str], ...]:
    """Return (what, before, after) of each clause that differs; a changed candidate or tree of one length says so."""
    found = [
        (what, old, new)
        for (what, old), (other, new) in zip(_padded(before, after), _padded(after, before), strict=True)
        if what == other and old != new
    ]
    named = {what for what, _, _ in found}
    if before.candidates != after.candidates and "source" not in named:
        found.append(("source", "the candidates as they were", "other candidates or other cells, as many"))
    if before.actors != after.actors and "actor" not in named:
        found.append(("actor", "the tree as it was", "another tree, as large"))
    return tuple(found)


def show_policies(node: Node, tx: Tx) -> tuple[PolicyView, ...]:
    """Return every policy with its history, newest version first."""
    by_key: dict[tuple[str, str], list[KeptPolicy]] = {}
    for one in policies(node, tx):
        by_key.setdefault((one.policy.partner, one.policy.purpose), []).append(one)
    known = cards(tx)
    views = []
    for (partner, purpose), held in by_key.items():
        newest = held[-1]
        history = []
        for place, one in reversed(list(enumerate(held))):
            diff = changes(held[place - 1].policy, one.policy) if place else ()
            second = name_of(node, tx, one.second) if one.second else ""
            history.append((one.policy.version, iso(one.at), name_of(node, tx, one.by), second, diff))
        views.append(
            PolicyView(
                partner, known[partner].name if partner in known else partner, purpose, newest.policy.version,
                iso(newest.at), name_of(node, tx, newest.by), name_of(node, tx, newest.second) if newest.second else "",
                clauses(newest.policy), tuple(history),
            )
        )  # fmt: skip
    return tuple(views)


def _padded(one: Policy, other: Policy) -> list[tuple[str, str]]:
    """Clauses of one policy, with an empty line for each that only the other one has."""
    own = dict(clauses(one))
    return [(what, own.get(what, "–")) for what in dict.fromkeys([*own, *dict(clauses(other))])]


def _span(seconds: int) -> str:
    if seconds % 3_600 == 0 and seconds:
        hours = seconds // 3_600
        return f"{hours} hour{'' if hours == 1 else 's'}"
    minutes = seconds // 60
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _side(level: int) -> int:
    """Return the longer side of a cell of a level, in metres."""
    return size_m("0" * level)
