"""Write spec/vectors/claims.json: small dossiers, what is claimed in them as known at a day, and refused ones.

Every expected value is written down here by hand.
"""

import json
from pathlib import Path
from typing import Any

from vector_dossiers import DAY, INCIDENT, NEXT, Json, claim, document, refused_dossiers, source, tie

OUT = Path(__file__).resolve().parents[1] / "spec/vectors/claims.json"

Pairs = list[tuple[str, str]]  # claim and its status, in the order of the account

LATER = "2021-08-30"
KEY = "casualties/civilians/killed"


def _figure(low: int | None, high: int | None, words: str, **more: Any) -> Json:
    """What stands of a figure; `all` is the range of everything that was ever said."""
    return {"low": low, "high": high, "open": False, "words": words, "all": [low, high, more.get("open", False)],
            "conflicts": [], "disputed": False, **more}  # fmt: skip


def _case(name: str, dossier: Json, figures: Json, claims: Pairs, known_at: str = LATER, **more: Any) -> Json:
    given = {key: more.pop(key) for key in ("recorded_at",) if key in more}
    return {"name": name, "document": dossier, "incident": "i1", "known_at": known_at, **given,
            "expect": {"figures": figures, "claims": claims, **more}}  # fmt: skip


def claims_vectors() -> Json:
    """Return what spec/vectors/claims.json holds."""
    read = [*_ranges(), *_relations(), *_withdrawals(), *_origins(), *_clocks(), *_kinds(), *_harm(), *_beside()]
    return {"cases": read, "refused": refused_dossiers()}


def _ranges() -> list[Json]:
    """Figures that stand side by side: their range, the words for it, and which cannot both be right."""
    both = [("c1", "c2")]
    table: list[tuple[str, list[tuple[str, int | None]], Json]] = [
        ("one-exact-figure", [("exact", 1500)], _figure(1500, 1500, "1,500, 1 origin")),
        ("lower-bound-alone", [("at-least", 60)], _figure(60, None, "at least 60, 1 origin", open=True)),
        ("upper-bound-alone", [("up-to", 100)], _figure(None, 100, "up to 100, 1 origin")),
        ("upper-and-lower-bound", [("up-to", 100), ("at-least", 60)],
         _figure(60, 100, "at least 60 … up to 100, 2 origins")),
        ("two-figures-alike", [("exact", 13), ("exact", 13)], _figure(13, 13, "13, 2 origins")),
        ("two-figures-that-differ", [("exact", 13), ("exact", 12)],
         _figure(12, 13, "12 … 13, 2 origins", conflicts=both)),
        ("lower-bound-that-fits", [("at-least", 12), ("exact", 13)], _figure(12, 13, "at least 12 … 13, 2 origins")),
        ("lower-bound-above-all", [("exact", 170), ("at-least", 200)],
         _figure(170, 200, "170 … at least 200, 2 origins", open=True, conflicts=both)),
        ("more-than-excludes-its-number", [("exact", 170), ("more-than", 170)],
         _figure(170, 170, "170 … more than 170, 2 origins", conflicts=both)),
        ("more-than-fits-the-next", [("exact", 171), ("more-than", 170)],
         _figure(170, 171, "more than 170 … 171, 2 origins")),
        ("about-fits-within-a-tenth", [("about", 100), ("exact", 110)],
         _figure(100, 110, "about 100 … 110, 2 origins")),
        ("about-excludes-beyond-a-tenth", [("about", 100), ("exact", 111)],
         _figure(100, 111, "about 100 … 111, 2 origins", conflicts=both)),
        ("tenth-is-rounded-down", [("about", 19), ("exact", 21)],
         _figure(19, 21, "about 19 … 21, 2 origins", conflicts=both)),
        ("word-alone", [("dozens", None)], _figure(None, None, "dozens, 1 origin")),
        ("word-adds-no-number", [("dozens", None), ("exact", 170)], _figure(170, 170, "170 (dozens), 2 origins")),
        ("word-that-an-exact-figure-excludes", [("dozens", None), ("exact", 23)],
         _figure(23, 23, "23 (dozens), 2 origins", conflicts=both)),
        ("two-words", [("many", None), ("hundreds", None)], _figure(None, None, "many, hundreds, 2 origins")),
    ]  # fmt: skip
    made = []
    for name, figures, expect in table:
        claims = [claim(f"c{n}", basis, number) for n, (basis, number) in enumerate(figures, start=1)]
        made.append(_case(name, document(claims), {KEY: expect}, [(one["id"], "stands") for one in claims]))
    least = {"hundreds": 200, "dozens": 24, "many": 3, "several": 3, "numerous": 3, "some": 1}
    for word, number in least.items():
        claims = [claim("c1", word), claim("c2", "exact", number - 1), claim("c3", "exact", number)]
        figure = _figure(number - 1, number, f"{number - 1} … {number} ({word}), 3 origins",
                         conflicts=[("c1", "c2"), ("c2", "c3")])  # fmt: skip
        made.append(
            _case(f"least-of-{word}", document(claims), {KEY: figure}, [(f"c{n}", "stands") for n in (1, 2, 3)])
        )
    return made


