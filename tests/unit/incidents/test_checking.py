"""What a dossier may not hold: broken chains of sources and parts, spans that do not fit, unknown judgements."""

from dataclasses import replace

import pytest

from safeconduct.errors import BadInput
from safeconduct.incidents.account import account
from safeconduct.incidents.checking import check_quote
from safeconduct.incidents.reading import read_parts
from unit.incidents.dossiers import DAY, LATER, NEXT, claim, document, dossier, incident, source

JUDGED = {"id": "j1", "about": "c1", "grade": "weak", "by": "an office", "said": NEXT, "why": "One voice only."}


def refused(**parts):
    with pytest.raises(BadInput) as caught:
        dossier(**parts)
    assert "\n" not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(("code", "parts"), [
    ("bad-reference", {"sources": [source("a", derived_from="nobody")]}),
    ("bad-reference", {"sources": [source("a", derived_from="b"), source("b", derived_from="a")]}),
    ("bad-reference", {"sources": [source("a", derived_from="a")]}),
    ("bad-field", {"sources": [source("a", sha256="12")]}),
    ("bad-field", {"sources": [source("a", retrieved="yesterday")]}),
    ("bad-field", {"sources": [source("a", outlets=["one", "one"])]}),
    ("bad-reference", {"incidents": [incident(part_of="i9")]}),
    ("bad-reference", {"incidents": [incident(part_of="i2"), incident("i2", part_of="i1")]}),
    ("bad-choice", {"incidents": [incident(status="perhaps")]}),
    ("bad-choice", {"incidents": [incident(audience="friends")]}),
    ("bad-choice", {"claims": [claim("c1", audience="friends")]}),
    ("bad-span", {"claims": [claim("c1", start=4)]}),
    ("bad-span", {"claims": [claim("c1", start=4, end=4)]}),
    ("bad-span", {"claims": [claim("c1", start=4, end=9, quote="four")]}),
    ("bad-field", {"claims": [claim("c1", quote="a\x00b")]}),
    ("bad-field", {"claims": [claim("c1", quote=7)]}),
    ("bad-field", {"claims": [claim("c1", means="two words")]}),
    ("bad-reference", {"claims": [claim("c1")], "assessments": [{**JUDGED, "about": "c2"}]}),
    ("bad-reference", {"claims": [claim("i1")], "assessments": [{**JUDGED, "about": "i1"}]}),
    ("bad-reference", {"claims": [claim("c1")], "assessments": [JUDGED, JUDGED]}),
    ("bad-choice", {"claims": [claim("c1")], "assessments": [{**JUDGED, "grade": "true"}]}),
    ("bad-date", {"claims": [claim("c1")], "assessments": [{**JUDGED, "said": "soon"}]}),
    ("bad-field", {"claims": [claim("c1")], "assessments": [{**JUDGED, "by": ""}]}),
    ("bad-field", {"assessments": 7}),
])  # fmt: skip
def test_broken_dossier_is_refused_with_its_code(code, parts):
    assert refused(**parts) == code


def test_document_that_is_no_object_is_refused():
    with pytest.raises(BadInput):
        read_parts([document()])


@pytest.mark.seed("S-108")
def test_quotation_is_kept_with_its_stray_marks_and_compared_with_its_place():
    text = "He said: “we wil'' not , forget”\r\n"
    words = text[10:31]
    found = dossier(claims=[claim("c1", start=10, end=31, quote=words)]).claims[0]
    assert found.quote == words
    check_quote(found, text)
    with pytest.raises(BadInput) as caught:
        check_quote(found, text.upper())
    assert caught.value.code == "bad-span"
    check_quote(replace(found, start=None, end=None), "")


@pytest.mark.seed("S-82", "S-107", "S-56")
def test_means_outlets_and_wordings_are_kept_as_they_were_said():
    cited = source("a", outlets=["paper one", "broadcaster two"])
    given = [claim("c1", means="blast"), claim("c2", means="ball-bearings", said_wording="on Thursday evening",
                                               said_basis="resolved", meant=DAY, meant_wording="that day")]  # fmt: skip
    whole = dossier(sources=[cited], claims=given)
    assert whole.sources[0].outlets == ("paper one", "broadcaster two")
    assert [one.means for one in whole.claims] == ["blast", "ball-bearings"]
    assert (whole.claims[1].said_wording, whole.claims[1].meant_wording) == ("on Thursday evening", "that day")


def test_judgements_stand_side_by_side_and_change_no_claim():
    judged = [JUDGED, {**JUDGED, "id": "j0", "grade": "confirmed", "by": "another office"},
              {**JUDGED, "id": "j2", "about": "i1", "grade": "contested", "said": LATER}]  # fmt: skip
    whole = dossier(claims=[claim("c1")], assessments=judged)
    parts = (whole.incidents[0], whole.sources, whole.claims, whole.relations)
    plain = account(*parts, known_at=NEXT)
    found = account(*parts, known_at=NEXT, assessments=whole.assessments)
    assert [(one.id, one.grade) for one in found.assessments] == [("j0", "confirmed"), ("j1", "weak")]
    assert replace(found, assessments=()) == plain
    late = account(*parts, known_at=LATER, assessments=whole.assessments, recorded_at="2021-09-01T00:00:00Z")
    assert len(late.assessments) == 3
