"""Views to draw: a busy room, an empty one, one with far too much, one in a right-to-left language."""

from dataclasses import replace

from safeconduct.workflows.agreement_view import AgreementEventView, AgreementView, TermView
from safeconduct.workflows.room_view import (
    AmendsView,
    AssessmentView,
    CaseView,
    CrossingView,
    DayView,
    DecisionView,
    FigureView,
    ForecastView,
    IncidentView,
    LedgerView,
    MarkView,
    MisfitView,
    PointView,
    ReleaseFieldView,
    ReleaseView,
    RoomView,
    SampleView,
    StepView,
    TimelineView,
    WarningView,
)

NOW = "2021-08-26T22:40:00Z"
HOSTILE = "<script>alert('x')</script>\"'&"
LONG = "Outer control point with a name that nobody could shorten " * 4 + "x" * 120

_OUT = (3200, 4900, 7000, 13000, 17000, 28000, 37000, 58700, 82300, 95700)


def days() -> tuple[DayView, ...]:
    found, before = [], 2100
    for offset, total in enumerate(_OUT):
        date = f"2021-08-{17 + offset:02}"
        found.append(DayView(date, total - before, total, f"{date}T22:00:00Z"))
        before = total
    return tuple(found)


def points(count: int = 8) -> tuple[PointView, ...]:
    rows = [
        PointView("gate-a", "Gate A", "gate", "evac", "Evacuating party", "open", 48210, 312, "2021-08-26T22:38:00Z"),
        PointView("gate-b", "Gate B", "gate", "evac", "Evacuating party", "hold", 31100, 190, "2021-08-26T19:02:00Z"),
        PointView("gate-c", "Gate C", "gate", "evac", "Evacuating party", "closed", 16390, 88, "2021-08-25T17:40:00Z"),
    ]
    for n in range(1, count - 2):
        heard = None if n == 4 else f"2021-08-26T22:{10 + n % 40:02}:00Z"
        state = "closed" if n == 4 else "open"
        rows.append(
            PointView(
                f"outer-{n}",
                f"Outer point {n}",
                "outer",
                "cordon",
                "Cordon party",
                state,
                9000 * (n % 7) + 417,
                40 * n,
                heard,
                assumed=True,
            )
        )
    return tuple(rows[:count])


def warnings() -> tuple[WarningView, ...]:
    return (
        WarningView(
            "R-18",
            "Keep people away from open ground; gate crowds",
            "sent",
            "unanswered",
            "cell 120213 (1.2 km)",
            "26 Aug 23:00 – 27 Aug 05:00",
            "likely (55–80 %)",
            380,
            "2021-08-26T22:18:00Z",
            None,
            None,
            None,
            None,
            11,
            41205,
        ),
        WarningView(
            "R-17",
            "Search vehicles on approach; gate crowds",
            "sent",
            "accepted",
            "cell 120213 (1.2 km)",
            "26 Aug 15:00 – 21:00",
            "very likely (80–95 %)",
            215,
            "2021-08-26T11:25:00Z",
            "2021-08-26T11:32:00Z",
            "searched at outer points 2 and 3",
            "nothing found",
            "believed",
            11,
            40911,
            "sent 3 h 35 min before its window; reached the partner 3 h 28 min before its window",
            (AssessmentView("somebody unnamed", ("thought by two officials (unnamed): thwarted, may have",)),),
        ),
        WarningView(
            "R-15",
            "Spread arrivals over several gates",
            "sent",
            "declined",
            "cell 12021 (2.4 km)",
            "25 Aug",
            "even chance (45–55 %)",
            90,
            "2021-08-25T06:10:00Z",
            "2021-08-25T06:31:00Z",
            None,
            None,
            None,
            9,
            38002,
        ),
        WarningView(
            "C-04",
            "Hold the road from the north",
            "received",
            "understood",
            "cell 120211 (1.2 km)",
            "26 Aug 20:00 – 24:00",
            "likely (55–80 %)",
            60,
            "2021-08-26T18:40:00Z",
            "2021-08-26T18:44:00Z",
            "road held",
            None,
            None,
            0,
            41100,
        ),
    )


