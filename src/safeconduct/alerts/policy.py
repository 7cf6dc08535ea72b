"""The policy of releases to one partner: an allow-list, floors and ceilings. An empty policy refuses.

A policy is private: it names the candidates for a source, and so does not cross. What crosses is a salted digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from safeconduct.agreements.fields import Fields, known, text_map, unique
from safeconduct.alerts.quadtree import FINEST_LEVEL, parse_cell, touches
from safeconduct.alerts.words import THREATENED, TLP
from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_json, encode_json

# What a policy may list at all, and what no release can do without. The rest of a report cannot be listed.
RELEASABLE = ("threatened_class", "area", "window", "advised_action", "likelihood", "actor")
NEEDED = ("threatened_class", "area", "window", "advised_action")
DAY = 86_400
# Each divides the next, so that slots of different policies nest as the cells do: who puts together what two policies
# let out gets no border of time that is finer than the finer of the two.
SLOTS = (900, 1_800, 3_600, 7_200, 14_400, 43_200, DAY)
SHORTEST_SLOT = SLOTS[0]
LIMIT_BYTES = 256 * 1024
_DOMAIN = b"safeconduct.policy.1\0"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who might plausibly be a source, and the cells where it could have seen or heard something."""

    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A place that might be meant by a warning for some classes of people: a cell, as small as one likes."""

    id: str
    classes: tuple[str, ...]
    cell: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What one partner gets of a report, for one purpose.

    `fields`: allow-list, of `RELEASABLE`. `max_cell_level`: floor of precision, no area is finer, and none is finer
    than `quadtree.FINEST_LEVEL` under any policy; `min_cell_level`: ceiling of usefulness, no area is coarser.
    `slot_seconds`: window and issue time are cut to slots of this length (one of `SLOTS`). `actors`: tree of actors,
    each with its parent ('' for a root); `actor_level`: how deep in that tree a release may go, roots being 1.
    `min_candidates`: at least so many candidates, and so many actors below the one named, must fit.
    `min_lead_seconds`: floor of usefulness. `coalition`: other partners who might compare what they got; their releases
    count as this partner's. `expiry_seconds`: how long after its window a release stays valid. `targets`: places that a
    warning for a class might mean, of which at least `min_targets` lie in any area released for that class; 0 with no
    targets: not declared, and then a cell may hold one such place only.
    """

    version: int
    agreement_id: str
    partner: str
    purpose: str
    fields: tuple[str, ...]
    min_cell_level: int
    max_cell_level: int
    slot_seconds: int
    actors: Mapping[str, str]
    actor_level: int
    candidates: tuple[Candidate, ...]
    min_candidates: int
    coalition: tuple[str, ...]
    min_lead_seconds: int
    expiry_seconds: int
    handling: str
    targets: tuple[Target, ...] = ()
    min_targets: int = 0


def from_json(data: bytes) -> Policy:
    """Policy of a JSON document.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field`, `bad-field` or `bad-cell`, naming the field.
    """
    plain = decode_json(data, where="policy", limit=LIMIT_BYTES)
    if isinstance(plain, dict):  # policies of older versions declare no targets
        plain = {"targets": [], "min_targets": 0, **plain}
    fields = Fields(plain, "policy")
    policy = Policy(
        version=fields.integer("version", 1, 1_000_000),
        agreement_id=fields.ident("agreement_id"),
        partner=fields.ident("partner"),
        purpose=fields.ident("purpose"),
        fields=fields.texts("fields", most=len(RELEASABLE)),
        min_cell_level=fields.integer("min_cell_level", 2, FINEST_LEVEL),
        max_cell_level=fields.integer("max_cell_level", 2, FINEST_LEVEL),
        slot_seconds=fields.integer("slot_seconds", SHORTEST_SLOT, DAY),
        actors=_actors(fields),
        actor_level=fields.integer("actor_level", 1, 10),
        candidates=fields.records("candidates", _candidate, most=1_000),
        min_candidates=fields.integer("min_candidates", 1, 1_000),
        coalition=fields.texts("coalition", most=20, limit=64),
        min_lead_seconds=fields.integer("min_lead_seconds", 0, 30 * DAY),
        expiry_seconds=fields.integer("expiry_seconds", 0, 30 * DAY),
        handling=fields.choice("handling", TLP),
        targets=fields.records("targets", _target, most=1_000),
        min_targets=fields.integer("min_targets", 0, 1_000),
    )
    fields.done()
    _check(policy)
    return policy


