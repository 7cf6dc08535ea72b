"""Who does what a remark tells of, when it was told, and which day and incident it is about."""

from functools import partial

import pytest

from safeconduct.incidents.reader.suggest import read
from safeconduct.workflows.suggested_claim import Origin, propose
from timing import seconds

DAY = "2024-05-03"


def suggestions(*texts, published=DAY):
    files = [(f"{number}.txt", text.encode()) for number, text in enumerate(texts)]
    return read(files, published={name: published for name, _ in files})


def one(reading, kind, **fields):
    (found,) = [
        item
        for item in reading.suggestions
        if item.kind == kind and all(getattr(item, name) == value for name, value in fields.items())
    ]
    return found


@pytest.mark.seed("S-100")
@pytest.mark.parametrize(
    ("text", "claimant", "kind"),
    [
        (
            "A blast hit Kabul. Nurses dismissed Pentagon claims that the wounds were caused by glass.",
            "nurses",
            "unnamed",
        ),
        ("A blast hit Kabul. Local doctors have rejected the CIA account of it.", "local doctors", "unnamed"),
        ("A blast hit Kabul. Hamas denied that it had planned the attack.", "Hamas", "body"),
    ],
)
def test_who_denies_is_the_subject_and_not_whose_claim_it_is(text, claimant, kind):
    found = one(suggestions(text), "denial")
    assert (found.claimant, found.claimant_kind) == (claimant, kind)


def test_what_is_denied_is_the_cause_where_one_is_given():
    text = "A blast hit Kabul. Nurses dismissed claims that the wounds were caused by flying glass in the hall."
    assert one(suggestions(text), "denial").population == "cause: flying glass"


@pytest.mark.seed("S-85")
def test_a_group_named_before_claims_for_itself():
    text = "Officials blamed the blast in Kabul on ISIS-K, and the group claimed responsibility for the attack."
    assert one(suggestions(text), "claim-of-responsibility").claimant == "ISIS-K"


@pytest.mark.seed("S-96")
def test_a_challenge_is_made_by_the_body_that_it_names_after_its_method():
    text = (
        "A drone strike hit Kabul on May 1. Officials said the strike was necessary to stop a bomb.\n\n"
        "But long and patient work on pictures and interviews by the New York Times cast doubt on that account."
    )
    reading = suggestions(text)
    challenge = one(reading, "challenge")
    assert challenge.claimant == "New York Times"
    assert challenge.incident == one(reading, "justification").incident != ""


@pytest.mark.seed("S-78")
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("After the blast in Kabul guards barred nurses from talking to the press.", "nurses"),
        ("After the blast in Kabul rescuers were not allowed to speak to reporters.", "rescuers"),
        ("After the blast in Kabul journalists were kept away.", "journalists"),
    ],
)
def test_who_is_kept_from_speaking_and_not_whom_they_may_not_tell(text, who):
    assert one(suggestions(text), "restriction").population == who


@pytest.mark.seed("S-94")
def test_a_day_that_opens_a_sentence_before_its_speaker_is_when_it_was_told():
    text = (
        "Officials announced May 1 that a drone strike killed a militant in Nangarhar. "
        "The following day, officials updated that to say that two militants were killed in the strike."
    )
    later = one(suggestions(text), "figure", min=2, outcome="killed")
    assert (later.said, later.said_wording, later.meant_wording) == ("2024-05-02", "The following day", "")


def test_the_day_of_a_part_is_not_the_day_of_the_whole():
    text = "The airlift from Kabul has carried 900 people so far, including 40 on Wednesday, the White House said."
    reading = suggestions(text)
    whole, part = one(reading, "figure", min=900), one(reading, "figure", min=40)
    assert (whole.meant_wording, part.meant_wording) == ("", "Wednesday") and part.part_of == whole.id


@pytest.mark.seed("S-90")
def test_a_later_entry_of_a_page_may_tell_of_a_day_after_its_first():
    page = (
        "Notes of the week\n\n  1. Blast in Kabul\n\n    A blast in Kabul on May 1 killed four people.\n\n"
        "  2. Strike in Kabul\n\n    A drone strike in Kabul on May 9 killed six people.\n\n"
        "  3. Strike was an error\n\n    The Pentagon admitted that the May 9 drone strike in Kabul was a mistake.\n"
    )
    other = "A drone strike in Kabul on May 9 killed six people."
    reading = suggestions(page, other)
    strikes = [item for item in reading.happenings if item.kind == "strike"]
    assert [item.date for item in strikes] == ["2024-05-09"]
    told = {item.kind: item.said for item in reading.suggestions if item.file == "0.txt"}
    assert told["admission"] == "2024-05-09"  # nobody admits a strike before it happened
    assert one(reading, "figure", min=4).said == DAY


@pytest.mark.seed("S-84")
def test_who_did_it_is_told_of_the_harm_and_not_of_the_airlift_in_the_same_sentence():
    text = (
        "The airlift from Kabul airport goes on after two ISIS-K-linked blasts in Kabul on Thursday killed nine people."
    )
    found = one(suggestions(text), "attribution")
    assert found.incident.startswith("attack-") and found.grade == "linked"


@pytest.mark.seed("S-106")
def test_wordings_of_one_utterance_are_kept_under_one_incident():
    first = (
        "The airlift from Kabul goes on. “While that shared aim stays alive they will be useful for the airlift,” "
        "the governor said."
    )
    second = "“While that shared aim stays alive they will be useful for the airlift,” the governor said on Thursday."
    reading = suggestions(first, second)
    quoted = [item for item in reading.suggestions if item.kind == "quotation"]
    assert len(quoted) == 2 and len({item.incident for item in quoted}) == 1


def test_a_toll_told_for_the_month_is_that_of_the_incident_of_one_day():
    text = "A blast hit Kabul on May 1.\n\nThe blast in Kabul this month killed 12 people."
    reading = suggestions(text)
    toll = one(reading, "figure", min=12)
    (happening,) = [item for item in reading.happenings if item.id == toll.incident]
    assert happening.date == "2024-05-01" and toll.meant != happening.date
    fields = propose(toll, happening, Origin("d", "0.txt", DAY, "a paper"))
    assert fields["meant"] == ""


def test_a_long_text_is_read_in_time_that_grows_with_it():
    def taken(times):
        text = "On Monday, officials said that 40 people, including 4 on Sunday, were killed in a blast in Kabul. "
        return seconds(partial(suggestions, text * times))

    assert taken(800) < 30 * max(taken(100), 0.02)