def crossings(count: int = 12) -> tuple[CrossingView, ...]:
    kinds = (
        ("segment", "device log segments", "in", 12),
        ("release", "release R-18", "out", 1),
        ("segment", "device log segments", "in", 8),
        ("bundle", "trust bundle 318, 41 more revoked", "out", 1),
        ("outcome", "outcome of R-17: nothing found", "in", 1),
        ("checkpoint", "heads exchanged and cosigned", "both", 1),
    )
    found = []
    for n in range(count):
        kind, text, direction, times = kinds[n % len(kinds)]
        found.append(
            CrossingView(
                f"2021-08-26T{22 - n // 6:02}:{38 - 6 * (n % 6):02}:00Z", kind, text, direction, 41207 - 3 * n, times
            )
        )
    return tuple(found)


CLAIMS = (
    MarkView(
        "c1",
        "2021-08-26",
        None,
        None,
        "dozens",
        "health office, unnamed official",
        "press-briefings/a.txt:41",
        False,
        None,
    ),
    MarkView(
        "c2",
        "2021-08-26",
        60,
        None,
        "at-least",
        "health office, unnamed official",
        "press-briefings/b.txt:12",
        False,
        None,
    ),
    MarkView(
        "c3",
        "2021-08-27",
        None,
        100,
        "up-to",
        "evacuating party, press office",
        "press-briefings/c.txt:88",
        False,
        None,
    ),
    MarkView("c4", "2021-08-27", 90, 95, "exact", "hospital, by relay", "press-briefings/d.txt:7", True, None),
    MarkView("c5", "2021-08-28", 170, 170, "about", "health office", "press-briefings/e.txt:31", False, "c4"),
    MarkView(
        "c6",
        "2021-09-17",
        170,
        None,
        "at-least",
        "inquiry of the evacuating party",
        "statements/f.txt:102",
        False,
        None,
    ),
)
SOLDIERS = (
    MarkView(
        "s1", "2021-08-26", 12, None, "at-least", "evacuating party, command", "press-briefings/g.txt:3", False, None
    ),
    MarkView("s2", "2021-08-27", 13, 13, "exact", "evacuating party, command", "press-briefings/h.txt:5", False, "s1"),
)


STEPS = (
    StepView(
        "2021-08-28", "harm", "under-review", "evacuating party, press office", "", "", "", "c5",
        "Reports of shots are being looked into.", "updated",
    ),
    StepView(
        "2021-09-17", "amends", "exploring", "evacuating party, command", "", "", "family 1", "c6",
        "Payments are being explored.", "stands",
    ),
)  # fmt: skip
CLOSING = StepView(
    "2021-09-17", "accountability", "closed", "council", "a broadcaster", "the name", "", "c6", "It is over.", "stands"
)


def cases(known_at: str) -> tuple[CaseView, ...]:
    steps = tuple(step for step in STEPS if step.date <= known_at)
    if not steps:
        return ()
    amends = tuple(
        AmendsView(s.to, (s.status,), False, "payment explored, which is no offer; nothing paid") for s in steps[1:]
    )
    found = (CaseView("case-1", "Evacuating party", True, None, steps[0], None, amends, steps),)
    if known_at < CLOSING.date:
        return found
    return (*found, CaseView("case-2", "a third party", False, CLOSING, None, None, (), (CLOSING,)))