def _relations() -> list[Json]:
    """What each kind of relation does: c2 says 20 and is tied to c1, which said 10."""
    apart = _figure(10, 20, "10 … 20, 2 origins", conflicts=[("c1", "c2")])
    copied = _figure(10, 20, "10 … 20, 1 origin")
    replaced = _figure(20, 20, "20, 1 origin", all=[10, 20, False])
    doubted = {**apart, "disputed": True}
    table = {
        "repeats": ("stands", copied), "variant": ("stands", copied),
        "refines": ("updated", replaced), "updates": ("updated", replaced),
        "corrects": ("corrected", replaced), "retracts": ("retracted", replaced),
        "denies": ("disputed", doubted), "disputes": ("disputed", doubted), "contradicts": ("disputed", doubted),
        "qualifies": ("stands", apart), "rests-on": ("stands", apart),
    }  # fmt: skip
    claims = [claim("c1", "exact", 10), claim("c2", "exact", 20)]
    return [
        _case(f"relation-{kind}", document(claims, [tie("c2", kind, "c1")]), {KEY: figure},
              [("c1", status), ("c2", "stands")])
        for kind, (status, figure) in table.items()
    ]  # fmt: skip


def _withdrawals() -> list[Json]:
    """What follows from a correction, and what does not."""
    ten, seven, word = claim("c1", "exact", 10), claim("c2", "exact", 7), claim("c3")
    copies = [ten, claim("c2", "exact", 10), claim("c3", "exact", 10), claim("c4", "exact", 7)]
    chain = [tie("c3", "variant", "c2"), tie("c2", "repeats", "c1"), tie("c4", "corrects", "c1")]
    seven_only = _figure(7, 7, "7, 1 origin", all=[7, 10, False])
    nothing = _figure(None, None, "nothing stands, 0 origins", all=[7, 10, False])
    both = [tie("c2", "updates", "c1"), tie("c3", "retracts", "c1"), tie("c3", "disputes", "c1")]
    rests = [tie("c3", "rests-on", "c2"), tie("c2", "rests-on", "c1"), tie("c4", "retracts", "c1")]
    said = [claim(f"c{n}") for n in (1, 2, 3, 4)]
    return [
        _case("retracted-by-a-statement", document([ten, word], [tie("c3", "retracts", "c1")]),
              {KEY: _figure(None, None, "nothing stands, 0 origins", all=[10, 10, False])},
              [("c1", "retracted"), ("c3", "stands")]),
        _case("copies-share-what-befalls-the-copied", document(copies, chain), {KEY: seven_only},
              [("c1", "corrected"), ("c2", "corrected"), ("c3", "corrected"), ("c4", "stands")]),
        _case("withdrawn-correction-brings-nothing-back",
              document([ten, seven, word], [tie("c2", "corrects", "c1"), tie("c3", "retracts", "c2")]),
              {KEY: nothing}, [("c1", "corrected"), ("c2", "retracted"), ("c3", "stands")]),
        _case("strongest-status-is-shown", document([ten, seven, word], both), {KEY: seven_only},
              [("c1", "retracted"), ("c2", "stands"), ("c3", "stands")]),
        _case("what-rests-on-a-withdrawn-claim-is-shaken", document(said, rests), {},
              [("c1", "retracted"), ("c2", "stands"), ("c3", "stands"), ("c4", "stands")],
              shaken={"c2": ["c1"], "c3": ["c1"]}),
    ]  # fmt: skip


