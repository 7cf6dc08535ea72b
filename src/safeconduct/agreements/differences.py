"""What differs between two versions of an agreement, clause by clause."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.agreements.agreement import Agreement, to_json
from safeconduct.seal.canonical import decode_json

ORDER = (
    "title", "parties", "deadline", "start", "end", "purposes", "scope", "phases", "control_points", "undertakings",
    "expectations", "conditions", "contacts", "stale_hours", "stale_policy", "founding", "earlier", "legal_basis",
    "no_recognition",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One clause as the older and as the newer version has it, in words; None: that version does not have it."""

    clause: str
    name: str  # id of the part that differs, empty for a clause of one part
    before: str | None
    after: str | None


def differences(before: Agreement, after: Agreement) -> tuple[Difference, ...]:
    """Every part of a clause that is not the same in both, in the order of the document; number and digest left out."""
    old, new = (decode_json(to_json(one), where="agreement") for one in (before, after))
    return tuple(
        Difference(clause, name, mine.get(name), theirs.get(name))
        for clause in ORDER
        for mine, theirs in [(_parts(old[clause]), _parts(new[clause]))]
        for name in dict.fromkeys((*mine, *theirs))
        if mine.get(name) != theirs.get(name)
    )


def _parts(value: Any) -> dict[str, str]:
    """Parts of a clause by name, each in words: an object's fields, a list's members by their ids or by themselves."""
    if isinstance(value, Mapping):
        return {str(name): str(text) for name, text in value.items()}
    if isinstance(value, list):
        return {_name(one): _words(one) for one in value}
    return {} if value is None else {"": str(value)}


def _name(one: Any) -> str:
    return str(one.get("id") or one.get("date")) if isinstance(one, Mapping) else str(one)


def _words(one: Any) -> str:
    if isinstance(one, Mapping):
        given = {name: value for name, value in one.items() if name != "id" and value not in (None, [])}
        return "; ".join(f"{name}: {_words(value)}" for name, value in given.items())
    return ", ".join(_words(each) for each in one) if isinstance(one, list) else str(one)