def incident(known_at: str = "2021-08-28") -> IncidentView:
    ranges = (("2021-08-26", 60, 60), ("2021-08-27", 60, 100), ("2021-08-28", 60, 170), ("2021-09-17", 170, 170))
    lines = (
        TimelineView(
            "2021-08-26",
            "An explosion at one gate; the number of dead is not known.",
            "evacuating party, press office",
            "press-briefings/a.txt:12",
            "updated",
            "c1",
        ),
        TimelineView(
            "2021-08-26",
            "A second explosion near a hotel.",
            "evacuating party, press office",
            "press-briefings/a.txt:13",
            "retracted",
        ),
        TimelineView(
            "2021-08-27",
            "There was one explosion, not two.",
            "evacuating party, command",
            "press-briefings/c.txt:20",
            "stands",
            "c4",
        ),
        TimelineView(
            "2021-08-28",
            "Who planned it is disputed.",
            "cordon party, spokesman's office",
            "press-briefings/e.txt:44",
            "disputed",
            "c5",
        ),
        TimelineView(
            "2021-09-17",
            "Payments are being explored; none is offered.",
            "evacuating party, command",
            "statements/f.txt:110",
            "stands",
            "c6",
        ),
    )
    return IncidentView(
        "i-26aug",
        "Explosion at a gate",
        "2021-08-26",
        known_at,
        "2021-08-26",
        "2021-09-17",
        (
            FigureView("civ", "civilians killed", 60, 170, "60 at least … about 170", 5, 4, True),
            FigureView("mil", "service members killed", 13, 13, "13, updated from 12 at least", 2, 1, False),
        ),
        {
            "civ": tuple(c for c in CLAIMS if c.date <= known_at),
            "mil": tuple(c for c in SOLDIERS if c.date <= known_at),
        },
        {
            "civ": tuple(r for r in ranges if r[0] <= known_at),
            "mil": (("2021-08-26", 12, None), ("2021-08-27", 13, 13)),
        },
        tuple(line for line in lines if line.date <= known_at),
        "an armed group that neither party commands (two claimants, one of them itself)",
        (MisfitView("children killed", "", "children killed (7) above civilians killed (5)", ("c1", "c4")),)
        if known_at >= "2021-08-27"
        else (),
        cases(known_at),
    )


def busy() -> RoomView:
    return RoomView(
        party="evac",
        party_name="Evacuating party",
        partner_name="Cordon party",
        title="Corridor A",
        exercise=True,
        now=NOW,
        deadline="2021-08-31T23:59:00Z",
        time_left="5 d 1 h left",
        agreement_state="open",
        agreement_version=2,
        version=9120,
        needs_you=(
            "R-18 has had no answer for 22 min",
            "2 passes were used at two points",
            "Outer point 4 has sent no record",
        ),
        roll=122000,
        waiting=26300,
        departed=95700,
        target=122000,
        groups=30418,
        passes=31002,
        revoked=412,
        days=days(),
        forecast=ForecastView(
            "2021-08-29T10:00:00Z",
            "2021-08-28T14:00:00Z",
            "2021-08-30T20:00:00Z",
            True,
            "done 29 Aug 10:00 ± 1 d, in time",
        ),
        points=points(),
        warnings=warnings(),
        crossings=crossings(),
        incidents=(incident(),),
        ledger=LedgerView(41207, "9f3c" * 16, "2021-08-26T22:38:30Z", True, 41207, 38119, "07ab" * 16, True),
        conflicts=31,
        conflicts_open=2,
        refusals={"bad-signature": 212, "used-here": 140, "wrong-point": 96, "revoked": 61, "expired": 41},
        refused_acts=3,
        reports=4,
        withheld=11,
        unanswered=1,
        samples=tuple(
            SampleView(label, "6BF" + "A1B2C3" * 22, "gate-a", f"a pass that is {label}")
            for label in ("good", "copied", "forged", "revoked")
        ),
        partner_link="http://127.0.0.1:8602/",
        notes={},
    )


def empty() -> RoomView:
    return RoomView(
        party="evac",
        party_name="Evacuating party",
        partner_name="",
        title="",
        exercise=False,
        now=NOW,
        deadline=None,
        time_left="",
        agreement_state="none",
        agreement_version=0,
        version=0,
        needs_you=(),
        roll=0,
        waiting=0,
        departed=0,
        target=0,
        groups=0,
        passes=0,
        revoked=0,
        days=(),
        forecast=None,
        points=(),
        warnings=(),
        crossings=(),
        incidents=(),
        ledger=None,
        conflicts=0,
        conflicts_open=0,
        refusals={},
        refused_acts=0,
        reports=0,
        withheld=0,
        unanswered=0,
    )


