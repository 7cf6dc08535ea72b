"""A report beside what the partner would get of it, before anything is sent: for its own node's eyes."""

from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.fields import iso
from safeconduct.alerts import release as releases
from safeconduct.alerts.derive import Derivation
from safeconduct.alerts.inference import REASONS, Inference
from safeconduct.alerts.lead import span
from safeconduct.alerts.quadtree import size_m
from safeconduct.alerts.release import Release
from safeconduct.alerts.report import ThreatReport
from safeconduct.alerts.words import ADVICE, FLAGS, LIKELIHOOD, THREATENED
from safeconduct.errors import REFUSALS, Refusal
from safeconduct.operators.approval import Request, state_of
from safeconduct.workflows.answer_release import answers_to
from safeconduct.workflows.approve_release import Worked, corrects_of, requests, weigh
from safeconduct.workflows.common import cards, partner_of, require_agreement
from safeconduct.workflows.decide_duty_to_warn import KIND as DUTY
from safeconduct.workflows.earlier_releases import inference_of
from safeconduct.workflows.keep_operators import name_of
from safeconduct.workflows.own_acts import Act, acts_about
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import stored_report, view_digest
from safeconduct.workflows.room_view import ReleaseFieldView
from safeconduct.workflows.show_release import degrees
from safeconduct.workflows.show_warnings import answers_by, state_of_release
from safeconduct.workflows.source_register import confidence_of, ended_sources
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.warning_view import ActView, ConfidenceView, DraftView, RequestView, TouchView

