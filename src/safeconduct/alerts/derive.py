"""Deriving a release from a report by a policy: built up from the allow-list, never by striking things out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from safeconduct.agreements.fields import ID_TEXT, iso
from safeconduct.alerts.candidates import Candidates
from safeconduct.alerts.earlier import Earlier
from safeconduct.alerts.override import Override, decided
from safeconduct.alerts.policy import NEEDED, Policy, digest, generalise, plausible_targets
from safeconduct.alerts.quadtree import cell, level_for, size_m, straddles
from safeconduct.alerts.release import MAX_VERSION, Release, lead_seconds
from safeconduct.alerts.report import ThreatReport, plain_fields
from safeconduct.alerts.withheld import withheld_by_field
from safeconduct.alerts.words import ADVICE, LIKELIHOOD, THREATENED, stricter
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.commitment import commit

POLICY_SALT = "policy"
# One fresh salt of 32 random bytes for each field of a report, and one for the policy's digest.
SALT_NAMES: tuple[str, ...] = (*ThreatReport.__slots__, POLICY_SALT)
NOTHING_EARLIER = Earlier()
FEWEST_ACTORS = 2  # a name that fits one actor only may be the name of a person


@dataclass(frozen=True, slots=True)
class Withheld:
    """One field that does not cross as it is: under which rule, and the forms that must not be found over there."""

    field: str
    rule: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of the report beside what the partner gets of it (None: nothing)."""

    field: str
    ours: str
    theirs: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """A release, and what its owner should know of it; only the release crosses.

    `candidates`: plausible sources left to a partner who has seen the earlier releases too. `flags`: keys of
    `words.FLAGS`: `late` (released below the floor of lead time), `override:` and a rule (two people decided against
    it), `area-straddles` (the place may lie in the next cell), `coarsened` (the area was widened for the sake of
    sources or targets), `actor-withheld`, `targets-undeclared` (the policy does not say which places a warning might
    mean, so that the area may hold one only). `salts`: what opens the commitment, for the owner to keep sealed.
    """

    release: Release
    withheld: tuple[Withheld, ...]
    shown: tuple[Shown, ...]
    candidates: int
    flags: tuple[str, ...]
    salts: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def derive(
    report: ThreatReport,
    policy: Policy,
    *,
    now: int,
    release_id: str,
    salts: Mapping[str, bytes],
    purpose: str | None,
    earlier: Earlier = NOTHING_EARLIER,
    overrides: Iterable[Override] = (),
    replaces: Release | None = None,
) -> Derivation | Refusal:
    """Release of `report` for the policy's partner, or the first reason against it.

    Args:
        report: the full report.
        policy: what this partner may get.
        now: unix seconds.
        release_id: a fresh random identifier; the same as that of `replaces` for a correction.
        salts: 32 fresh random bytes for each of `SALT_NAMES`.
        purpose: the purpose of the agreement that is cited.
        earlier: what was released before, as `earlier.question` asks for it.
        overrides: decisions of two people each against one rule; those that were needed are among the flags.
        replaces: the version that this one corrects.

    Steps: 1. the purpose is the policy's; 2. somebody answered who could be harmed; 3. class and 4. advice are of the
    fixed lists; 5. the policy lists what a release cannot do without; 6. the window is not over and 7. far enough
    ahead; 8. no embargo holds; 9. an area exists between floor and ceiling with enough plausible sources; 10. a
    correction continues its release. Each override names one of the rules of 7, 8 and 9 and was confirmed by a second
    person (`override.decided`).

    Raises:
        BadInput: `bad-commitment` if salts are missing, short or used twice; `bad-field` if `release_id` is no
            identifier, or the report's.
    """
    against = decided(overrides)
    if isinstance(against, Refusal):
        return against
    refusal = _may_release(report, policy, purpose)
    if refusal is not None:
        return refusal
    used: list[str] = []
    for reason in _in_time(report, policy, now):
        if reason.code not in against:
            return reason
        used.append(reason.code)
    area = _area(report, policy, earlier, any_number="too-few-candidates" in against)  # 9
    if isinstance(area, Refusal):
        return area
    if area.candidates < policy.min_candidates:
        used.append("too-few-candidates")
    continues = replaces is None or (replaces.id == release_id and replaces.version < MAX_VERSION)
    if not continues:  # 10
        return Refusal("unknown-release", release_id)
    release = _build(report, policy, now, release_id, area.cell, salts, replaces)
    return replace(_explain(report, policy, release, area, tuple(used)), salts=dict(salts))