def partner() -> RoomView:
    """The other room: holds outer points, has no roll, receives."""
    received = tuple(replace(w, direction="received", withheld=0) for w in warnings())
    return replace(
        busy(),
        party="cordon",
        party_name="Cordon party",
        partner_name="Evacuating party",
        roll=0,
        passes=0,
        groups=0,
        waiting=0,
        revoked=0,
        departed=0,
        days=(),
        forecast=None,
        reports=0,
        withheld=0,
        needs_you=("R-18 waits for your answer",),
        warnings=received,
        partner_link=None,
    )


def crowded() -> RoomView:
    many = tuple(
        replace(w, id=f"R-{n}", title=w.title if n % 9 else LONG)
        for n in range(60)
        for w in warnings()[n % 4 : n % 4 + 1]
    )
    named = tuple(replace(p, name=LONG if n == 9 else p.name) for n, p in enumerate(points(120)))
    marks = tuple(
        MarkView(
            f"m{n}",
            f"2021-08-{26 + n % 5:02}",
            20 + n,
            None if n % 3 else 40 + 2 * n,
            "at-least" if n % 3 else "exact",
            LONG[:80],
            f"b.txt:{n}",
            n % 7 == 0,
            f"m{n - 1}" if n % 5 == 4 else None,
        )
        for n in range(70)
    )
    full = replace(incident("2021-09-17"), title=LONG, marks={"civ": marks, "mil": SOLDIERS})
    return replace(
        busy(),
        title=LONG,
        party_name=LONG,
        partner_name=LONG,
        needs_you=tuple(f"{n}: {LONG}"[:150] for n in range(14)),
        warnings=many,
        points=named,
        crossings=crossings(30) * 8,
        incidents=(full, replace(incident(), id="i-2")),
        departed=9_999_999,
        target=10_000_000,
        forecast=ForecastView(
            "2021-10-29T10:00:00Z", "2021-09-28T14:00:00Z", "2022-08-30T20:00:00Z", False, "done 29 Oct, 59 days late"
        ),
    )


def right_to_left() -> RoomView:
    return replace(
        busy(),
        title="راهرو الف",
        party_name="طرف تخلیه‌کننده",
        partner_name="طرف حصار",
        needs_you=("هشدار R-18 بدون پاسخ است", "دو برگه در دو نقطه به کار رفت"),
    )