DECISIONS = {"warn": "decided to warn all the same", "do-not-warn": "decided not to warn"}
ACTS = {
    "release": "released", "withdrawal": "withdrew it", "override-asked": "asked for a second person",
    "override-confirmed": "confirmed", "override-declined": "declined", DUTY: "decided on the duty to warn",
}  # fmt: skip
RULES = {
    "too-late-to-help": "it comes later than the policy's least warning time",
    "embargoed": "the report is under embargo",
    "too-few-candidates": "too few sources would stay plausible",
}
# What a person can do about a rule that nobody may decide against.
REMEDIES = {
    "harm-not-considered": "Enter the report anew with an answer to “who could be harmed if this is acted on?”.",
    "names-a-person": "Enter the report anew with a class of people from the list.",
    "too-vague-to-help": "Enter the report anew with advice, or with a place that is known more exactly.",
    "field-not-allowed": "Enter the report anew with advice from the list, or let two people change the policy.",
    "expired-release": "Its window is over; what is known of the next one is a new report.",
    "no-policy": "Keep a policy for this partner and purpose first: nothing is released without one.",
    "agreement-suspended": "Nothing is shared until both parties have renewed the agreement.",
    "agreement-closed": "The agreement has ended; nothing is shared under it any more.",
    "no-agreement": "Without an agreement in force nothing is shared.",
    "lone-target": "The area is too telling for this class of people: only places of theirs lie in it.",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """What the view is made of, read in one transaction."""

    agreement: Agreement
    report: ThreatReport
    worked: Worked | Refusal


def draft_release(node: Node, report_id: str, *, purpose: str = "", corrects: str = "") -> DraftView:
    """Return a report beside its release as it would be now, with all that stands against it.

    Raises:
        SafeconductError: `no-report`, or `no-agreement`.
    """
    with node.store.reading() as tx:
        agreement = require_agreement(tx)
        chosen = purpose if purpose in agreement.purposes else _usual(tx, agreement)
        report = stored_report(node, tx, report_id)
        worked = weigh(node, tx, report_id, chosen, corrects)
        return _view(node, tx, _Found(agreement, report, worked), chosen, corrects)


def _usual(tx: Tx, agreement: Agreement) -> str:
    """Return the purpose that a kept policy is for, else the first one of the agreement."""
    kept = [key.split("/", 1)[1] for key, _, _ in tx.records.all("policy")]
    return next((one for one in reversed(kept) if one in agreement.purposes), next(iter(agreement.purposes)))


def _view(node: Node, tx: Tx, found: _Found, purpose: str, corrects: str) -> DraftView:
    report, worked = found.report, found.worked
    partner = partner_of(node, found.agreement)
    against = worked if isinstance(worked, Refusal) else worked.result
    derived = against if isinstance(against, Derivation) else None
    policy = None if isinstance(worked, Refusal) else worked.policy
    rules = () if isinstance(worked, Refusal) else worked.rules
    refusal = against if isinstance(against, Refusal) else None
    names = {party: card.name for party, card in cards(tx).items()}
    release = derived.release if derived else None
    inference = None
    if derived and not isinstance(worked, Refusal):
        inference = inference_of(node, tx, report, worked.policy, derived.release, replaces=corrects or None)
    return DraftView(
        report=report.id,
        what=report.what,
        partner=names.get(partner, partner),
        purpose=purpose,
        purposes=tuple(found.agreement.purposes.items()),
        corrects=corrects,
        fields=_fields(derived),
        own=tuple(own_lines(report)),
        theirs=partner_lines(release) if release else (),
        lead=_lead(report.window_from - node.clock.now()),
        area=f"cell {release.area}, about {size_m(release.area):,} m" if release else "",
        candidates=derived.candidates if derived else None,
        floor=policy.min_candidates if policy else None,
        flags=tuple(FLAGS[one] for one in (derived.flags if derived else ()) if one in FLAGS),
        touching=_touching(tx, inference, names, corrects) if inference else (),
        inference=inference_lines(inference, names) if inference else (),
        likelihood=LIKELIHOOD[report.likelihood][0],
        confidence=confidence_view(tx, report),
        harm_answer=report.harm_answer or "",
        code=refusal.code if refusal else (rules[0] if rules else ""),
        against=_against(refusal, rules),
        rules=() if refusal else rules,
        next_step=REMEDIES.get(refusal.code, "") if refusal else "",
        digest=view_digest(release) if release else "",
        policy_version=policy.version if policy else None,
        releases=released_from(tx, report.id),
        requests=tuple(
            request_view(node, tx, one)
            for one in requests(node, tx)
            if one.about == report.id and corrects_of(one) == corrects
        ),
        decisions=tuple(act_view(node, tx, one) for one in acts_about(node, tx, report.id)),
    )


def _against(refusal: Refusal | None, rules: tuple[str, ...]) -> tuple[str, ...]:
    return (*(RULES.get(rule, REFUSALS[rule]) for rule in rules), *([str(refusal)] if refusal else []))


def _fields(derived: Derivation | None) -> tuple[ReleaseFieldView, ...]:
    """Return the fields side by side; those with nothing in them are left out."""
    shown = derived.shown if derived else ()
    words = {**THREATENED, **ADVICE}
    return tuple(
        ReleaseFieldView(
            f.field, words.get(f.ours, degrees(f.field, f.ours)), words.get(f.theirs or "", f.theirs), f.rule
        )
        for f in shown
        if f.ours
    )


def own_lines(report: ThreatReport) -> list[tuple[str, str]]:
    """Return a report in words, line by line, for its own node's eyes."""
    sources = "; ".join(f"{one.name} ({one.reliability}{one.credibility})" for one in report.sources)
    rows = [
        ("what", report.what),
        ("who is threatened", THREATENED.get(report.threatened_class, report.threatened_class)),
        ("site", report.site),
        ("position", f"{degrees('lat', str(report.lat))} {degrees('lon', str(report.lon))}, to {report.precision_m} m"),
        ("window", f"{iso(report.window_from)}/{iso(report.window_to)}"),
        ("actor", report.actor),
        ("sources", sources),
        ("likelihood", LIKELIHOOD[report.likelihood][0]),
        ("advice", ADVICE.get(report.advised_action, report.advised_action)),
        ("handling", report.handling),
        ("embargo until", "" if report.embargo_until is None else iso(report.embargo_until)),
        ("entered by", report.entered_by),
        ("entered", iso(report.entered_at)),
        ("details", report.details),
    ]
    return [(name, text) for name, text in rows if text]


def partner_lines(release: Release) -> tuple[tuple[str, str], ...]:
    """Return everything that a release says, in words: the partner's exact view."""
    band = LIKELIHOOD[release.likelihood][0] if release.likelihood else None
    rows = [
        ("warning for", THREATENED[release.threatened_class]),
        ("advice", ADVICE[release.advised_action]),
        ("area", f"cell {release.area}, about {size_m(release.area):,} m across"),
        ("window", f"{iso(release.window_from)}/{iso(release.window_to)}"),
        ("warning time", f"up to {span(release.lead_seconds)}, from slot to slot" if release.lead_seconds else "none"),
        ("likelihood", band),
        ("actor", release.actor),
        ("purpose", release.purpose),
        ("handling", release.handling),
        ("issued", iso(release.issued)),
        ("valid until", iso(release.expires)),
    ]
    return tuple((name, text) for name, text in rows if text)


def confidence_view(tx: Tx, report: ThreatReport) -> ConfidenceView:
    """Return a report's confidence, lowered where it rests on a source that had ended."""
    found = confidence_of(report, ended_sources(tx))
    return ConfidenceView(found.written or "", found.read or "", found.because)


def released_from(tx: Tx, report_id: str) -> tuple[tuple[str, str], ...]:
    """Return (id, state) of each release of which a version came from a report."""
    found: dict[str, str] = {}
    answers = answers_by(answers_to(tx))
    for row in tx.alerts.versions():
        if row.report == report_id and row.id not in found:
            counting = tx.alerts.release(row.id) or row
            found[row.id] = state_of_release(releases.from_json(counting.body), answers.get(row.id, ()))
    return tuple(found.items())


def request_view(node: Node, tx: Tx, request: Request) -> RequestView:
    """Return a request for a second person as pages show it."""
    now = node.clock.now()
    return RequestView(
        id=request.id,
        report=request.about,
        what=stored_report(node, tx, request.about).what,
        rules=tuple(RULES.get(rule, rule) for rule in request.rules),
        reason=request.reason,
        by=name_of(node, tx, request.by),
        by_id=request.by,
        at=iso(request.at),
        expires=iso(request.expires),
        minutes_left=max(0, request.expires - now) // 60,
        state=state_of(request, now),
        second=name_of(node, tx, request.second) if request.second else "",
        corrects=corrects_of(request),
    )


def act_view(node: Node, tx: Tx, act: Act) -> ActView:
    """Return a recorded act in words."""
    what = ACTS.get(act.kind, act.kind.replace("-", " "))
    if act.kind == DUTY:
        what = DECISIONS[act.said["decision"]]
    if act.kind == "release" and act.said["version"] > 1:
        what = f"corrected it: version {act.said['version']}"
    rules = [RULES.get(rule, rule) for rule in act.said.get("rules", ())]
    return ActView(
        iso(act.at), name_of(node, tx, act.by), f"{what} ({'; '.join(rules)})" if rules else what, act.reason,
        act.ledger_index,
    )  # fmt: skip


def inference_lines(found: Inference, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return in words what the partner could infer from all that it has had, this release included."""
    readers = ", ".join(names.get(one, one) for one in found.readers)
    rows = [
        ("who compares", readers),
        ("releases that count", f"{found.total} before this one" if found.total else "none before this one"),
        ("where", (f"{len(found.areas)} area{'' if len(found.areas) == 1 else 's'}, the smallest "
                  f"{min(size_m(one) for one in found.areas):,} m across")),
        ("when", "; ".join(f"{iso(a)}/{iso(b)}" for a, b in found.spans)),
        ("actors named", ", ".join(found.actors) or "none"),
        ("plausible sources", (f"{len(found.before)} before, {len(found.after)} after, of {found.candidates} declared; "
                              f"the floor is {found.floor}")),
        ("ruled out by this release", f"{len(found.lost)} of them" if found.lost else "nobody"),
    ]  # fmt: skip
    if found.targets:
        rows.append(("places it could mean", f"{len(found.targets)} of those declared"))
    reasons = sorted({REASONS[reason] for one in found.held for reason in one.reasons})
    if reasons:
        rows.append(("why they count", "; ".join(reasons)))
    return tuple(rows)


def _touching(tx: Tx, inference: Inference, names: dict[str, str], corrects: str) -> tuple[TouchView, ...]:
    """Return earlier releases whose area has ground in common with a new one, newest first, each once."""
    answers = answers_by(answers_to(tx))
    found: dict[str, TouchView] = {}
    for held in inference.held:
        row = tx.alerts.release(held.release_id)
        if row is None or held.release_id in (*found, corrects) or "touching" not in held.reasons:
            continue
        one = releases.from_json(row.body)
        found[row.id] = TouchView(
            row.id, names.get(one.partner, one.partner), iso(row.issued),
            f"cell {one.area}, about {size_m(one.area):,} m", f"{iso(one.window_from)}/{iso(one.window_to)}",
            state_of_release(one, answers.get(row.id, ())),
        )  # fmt: skip
    return tuple(found.values())


def _lead(seconds: int) -> str:
    """Return how far ahead a window is, in words."""
    return f"{span(seconds)} until the window begins" if seconds >= 0 else f"the window began {span(-seconds)} ago"