def _origins() -> list[Json]:
    """Independent origins: not papers and not sentences."""
    unnamed = {"claimant": "reports", "claimant_kind": "unnamed"}
    one, two = claim("c1", "exact", 10, **unnamed), claim("c2", "exact", 10, **unnamed)
    office = {"claimant": "press office"}
    table = [
        ("unnamed-in-two-papers", [one, {**two, "source": "b"}], [], 2),
        ("unnamed-in-a-paper-and-its-copy", [one, {**two, "source": "copy-of-a"}], [], 1),
        ("unnamed-twice-in-one-paper", [one, {**two, "claimant": "witnesses"}], [], 1),
        ("one-office-in-two-papers", [{**one, **office, "claimant_kind": "named-office"},
                                      {**two, **office, "claimant_kind": "body", "source": "b"}], [], 1),
        ("two-offices-in-one-paper", [claim("c1", "exact", 10), claim("c2", "exact", 10)], [], 2),
        ("office-that-repeats-a-paper", [one, claim("c2", "exact", 10, source="b")], [tie("c2", "repeats", "c1")], 1),
    ]  # fmt: skip
    return [
        _case(name, document(claims, ties), {KEY: _figure(10, 10, f"10, {count} origin{'s' * (count > 1)}")},
              [("c1", "stands"), ("c2", "stands")])
        for name, claims, ties, count in table
    ]  # fmt: skip


def _clocks() -> list[Json]:
    """What was known at a day, and what was written down at a time."""
    first, second = claim("c1", "at-least", 12), claim("c2", "exact", 13, said=NEXT, claimant="office c1")
    update = document([first, second], [tie("c2", "updates", "c1")])
    twelve = _figure(12, None, "at least 12, 1 origin", open=True)
    over = document([claim("c1", "exact", 12, said=f"{DAY}/2021-08-28")])
    late = document([claim("c1", "exact", 12), claim("c2", "exact", 13)],
                     [tie("c2", "corrects", "c1", said=f"2021-08-28/{LATER}")])  # fmt: skip
    apart = _figure(12, 13, "12 … 13, 2 origins", conflicts=[("c1", "c2")])
    exact = {KEY: _figure(12, 12, "12, 1 origin")}
    noted = document([claim("c1", "exact", 12), claim("c2", "exact", 12, recorded="2021-09-05T08:00:00Z")])
    evening = "2021-08-26T21:00:00Z"
    published = document([claim("c1", "exact", 12, source="p")], sources=[source("p", published=f"{DAY}/{LATER}")])
    stands = [("c1", "stands")]
    return [
        _case("before-the-update", update, {KEY: twelve}, stands, known_at=DAY),
        _case("on-the-day-of-the-update", update, {KEY: _figure(13, 13, "13, 1 origin", all=[12, 13, False])},
              [("c1", "updated"), ("c2", "stands")], known_at=NEXT),
        _case("before-anything-was-said", update, {}, [], known_at="2021-08-25"),
        _case("interval-is-not-known-before-its-last-day", over, {}, [], known_at=NEXT),
        _case("interval-is-known-on-its-last-day", over, exact, stands, known_at="2021-08-28"),
        _case("relation-does-not-hold-before-its-last-day", late, {KEY: apart}, [*stands, ("c2", "stands")],
              known_at="2021-08-29"),
        _case("relation-holds-on-its-last-day", late, {KEY: _figure(13, 13, "13, 1 origin", all=[12, 13, False])},
              [("c1", "corrected"), ("c2", "stands")]),
        _case("recorded-in-the-evening-of-publication", noted, exact, stands, recorded_at=evening),
        _case("not-recorded-a-second-earlier", noted, {}, [], recorded_at="2021-08-26T20:59:59Z"),
        _case("recorded-at-its-own-time", noted, {KEY: _figure(12, 12, "12, 2 origins")}, [*stands, ("c2", "stands")],
              recorded_at="2021-09-05T08:00:00Z"),
        _case("published-over-days-is-recorded-on-the-last", published, {}, [], recorded_at=evening),
    ]  # fmt: skip


