"""Reading an agreement: every field checked by name, and the references between them."""

from collections.abc import Collection

from safeconduct.agreements.agreement import (
    RINGS,
    STALE_POLICIES,
    Agreement,
    Condition,
    Contact,
    ExpectationTerm,
    Founding,
    Holding,
    Party,
    Phase,
    PointTerm,
    Role,
    Undertaking,
)
from safeconduct.agreements.fields import Fields, known, moment, text_map, unique
from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_json
from safeconduct.seal.keys import VerifyKey

LIMIT_BYTES = 256 * 1024  # an agreement that people read is far shorter


def from_json(data: bytes) -> Agreement:
    """Agreement of a JSON document (spaces and the order of keys are free; what is signed is `to_json`).

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field`, `bad-field` or `bad-key`, naming the field.
    """
    fields = Fields(decode_json(data, where="agreement", limit=LIMIT_BYTES), "agreement")
    agreement = Agreement(
        id=fields.ident("id"),
        version=fields.integer("version", 1, 1_000_000),
        previous=fields.optional("previous", lambda name: fields.hex_text(name, 32)),
        title=fields.text("title", limit=200),
        parties=_two(fields.records("parties", _party, most=2)),
        founding=fields.records("founding", _founding, most=20),
        purposes=text_map(fields, "purposes", most=50),
        scope=fields.texts("scope", most=100, limit=64),
        legal_basis=fields.text("legal_basis"),
        no_recognition=fields.text("no_recognition"),
        control_points=fields.records("control_points", _point, most=500),
        start=fields.moment_text("start"),
        deadline=fields.moment_text("deadline"),
        end=fields.optional("end", fields.moment_text),
        stale_hours=fields.integer("stale_hours", 1, 24 * 30),
        stale_policy=fields.choice("stale_policy", STALE_POLICIES),
        undertakings=fields.records("undertakings", _undertaking, most=200),
        expectations=fields.records("expectations", _expectation, most=200),
        conditions=fields.records("conditions", _condition, most=50),
        phases=fields.records("phases", _phase, most=20),
        contacts=fields.records("contacts", _contact, most=50),
        earlier=fields.texts("earlier", most=50),
    )
    fields.done()
    _check_versions(agreement)
    _check_times(agreement)
    _check_references(agreement)
    _check_points(agreement)
    return agreement


def _two(parties: tuple[Party, ...]) -> tuple[Party, Party]:
    if len(parties) != 2:
        raise BadInput("bad-field", where="agreement.parties", expected="exactly two parties", seen=len(parties))
    first, second = parties
    unique((first.id, second.id), where="agreement.parties")
    unique((first.root_public, second.root_public), where="agreement.parties.root_public")
    return first, second


def _party(fields: Fields) -> Party:
    party = Party(fields.ident("id"), fields.text("name", limit=100), fields.hex_text("root_public", 32))
    VerifyKey.load(bytes.fromhex(party.root_public), where=fields.path("root_public"))
    return party


def _founding(fields: Fields) -> Founding:
    return Founding(fields.text("date", limit=40), fields.text("event"), fields.text("source", limit=400))


def _point(fields: Fields) -> PointTerm:
    return PointTerm(
        fields.ident("id"),
        fields.text("name", limit=100),
        fields.choice("ring", RINGS),
        fields.texts("upstream", most=100, limit=64),
        fields.records("holders", _holding, most=100),
    )


def _holding(fields: Fields) -> Holding:
    return Holding(fields.ident("party"), fields.moment_text("start"), fields.optional("until", fields.moment_text))


def _undertaking(fields: Fields) -> Undertaking:
    return Undertaking(
        fields.ident("id"), fields.ident("by"), fields.text("text"), fields.optional("condition", fields.text)
    )


def _expectation(fields: Fields) -> ExpectationTerm:
    return ExpectationTerm(fields.ident("id"), fields.ident("of"), fields.text("text"))


def _condition(fields: Fields) -> Condition:
    return Condition(fields.ident("id"), fields.text("text"))


