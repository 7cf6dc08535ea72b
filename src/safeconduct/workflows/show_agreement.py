"""The agreement as a page that people read."""

from safeconduct.agreements.fields import iso
from safeconduct.agreements.reading import from_json
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.ports import Node
from safeconduct.workflows.room_view import AgreementView
from safeconduct.workflows.show_room import points_of


def title_of(node: Node) -> str:
    """Return the title of the newest version of the agreement, empty without one."""
    with node.store.reading() as tx:
        row = tx.records.agreement_version()
    return from_json(row.body).title if row else ""


def show_agreement(node: Node) -> AgreementView | None:
    """Return the newest version of the agreement with its signatures, or None."""
    now = node.clock.now()
    with node.store.reading() as tx:
        row = tx.records.agreement_version()
        if row is None:
            return None
        agreement = from_json(row.body)
        refused = [(iso(at), act, str(refusal)) for at, act, refusal in refused_acts(tx)]
        points = points_of(tx, agreement, now)
    names = {p.id: p.name for p in agreement.parties}
    return AgreementView(
        title=agreement.title,
        version=agreement.version,
        state="closed" if now >= agreement.end_at else row.state,
        parties=tuple((p.name, "signed" if p.id in row.signatures else "not signed yet") for p in agreement.parties),
        no_recognition=agreement.no_recognition,
        legal_basis=agreement.legal_basis,
        purposes=tuple(agreement.purposes.items()),
        scope=agreement.scope,
        points=points,
        deadline=agreement.deadline,
        undertakings=tuple(
            (names.get(u.by, u.by), f"{u.text} Condition: {u.condition}." if u.condition else u.text)
            for u in agreement.undertakings
        ),
        expectations=tuple((names.get(e.of, e.of), e.text) for e in agreement.expectations),
        refused=tuple(reversed(refused))[:50],
    )