def to_json(policy: Policy) -> bytes:
    """Canonical JSON of a policy."""
    return encode_json(
        {
            "version": policy.version,
            "agreement_id": policy.agreement_id,
            "partner": policy.partner,
            "purpose": policy.purpose,
            "fields": list(policy.fields),
            "min_cell_level": policy.min_cell_level,
            "max_cell_level": policy.max_cell_level,
            "slot_seconds": policy.slot_seconds,
            "actors": dict(policy.actors),
            "actor_level": policy.actor_level,
            "candidates": [{"id": one.id, "cells": list(one.cells)} for one in policy.candidates],
            "min_candidates": policy.min_candidates,
            "coalition": list(policy.coalition),
            "min_lead_seconds": policy.min_lead_seconds,
            "expiry_seconds": policy.expiry_seconds,
            "handling": policy.handling,
            "targets": [{"id": one.id, "classes": list(one.classes), "cell": one.cell} for one in policy.targets],
            "min_targets": policy.min_targets,
        }
    )


def digest(policy: Policy, salt: bytes) -> bytes:
    """SHA-256 of domain ‖ salt ‖ canonical policy, 32 bytes.

    The fresh salt of each release keeps a partner from guessing the policy, and two partners from comparing theirs.
    """
    return sha256(_DOMAIN + salt + to_json(policy)).digest()


def plausible(policy: Policy, area: str) -> frozenset[str]:
    """Candidates who could have told of something in this cell."""
    return frozenset(one.id for one in policy.candidates if any(touches(area, reached) for reached in one.cells))


def plausible_targets(policy: Policy, area: str, threatened_class: str) -> tuple[str, ...]:
    """Declared places in this cell that a warning for this class of people might mean."""
    return tuple(one.id for one in policy.targets if threatened_class in one.classes and touches(area, one.cell))


def generalise(policy: Policy, actor: str, *, fewest: int) -> str | None:
    """The most exact name for `actor` that the policy lets out.

    None if the tree does not know the actor, or if no name on the way up is both high enough in the tree and common to
    at least `min_candidates`, and `fewest`, actors.
    """
    if actor not in policy.actors:
        return None
    line = [actor]
    while policy.actors[line[-1]]:
        line.append(policy.actors[line[-1]])
    allowed = line[max(0, len(line) - policy.actor_level) :]
    floor = max(fewest, policy.min_candidates)
    return next((name for name in allowed if _leaves(policy, name) >= floor), None)


def _leaves(policy: Policy, name: str) -> int:
    """Actors without any below them, at or below `name`."""
    below = [child for child, above in policy.actors.items() if above == name]
    return sum(_leaves(policy, child) for child in below) if below else 1


def _candidate(fields: Fields) -> Candidate:
    cells = fields.texts("cells", most=1_000, limit=64)
    where = fields.path("cells")
    return Candidate(fields.ident("id"), tuple(parse_cell(text, where=where) for text in cells))


def _target(fields: Fields) -> Target:
    classes = fields.texts("classes", most=len(THREATENED), limit=64)
    for name in classes:
        known(name, THREATENED, where=fields.path("classes"))
    area = parse_cell(fields.text("cell", limit=64), where=fields.path("cell"))
    return Target(fields.ident("id"), classes, area)


def _actors(fields: Fields) -> Mapping[str, str]:
    """Names and parents; every way up ends at a root."""
    tree = text_map(fields, "actors", most=1_000, limit=64, empty=True)
    for name in tree:
        seen, at = {name}, tree[name]
        while at:
            known(at, tree, where=fields.path("actors"))
            if at in seen:
                raise BadInput("bad-field", where=fields.path("actors"), expected="a tree", seen=at)
            seen.add(at)
            at = tree[at]
    return tree


def _check(policy: Policy) -> None:
    for name in policy.fields:
        known(name, RELEASABLE, where="policy.fields")
    unique((one.id for one in policy.candidates), where="policy.candidates")
    if policy.min_cell_level > policy.max_cell_level:
        expected = f"at most max_cell_level, {policy.max_cell_level}"
        raise BadInput("bad-field", where="policy.min_cell_level", expected=expected, seen=policy.min_cell_level)
    if policy.slot_seconds not in SLOTS:
        expected, seen = "one of " + ", ".join(map(str, SLOTS)), policy.slot_seconds
        raise BadInput("bad-field", where="policy.slot_seconds", expected=expected, seen=seen)
    unique((one.id for one in policy.targets), where="policy.targets")
    if (policy.min_targets > 0) != bool(policy.targets):
        expected = "at least 1 with targets, 0 without"
        raise BadInput("bad-field", where="policy.min_targets", expected=expected, seen=policy.min_targets)