def _kinds() -> list[Json]:
    """What makes a figure, what keeps figures apart, and grades of attribution."""
    second = {**INCIDENT, "id": "i2"}
    meant = [
        claim("c1", "exact", 10, meant=DAY),
        claim("c2", "exact", 20),
        claim("c3", "exact", 30, population="women"),
    ]
    blame = {"attribute": "attribution", "population": "a-group"}
    grades = [claim("c1", **blame, outcome="assessed", said=NEXT), claim("c2", **blame, outcome="claimed-by-actor"),
              claim("c3", **blame, outcome="suspected")]  # fmt: skip
    order = [claim("z", said=DAY), claim("b", said=NEXT), claim("a", said=NEXT)]
    return [
        _case("statement-is-no-figure", document([claim("c1")]), {}, [("c1", "stands")]),
        _case("line-of-a-public-record", document([claim("c1", source="rec", line=0)]), {}, [("c1", "stands")]),
        _case("day-and-population-keep-figures-apart", document(meant),
              {f"{KEY}@{DAY}": _figure(10, 10, "10, 1 origin"), KEY: _figure(20, 20, "20, 1 origin"),
               "casualties/women/killed": _figure(30, 30, "30, 1 origin")},
              [("c1", "stands"), ("c2", "stands"), ("c3", "stands")]),
        _case("claims-of-another-incident-are-left-out",
              document([claim("c1", "exact", 10), claim("c2", "exact", 20, incident="i2")],
                        [tie("c2", "corrects", "c1")], incidents=[INCIDENT, second]),
              {KEY: _figure(10, 10, "10, 1 origin")}, [("c1", "stands")]),
        _case("ambiguous-sentence-makes-no-conflict",
              document([claim("c1", "exact", 10, ambiguous="of both sides?"), claim("c2", "exact", 20)]),
              {KEY: _figure(10, 20, "10 … 20, 2 origins")}, [("c1", "stands"), ("c2", "stands")]),
        _case("claims-in-the-order-of-days-and-ids", document(order), {}, [(c, "stands") for c in ("z", "a", "b")]),
        _case("grades-stay-apart", document(grades), {}, [("c2", "stands"), ("c3", "stands"), ("c1", "stands")],
              attribution=[["suspected", "c3"], ["claimed-by-actor", "c2"], ["assessed", "c1"]]),
    ]  # fmt: skip


def _harm() -> list[Json]:
    """Cases of harm: what was acknowledged, what was paid, and whether the case is open."""

    def step(track: str, status: str, by_claim: str, said: str = DAY, **more: str) -> Json:
        return {"track": track, "status": status, "by": "an office", "said": said, "claim": by_claim, **more}

    steps = [
        step("harm", "reported", "c1"),
        step("harm", "acknowledged", "c2", NEXT),
        step("harm", "reported", "c1", "2021-08-28"),
        step("amends", "exploring", "c2", NEXT, to="family-1"),
        step("amends", "condolence", "c2", NEXT, to="family-1"),
        step("amends", "paid", "c2", NEXT, to="family-2"),
        step("accountability", "closed", "c3", "2021-08-28"),
    ]
    claims = [claim("c1"), claim("c2", said=NEXT), claim("c3", said="2021-08-28"), claim("c4", said="2021-08-29")]
    case = {"id": "case-1", "incident": "i1", "against": "evac", "steps": steps}
    dossier = document(claims, [tie("c4", "retracts", "c3")], cases=[case])
    paid = {"family-1": "condolence given; payment explored, which is no offer; nothing paid", "family-2": "paid"}
    stands = [("c1", "stands"), ("c2", "stands"), ("c3", "stands")]
    reopened = [*stands[:2], ("c3", "retracted"), ("c4", "stands")]

    def known(name: str, day: str, states: Pairs, *, harm: str, amends: Json, is_open: bool) -> Json:
        state = {"case-1": {"harm": harm, "amends": amends, "open": is_open}}
        return _case(name, dossier, {}, states, known_at=day, cases=state)

    return [
        known("case-is-reported", DAY, stands[:1], harm="reported", amends={}, is_open=True),
        known("exploring-is-not-paying", NEXT, stands[:2], harm="acknowledged", amends=paid, is_open=True),
        known(
            "later-report-takes-no-answer-back", "2021-08-28", stands, harm="acknowledged", amends=paid, is_open=False
        ),
        known("retracted-act-opens-its-case", "2021-08-29", reopened, harm="acknowledged", amends=paid, is_open=True),
    ]