def _may_release(report: ThreatReport, policy: Policy, purpose: str | None) -> Refusal | None:
    if purpose is None or purpose != policy.purpose:  # 1
        return Refusal("purpose-missing", purpose or "")
    if not report.harm_answer:  # 2
        return Refusal("harm-not-considered")
    if report.threatened_class not in THREATENED:  # 3
        return Refusal("names-a-person", "the threatened class is not one that a release may name")
    if not report.advised_action:  # 4
        return Refusal("too-vague-to-help", "no advice")
    if report.advised_action not in ADVICE:
        return Refusal("field-not-allowed", "advice outside the fixed list")
    missing = [name for name in NEEDED if name not in policy.fields]
    return Refusal("field-not-allowed", missing[0]) if missing else None  # 5


def _in_time(report: ThreatReport, policy: Policy, now: int) -> Iterator[Refusal]:
    if report.window_to <= now:  # 6
        yield Refusal("expired-release", f"the window ended at {iso(report.window_to)}")
    lead = report.window_from - now
    if lead < policy.min_lead_seconds:  # 7
        yield Refusal("too-late-to-help", f"{lead} s ahead, floor {policy.min_lead_seconds} s")
    if report.embargo_until is not None and report.embargo_until > now:  # 8
        yield Refusal("embargoed", f"until {iso(report.embargo_until)}")


@dataclass(frozen=True, slots=True)
class _Area:
    """The cell to release, the plausible sources that are left, and whether it was widened for somebody's sake."""

    cell: str
    candidates: int
    widened: bool


def _area(report: ThreatReport, policy: Policy, earlier: Earlier, *, any_number: bool) -> _Area | Refusal:
    """Finest area allowed, between floor and ceiling.

    A cell is never finer than the report's own precision. It is widened until enough places lie in it that the warning
    might mean, and until enough candidates are plausible for it and for all that the partner can link to it (the widest
    is taken with `any_number`). Releases that only this node can link to it (`earlier.sourced`) then stop the release
    or do not: the area must not depend on them. So must it not depend on where in it the report's place lies.
    """
    level = level_for(report.precision_m, policy.max_cell_level)
    if level < policy.min_cell_level:
        return Refusal("too-vague-to-help", f"the place is known to {report.precision_m} m only")
    candidates, alone = Candidates(policy), True
    for wider in range(level, policy.min_cell_level - 1, -1):
        area = cell(report.lat, report.lon, wider)
        if len(plausible_targets(policy, area, report.threatened_class)) < policy.min_targets:
            continue
        alone = False
        enough = candidates.seen(area, earlier).bit_count() >= policy.min_candidates
        if enough or (any_number and wider == policy.min_cell_level):
            left = candidates.left(area, earlier).bit_count()
            if left >= policy.min_candidates or any_number:
                return _Area(area, left, widened=wider < level)
            break
    if alone:
        return Refusal("lone-target", f"floor {policy.min_targets}")
    return Refusal("too-few-candidates", f"floor {policy.min_candidates}")


