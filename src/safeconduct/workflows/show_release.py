"""A report beside its release: what the partner got, what it did not, and by which rule. For its own node's eyes."""

from safeconduct.agreements.fields import iso
from safeconduct.agreements.scope import closed_at
from safeconduct.alerts import release as releases
from safeconduct.alerts.answer_words import own_words
from safeconduct.alerts.quadtree import size_m
from safeconduct.errors import SafeconductError
from safeconduct.seal.canonical import decode_json
from safeconduct.workflows.answer_release import answers_to, speaker_of
from safeconduct.workflows.common import require_agreement, state_events
from safeconduct.workflows.ports import Node
from safeconduct.workflows.room_view import ReleaseFieldView, ReleaseView
from safeconduct.workflows.show_warnings import assessed, names_of, said, warnings_of
from safeconduct.workflows.source_register import ended_sources


def show_release(node: Node, release_id: str) -> ReleaseView:
    """Return a sent release beside the report that it came from.

    Raises:
        SafeconductError: `unknown-release`, for one that was not sent from here.
    """
    with node.store.reading() as tx:
        row = tx.alerts.release(release_id)
        sealed = tx.records.latest("shown", release_id)
        if row is None or row.direction != "sent" or sealed is None:
            raise SafeconductError("unknown-release", f"no release {release_id} was sent from here")
        answers = answers_to(tx, release_id)
        agreement = require_agreement(tx)
        closing = closed_at(agreement, [event for _, event in state_events(tx, agreement)], node.clock.now())
        shown = next(w for w in warnings_of(tx, answers, closing) if w.id == release_id)
        names, ended = names_of(tx), ended_sources(tx)
    release = releases.from_json(row.body)
    kept = decode_json(node.vault.open(sealed[0]), where="side by side")
    fields = tuple(
        ReleaseFieldView(name, degrees(name, ours), theirs, rule) for name, ours, theirs, rule in kept["fields"]
    )
    return ReleaseView(
        id=release_id,
        state=shown.state,
        fields=fields,
        lead_minutes=release.lead_seconds // 60,
        area_m=size_m(release.area),
        candidates=kept["candidates"],
        harm_answer=next((f.ours for f in fields if f.name == "harm_answer"), ""),
        answers=tuple((iso(a.at), names.get(speaker_of(a), speaker_of(a)), said(a, names)) for a in answers),
        lead=shown.lead,
        words=tuple(
            (iso(a.at), names.get(speaker_of(a), speaker_of(a)), own_words(a)) for a in answers if own_words(a)
        ),
        assessments=assessed(answers, release_id, names, ended),
    )


def degrees(name: str, value: str) -> str:
    """Return a position, kept in millionths of a degree, as degrees; every other value as it is."""
    if name not in ("lat", "lon"):
        return value
    try:
        return f"{int(value) / 1_000_000:.6f}°"
    except ValueError:
        return value