def _phase(fields: Fields) -> Phase:
    return Phase(
        fields.ident("id"),
        fields.text("name", limit=100),
        fields.moment_text("start"),
        fields.texts("acts", most=50, limit=64),
        fields.records("roles", _role, most=50) if fields.given("roles") else (),
    )


def _role(fields: Fields) -> Role:
    return Role(fields.text("act", limit=64), fields.ident("party"), fields.text("office", limit=200))


def _contact(fields: Fields) -> Contact:
    return Contact(
        fields.ident("id"),
        fields.ident("party"),
        fields.choice("kind", ("diplomatic", "military", "humanitarian", "technical")),
        fields.text("text", limit=400),
        fields.integer("check_hours", 1, 24 * 365),
    )


def _check_versions(agreement: Agreement) -> None:
    """Version 1 has nothing before it; every later one names the version that it replaces."""
    if (agreement.version == 1) != (agreement.previous is None):
        expected = "null for version 1, else the digest of the version before"
        raise BadInput("bad-field", where="agreement.previous", expected=expected, seen=agreement.previous)


def _check_times(agreement: Agreement) -> None:
    if agreement.deadline_at <= agreement.start_at:
        seen = agreement.deadline
        raise BadInput("bad-field", where="agreement.deadline", expected="a time after the start", seen=seen)
    if agreement.end_at < agreement.deadline_at:
        raise BadInput("bad-field", where="agreement.end", expected="no time before the deadline", seen=agreement.end)
    starts = [moment(phase.start) for phase in agreement.phases]
    if starts != sorted(set(starts)):
        raise BadInput("bad-field", where="agreement.phases", expected="phases in order of start", seen=starts)


def _check_references(agreement: Agreement) -> None:
    for name, ids in (
        ("control_points", [point.id for point in agreement.control_points]),
        ("undertakings", [term.id for term in agreement.undertakings]),
        ("expectations", [term.id for term in agreement.expectations]),
        ("conditions", [term.id for term in agreement.conditions]),
        ("phases", [term.id for term in agreement.phases]),
        ("contacts", [term.id for term in agreement.contacts]),
    ):
        unique(ids, where=f"agreement.{name}")
    parties: Collection[str] = agreement.party_ids
    for undertaking in agreement.undertakings:
        known(undertaking.by, parties, where=f"agreement.undertakings.{undertaking.id}.by")
    for expectation in agreement.expectations:
        known(expectation.of, parties, where=f"agreement.expectations.{expectation.id}.of")
    for phase in agreement.phases:
        for role in phase.roles:
            known(role.party, parties, where=f"agreement.phases.{phase.id}.roles.party")
            known(role.act, phase.acts, where=f"agreement.phases.{phase.id}.roles.act")
    for contact in agreement.contacts:
        known(contact.party, parties, where=f"agreement.contacts.{contact.id}.party")


def _check_points(agreement: Agreement) -> None:
    """At most one holder at any time, and a way in that does not run in a circle."""
    names = {point.id: point for point in agreement.control_points}
    for point in agreement.control_points:
        where = f"agreement.control_points.{point.id}"
        for name in point.upstream:
            known(name, names, where=f"{where}.upstream")
        _check_holders(point, agreement.party_ids, where)
    settled: set[str] = set()
    while len(settled) < len(names):
        ready = {name for name, point in names.items() if settled.issuperset(point.upstream)} - settled
        if not ready:
            seen = sorted(set(names) - settled)
            raise BadInput("bad-field", where="agreement.control_points", expected="no circle of upstream", seen=seen)
        settled |= ready


def _check_holders(point: PointTerm, parties: Collection[str], where: str) -> None:
    free_from = 0
    for holding in point.holders:
        known(holding.party, parties, where=f"{where}.holders")
        start = moment(holding.start)
        until = None if holding.until is None else moment(holding.until)
        if free_from is None or start < free_from or (until is not None and until <= start):
            expected = "holders in order, one at a time"
            raise BadInput("bad-field", where=f"{where}.holders", expected=expected, seen=holding.start)
        free_from = until  # type: ignore[assignment]
