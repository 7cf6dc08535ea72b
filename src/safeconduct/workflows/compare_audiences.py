"""What the public, or the partner, is told of an incident, beside what this node holds."""

from safeconduct.errors import BadInput
from safeconduct.incidents.audiences import Difference, difference
from safeconduct.incidents.claims import AUDIENCES, PUBLIC
from safeconduct.workflows.claim_rows import NEWEST
from safeconduct.workflows.held_account import incident_dossier
from safeconduct.workflows.read_account import end_of
from safeconduct.workflows.tables import Tx


def compare_audiences(
    tx: Tx, incident_id: str, *, audience: str = PUBLIC, known_at: str | None = None, recorded_at: str | None = None
) -> Difference:
    """Return what an audience is not told of one incident.

    Raises:
        BadInput: `bad-choice`, or as `read_account`.
        SafeconductError: `no-incident`.
    """
    if audience not in AUDIENCES:
        raise BadInput("bad-choice", where="audience", expected="one of " + ", ".join(AUDIENCES), seen=audience)
    dossier, _ = incident_dossier(tx, incident_id)
    incident = next(one for one in dossier.incidents if one.id == incident_id)
    recorded = None if recorded_at is None else end_of(recorded_at)
    return difference(incident, dossier, audience, known_at=known_at or NEWEST, recorded_at=recorded)
