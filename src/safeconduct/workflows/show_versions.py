"""The versions of a release: what each says in words, and how it differs from the one before (for its own node)."""

from safeconduct.agreements.fields import iso
from safeconduct.alerts import release as releases
from safeconduct.errors import SafeconductError
from safeconduct.workflows.answer_release import answers_to
from safeconduct.workflows.draft_release import act_view, partner_lines
from safeconduct.workflows.keep_operators import name_of
from safeconduct.workflows.list_shares import acknowledgement_of, kind_of
from safeconduct.workflows.own_acts import acts_about
from safeconduct.workflows.ports import Node
from safeconduct.workflows.warning_view import ActView, VersionView


def show_versions(node: Node, release_id: str) -> tuple[VersionView, ...]:
    """Return every version of a release that was sent from here, the first one first.

    Raises:
        SafeconductError: `unknown-release`.
    """
    with node.store.reading() as tx:
        rows = tx.alerts.versions(release_id)
        if not rows or rows[0].direction != "sent":
            raise SafeconductError("unknown-release", f"no release {release_id} was sent from here")
        acts = {act.said.get("version"): act for act in acts_about(node, tx, release_id)}
        answers = answers_to(tx, release_id)
        names = {act.by: name_of(node, tx, act.by) for act in acts.values()}
    found, before = [], None
    for row in rows:
        release = releases.from_json(row.body)
        ack, act = acknowledgement_of(release, answers), acts.get(release.version)
        found.append(
            VersionView(
                version=release.version,
                kind=kind_of(release),
                at=iso(row.issued),
                by=names[act.by] if act else "",
                reason=act.reason if act else "",
                changes=() if before is None else differences(before, release),
                acknowledged_at=iso(ack.at) if ack else None,
                report=row.report or "",
                ledger_index=row.ledger_index,
            )
        )
        before = release
    return tuple(found)


def exact_view(node: Node, release_id: str) -> tuple[tuple[str, str], ...]:
    """Return all that the partner was told by the version that counts, in words.

    Raises:
        SafeconductError: `unknown-release`.
    """
    with node.store.reading() as tx:
        row = tx.alerts.release(release_id)
    if row is None:
        raise SafeconductError("unknown-release", f"there is no release {release_id}")
    return partner_lines(releases.from_json(row.body))


def differences(before: releases.Release, after: releases.Release) -> tuple[tuple[str, str, str], ...]:
    """Return (what, before, after) of what a later version says differently."""
    old, new = dict(partner_lines(before)), dict(partner_lines(after))
    rows = [(name, old.get(name, "–"), new.get(name, "–")) for name in dict.fromkeys([*old, *new])]
    found = [row for row in rows if row[1] != row[2]]
    if after.revoked and not before.revoked:
        found.insert(0, ("the warning", "stands", "withdrawn"))
    return tuple(found)


def acts_of(node: Node, release_id: str) -> tuple[ActView, ...]:
    """Return what our own people did about a release, oldest first."""
    with node.store.reading() as tx:
        return tuple(act_view(node, tx, one) for one in acts_about(node, tx, release_id))