def hostile() -> RoomView:
    view = busy()
    bad_point = replace(view.points[0], id=HOSTILE, name=HOSTILE, holder_name=HOSTILE, last_heard=HOSTILE)
    bad_mark = replace(CLAIMS[1], claim=HOSTILE, claimant=HOSTILE, source=HOSTILE, basis=HOSTILE)
    bad_step = StepView(*[HOSTILE] * 7, f"{HOSTILE}0", HOSTILE, HOSTILE)
    bad_amends = AmendsView(HOSTILE, (HOSTILE,), False, HOSTILE)
    bad_incident = replace(
        incident(),
        id=HOSTILE,
        title=HOSTILE,
        attribution=HOSTILE,
        marks={"civ": (bad_mark,)},
        timeline=tuple(
            replace(t, text=HOSTILE, claimant=HOSTILE, source=HOSTILE, status=HOSTILE, claim=f"{HOSTILE}{n}")
            for n, t in enumerate(incident().timeline)
        ),
        misfits=(MisfitView(HOSTILE, HOSTILE, HOSTILE, (f"{HOSTILE}0",)),),
        cases=(CaseView(HOSTILE, HOSTILE, False, bad_step, bad_step, HOSTILE, (bad_amends,), (bad_step,)),),
    )
    return replace(
        view,
        title=HOSTILE,
        party_name=HOSTILE,
        partner_name=HOSTILE,
        time_left=HOSTILE,
        deadline=HOSTILE,
        needs_you=(HOSTILE,),
        now=HOSTILE,
        points=(bad_point,),
        warnings=tuple(
            replace(w, id=f"{HOSTILE}{n}", title=HOSTILE, outcome=HOSTILE, state=HOSTILE, area=HOSTILE)
            for n, w in enumerate(view.warnings)
        ),
        crossings=tuple(replace(c, text=HOSTILE, at=HOSTILE, direction=HOSTILE) for c in view.crossings),
        incidents=(bad_incident,),
        refusals={HOSTILE: 3},
        samples=(SampleView(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        notes={HOSTILE: HOSTILE},
    )


PASS = DecisionView(
    True,
    "circle",
    "PASS",
    "5 people, Gate A",
    "Let them through together.",
    (("class", "family"), ("window", "26 Aug 22:00 – 23:30"), ("index", "4,117")),
)
NO = DecisionView(
    False,
    "octagon",
    "NO",
    "the signature is wrong: this pass is forged or damaged",
    "Send them to the desk beside the gate. Do not keep the paper.",
    (("reason", "bad-signature"),),
)
ASK = DecisionView(False, "triangle", "ASK", "ask for the words", "Four words, in order. Type them below the pass.")


def agreement() -> AgreementView:
    return AgreementView(
        "Corridor A",
        2,
        "open",
        (("Evacuating party", "signed 14 Aug 2021"), ("Cordon party", "not signed")),
        "Signing recognises no government and no claim.",
        "Law of armed conflict; humanitarian access.",
        (
            ("passage", "People on the roll reach the gates unharmed."),
            ("safety", "Warnings of attacks on those who wait."),
        ),
        ("control-points", "warnings", "tallies", "incidents"),
        points(),
        "2021-08-31T23:59:00Z",
        (
            TermView(
                "guard",
                "Cordon party",
                "Lets through every group whose pass its device admits.",
                None,
                "undertaken by Cordon party when it signed; not met, as Evacuating party judges",
                never_told=False,
                later=(("2021-08-22T09:00:00Z", "Evacuating party", "not-met", "turned away", "entry 41,020"),),
            ),
            TermView(
                "leave",
                "Evacuating party",
                "Is gone by the deadline.",
                "if it is possible to do so",
                "undertaken by Evacuating party when it signed; not assessed",
                never_told=False,
                later=(),
            ),
        ),
        (
            TermView(
                "no-harm",
                "Cordon party",
                "Nobody is beaten or turned away.",
                None,
                "told to Cordon party by Evacuating party on 15 Aug 2021 10:00 UTC; not acknowledged; not assessed",
                never_told=False,
                later=(),
            ),
            TermView(
                "slots",
                "Evacuating party",
                "People come in slots.",
                None,
                "never told to Evacuating party; not assessed",
                never_told=True,
                later=(),
            ),
        ),
        (
            ("2021-08-20T10:00:00Z", "share the roll with the other party", "out-of-scope"),
            ("2021-08-22T08:30:00Z", "tasking of a search of a house", "purpose-missing"),
        ),
        (
            AgreementEventView("2021-08-23T06:00:00Z", "breach", "Evacuating party", "a convoy was held up", 41_300),
            AgreementEventView("2021-08-23T09:00:00Z", "renewal", "Cordon party", "", 41_310),
        ),
        "Evacuation",
        (
            ("2021-08-14", "sharing goes on from this day", "one report"),
            ("2021-08-15", "a meeting abroad", "another report"),
        ),
        founding_disagrees=True,
        earlier=("talks abroad, 2018 to 2020",),
    )


def release() -> ReleaseView:
    return ReleaseView(
        "R-17",
        "accepted",
        (
            ReleaseFieldView("what", "explosive belt, one bearer, on foot", None, "details never cross"),
            ReleaseFieldView("site", "inner corridor of Gate A", "within 1.2 km (cell 120213)", "floor of the grid"),
            ReleaseFieldView("window", "26 Aug 17:10 – 17:50", "26 Aug 15:00 – 21:00", "slots of 6 h"),
            ReleaseFieldView("source", "liaison, reliability B, credibility 2", None, "sources never cross"),
            ReleaseFieldView("likelihood", "very likely", "very likely", "crosses as it is"),
        ),
        215,
        1200,
        7,
        "People at the other gates, if the crowd moves there. Point holders were told to spread it.",
        (
            ("2021-08-26T11:32:00Z", "Cordon party, signed", "accepted"),
            ("2021-08-26T14:05:00Z", "Cordon party, signed", "outcome: searched, nothing found (believed)"),
        ),
    )