def _build(
    report: ThreatReport,
    policy: Policy,
    now: int,
    release_id: str,
    area: str,
    salts: Mapping[str, bytes],
    replaces: Release | None,
) -> Release:
    if set(salts) != set(SALT_NAMES):
        expected = "one for each of " + ", ".join(SALT_NAMES)
        raise BadInput("bad-commitment", where="salts", expected=expected, seen=sorted(salts))
    if not ID_TEXT.fullmatch(release_id) or release_id == report.id:
        expected = "a fresh identifier of 1 to 64 letters, digits, '.', '_', ':' or '-'"
        raise BadInput("bad-field", where="release_id", expected=expected, seen=release_id)
    fields = plain_fields(report)
    slot = policy.slot_seconds
    issued, window_from = now // slot * slot, report.window_from // slot * slot
    window_to = -(-report.window_to // slot) * slot
    actor = generalise(policy, report.actor, fewest=FEWEST_ACTORS) if "actor" in policy.fields else None
    return Release(
        id=release_id,
        agreement_id=policy.agreement_id,
        partner=policy.partner,
        purpose=policy.purpose,
        version=replaces.version + 1 if replaces else 1,
        revoked=False,
        threatened_class=report.threatened_class,
        area=area,
        window_from=window_from,
        window_to=window_to,
        lead_seconds=lead_seconds(issued, window_from),
        likelihood=report.likelihood if "likelihood" in policy.fields else None,
        actor=actor,
        advised_action=report.advised_action,
        handling=stricter(policy.handling, report.handling),
        first_issued=replaces.first_issued if replaces else issued,
        issued=max(issued, replaces.issued) if replaces else issued,
        expires=-(-(window_to + policy.expiry_seconds) // slot) * slot,
        commitment=commit(fields, {name: salts[name] for name in fields}),
        policy_digest=digest(policy, salts[POLICY_SALT]),
    )


def _explain(report: ThreatReport, policy: Policy, release: Release, area: _Area, used: tuple[str, ...]) -> Derivation:
    shown = _shown(report, policy, release)
    values = withheld_by_field(report, release)
    # A stricter marking holds nothing back, and neither does a field with nothing in it.
    differing = [one for one in shown if one.ours and one.theirs != one.ours and one.field != "handling"]
    withheld = tuple(Withheld(one.field, one.rule, values.get(one.field, ())) for one in differing)
    off_edge = straddles(release.area, report.lat, report.lon, report.precision_m)
    flags = {
        "late": "too-late-to-help" in used,
        **{f"override:{rule}": True for rule in used},
        "area-straddles": off_edge,
        "coarsened": area.widened,
        "actor-withheld": "actor" in policy.fields and release.actor is None,
        "targets-undeclared": not policy.targets,
    }
    return Derivation(release, withheld, shown, area.candidates, tuple(name for name, on in flags.items() if on))


def _shown(report: ThreatReport, policy: Policy, release: Release) -> tuple[Shown, ...]:
    """Each field of the report, the partner's form of it, and the rule between the two."""
    never, free = "never leaves its node", "free text never crosses"
    cut = f"cut to slots of {policy.slot_seconds // 60} min"
    area = f"cell {release.area}, {size_m(release.area)} m"
    place = f"widened to a cell of {size_m(release.area)} m"
    band = None if release.likelihood is None else LIKELIHOOD[release.likelihood][0]
    sources = "; ".join(f"{s.name} ({s.reliability}{s.credibility})" for s in report.sources)
    unlisted = "not on the policy's list"
    theirs_actor = unlisted if "actor" not in policy.fields else "only a name that fits enough actors"
    return (
        Shown("id", report.id, release.id, "a fresh random identifier for each release"),
        Shown("what", report.what, None, free),
        Shown("threatened_class", report.threatened_class, release.threatened_class, "listed"),
        Shown("site", report.site, None, never),
        Shown("lat", str(report.lat), area, place),
        Shown("lon", str(report.lon), area, place),
        Shown("precision_m", str(report.precision_m), None, never),
        Shown("window_from", iso(report.window_from), iso(release.window_from), cut),
        Shown("window_to", iso(report.window_to), iso(release.window_to), cut),
        Shown("actor", report.actor, release.actor, theirs_actor),
        Shown("sources", sources, None, never),
        Shown("likelihood", LIKELIHOOD[report.likelihood][0], band, "listed" if band else unlisted),
        Shown("advised_action", report.advised_action, release.advised_action, "listed"),
        Shown("handling", report.handling, release.handling, "the stricter of report and policy"),
        Shown("entered_by", report.entered_by, None, never),
        Shown("entered_at", iso(report.entered_at), None, never),
        Shown("harm_answer", report.harm_answer or "", None, never),
        Shown("details", report.details, None, free),
        Shown("confidence", report.confidence or "", None, never),
        Shown("embargo_until", "" if report.embargo_until is None else iso(report.embargo_until), None, never),
    )