def _beside() -> list[Json]:
    """What stands beside figures: chains of copies, judgements, relations recorded late, orders, parts."""
    unnamed = {"claimant": "reports", "claimant_kind": "unnamed"}
    papers = [source("a"), source("r", derived_from="a"), source("s", derived_from="r")]
    chain = [claim("c1", "exact", 10, **unnamed), claim("c2", "exact", 10, **unnamed, source="s")]
    pair = [claim("c1", "exact", 10), claim("c2", "exact", 20)]
    late = tie("c2", "corrects", "c1", recorded="2021-09-05T08:00:00Z")
    apart = _figure(10, 20, "10 … 20, 2 origins", conflicts=[("c1", "c2")])
    stands = [("c1", "stands"), ("c2", "stands")]
    judged = {"about": "c1", "by": "an office", "said": NEXT, "why": "One voice."}
    views = [{"id": "j2", "grade": "weak", **judged}, {"id": "j1", "grade": "confirmed", **judged}]
    words = {
        "said_wording": "on Thursday",
        "means": "blast",
        "start": 5,
        "end": 9,
        "quote": "Ten ",
        "audience": "partner",
    }
    part = {**INCIDENT, "id": "i2", "part_of": "i1", "status": "reported"}
    return [
        _case("copy-of-a-copy-has-the-first-origin", document(chain, sources=papers),
              {KEY: _figure(10, 10, "10, 1 origin")}, stands),
        _case("relation-not-recorded-yet", document(pair, [late]), {KEY: apart}, stands,
              recorded_at="2021-09-05T07:59:59Z"),
        _case("relation-recorded-by-then", document(pair, [late]),
              {KEY: _figure(20, 20, "20, 1 origin", all=[10, 20, False])}, [("c1", "corrected"), ("c2", "stands")],
              recorded_at="2021-09-05T08:00:00Z"),
        _case("judgements-change-nothing", document([claim("c1", "exact", 10)], assessments=views),
              {KEY: _figure(10, 10, "10, 1 origin")}, stands[:1], assessments=[["j1", "confirmed"], ["j2", "weak"]]),
        _case("judgements-of-a-later-day", document([claim("c1", "exact", 10)], assessments=views),
              {KEY: _figure(10, 10, "10, 1 origin")}, stands[:1], known_at=DAY),
        _case("words-place-and-means-are-kept", document([claim("c1", "exact", 10, **words)]),
              {KEY: _figure(10, 10, "10, 1 origin")}, stands[:1]),
        _case("part-counts-in-no-figure-of-the-whole",
              document([claim("c1", "exact", 10), claim("c2", "exact", 90, incident="i2")], incidents=[INCIDENT, part]),
              {KEY: _figure(10, 10, "10, 1 origin")}, stands[:1]),
        _case("order-with-a-day-that-does-not-fit",
              document([claim("c1", order="after", relative_to="i1", meant="2021-08-01"),
                        claim("c2", order="before", relative_to="i1", meant="2021-08-01", outcome="freed")]),
              {}, stands, tension={"c1": 1, "c2": 0}),
    ]  # fmt: skip


def main() -> None:
    """Write the file."""
    OUT.write_text(json.dumps(claims_vectors(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
