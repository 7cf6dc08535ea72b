import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.incidents.claims import GRADES
from safeconduct.incidents.reader.documents import read_document
from safeconduct.incidents.reader.gazetteer import Gazetteer, find_names
from safeconduct.incidents.reader.model import KINDS, Remark
from safeconduct.incidents.reader.remark_rules import named_patterns, rules_by_word
from safeconduct.incidents.reader.remarks import find_remarks
from timing import seconds


def remarks(text: str) -> list[tuple[str, Remark]]:
    document = read_document("a.txt", text.encode())
    found = find_remarks(document, find_names(document, Gazetteer.default()))
    return [(document.plain[one.start : one.end], one) for one in found]


def kinds(text: str) -> set[str]:
    return {one.kind for _, one in remarks(text)}


def the(text: str, kind: str) -> Remark:
    (only,) = [one for _, one in remarks(text) if one.kind == kind]
    return only


@pytest.mark.seed("S-84")
@pytest.mark.parametrize(
    ("text", "grade", "actor"),
    [
        ("Hamas is suspected of having planned the ambush.", "suspected", "hamas"),
        ("A suspected Boko Haram bomber struck the market.", "suspected", "boko-haram"),
        ("The raid is presumed to have been the work of al-Shabaab.", "presumed", "al-shabaab"),
        ("Houthi gunmen are believed to have carried out the shelling.", "believed", "houthis"),
        ("The bomber, thought to be a member of ISIS, died.", "believed", "islamic-state"),
        ("Police believe that the Taliban were behind the bombing.", "believed", "taliban"),
        ("Two al-Qaeda-linked bombings shook Aden.", "linked", "al-qaeda"),
        ("The gunmen had ties to Hezbollah, and the attack went on.", "linked", "hezbollah"),
        ("Ministers attributed the massacre to the Rapid Support Forces.", "attributed", "rapid-support-forces"),
        ("The shelling was blamed on separatists.", "attributed", "separatists"),
        ("Kyiv blamed Russia for the missile strike.", "attributed", "russia"),
        (
            "Sudan said the Rapid Support Forces had launched an assault on the camp.",
            "attributed",
            "rapid-support-forces",
        ),
        ("The group Red Hand is behind the bombing, they say.", "attributed", "Red Hand"),
        ("Spies assessed with confidence that Iran was behind the drone raid.", "assessed", "iran"),
        (
            "The Copper Fist, a gang from the hills, is suspected of laying the mine in the ambush.",
            "suspected",
            "Copper Fist",
        ),
        ("Two drivers were hurt in the raid. Blue Ridge gunmen are suspected.", "suspected", "Blue Ridge gunmen"),
        ("The blast bore the hallmarks of Boko Haram.", "suspected", "boko-haram"),
        ("The arson is presumed to have been ordered by the self-styled “Tin Crown”.", "presumed", "Tin Crown"),
        ("Rebels are thought to have planted the device.", "believed", "rebels"),
        ("Detectives linked the bombing in the port to the Copper Fist.", "linked", "Copper Fist"),
        ("The mayor blamed the militia outright.", "attributed", "militia"),
        ("The mayor laid the guilt for the fire on the Lantern Legion.", "attributed", "Lantern Legion"),
        ("Troops blamed the raid on gunmen that they believe are paid by Iran.", "attributed", "gunmen"),
        ("Our assessment is that the rockets came from hills held by the Tin Crown.", "assessed", "Tin Crown"),
        ("Rebels have been blamed for several bombings.", "attributed", "rebels"),
    ],
)
def test_each_grade_of_attribution_is_told_apart_with_its_actor(text, grade, actor):
    found = the(text, "attribution")
    assert (found.grade, found.actor) == (grade, actor)
    assert found.grade in GRADES


@pytest.mark.parametrize(
    "text",
    [
        "He attributed the good harvest to the rain.",
        "A suspected case of cholera was reported.",
        "Their chief is thought to be abroad.",
        "The army said the army had launched an assault.",
        "Israel said the IDF had carried out a strike.",
        "The Iran-linked movement Hezbollah held a march after the attack.",
        "An Assessment Mechanism looks into the strike carried out in Rafah.",
        "Twelve suspected militants were killed in the raid.",
        "He blamed Monday's rain for the delay.",
    ],
)
def test_what_names_no_actor_of_a_harm_is_no_attribution(text):
    assert "attribution" not in kinds(text)


@pytest.mark.seed("S-85")
@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("The Houthis claimed responsibility for the drone raid.", "houthis"),
        ("Officials named ISIS, and the group took credit for the blast.", "islamic-state"),
        ("Responsibility was claimed late at night by Hamas.", "hamas"),
        ("The bombing was later claimed by al-Shabaab.", "al-shabaab"),
        ("Jaish al-Nahr claimed responsibility.", "Jaish al-Nahr"),
        ("The group al-Shabab, which has ties to al-Qaeda, claimed responsibility.", "al-shabaab"),
        ("The Taliban said its fighters had carried out the ambush.", "taliban"),
        ("The Copper Fist boasted on its channel that it bombed the depot.", "Copper Fist"),
        ("The Copper Fist said it had fired at the pier.", "Copper Fist"),
        ("The Copper Fist on Monday admitted the ambush.", "Copper Fist"),
        ("The junta confirmed that it carried out Monday's strike.", "junta"),
        ("Banned outfit Copper Fist (North) claimed responsibility for the raid.", "Copper Fist"),
    ],
)
def test_a_claim_of_responsibility_is_its_own_kind_with_its_actor(text, actor):
    found = the(text, "claim-of-responsibility")
    assert (found.actor, found.grade) == (actor, "claimed-by-actor")


@pytest.mark.parametrize(
    "text",
    [
        "No group has claimed responsibility.",
        "Nobody immediately claimed responsibility for the blast.",
        "There was no claim of responsibility by Hamas.",
        "The blaze claimed the lives of six.",
        "The army said it had fired warning shots at the crowd.",
    ],
)
def test_that_nobody_claimed_it_is_no_claim(text):
    assert "claim-of-responsibility" not in kinds(text)


@pytest.mark.seed("S-88")
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Moscow denied that it had shelled the road.", "denial"),
        ("The ministry rejected the accusation.", "denial"),
        ("She called the story not true.", "denial"),
        ("Rebels said they had nothing to do with the fire.", "denial"),
        ("The army insisted it did not target the clinic.", "denial"),
        ("The office did not, as some have claimed, say who fired.", "denial"),
        ("The guild said it had “no hand in the burning”.", "denial"),
        ("The colonel said none of his men had been near the mill.", "denial"),
        ("The colonel said his gunners never aimed at the quay.", "denial"),
        ("The mayor called this “idle gossip”.", "denial"),
        ("The envoy termed as baseless the reports of deaths.", "denial"),
        ("He spoke of looting, a charge denied by the rebels.", "denial"),
        ("The clerk said the story was “wholly false”.", "denial"),
        ("Our batteries were silent that day.", "denial"),
        ("State radio said there had been no aircraft in the valley.", "denial"),
        ("The charity knew of no case that bore this out.", "no-evidence"),
        ("Inspectors did not find any proofs of it.", "no-evidence"),
        ("Nothing on the tape proves who fired.", "no-evidence"),
        ("The ministry offered no proof.", "no-evidence"),
        ("There is no indication that the guards helped the bomber.", "no-evidence"),
        ("Inspectors found no evidence of gas.", "no-evidence"),
        ("We have not seen any evidence of that.", "no-evidence"),
        ("There was nothing to suggest a second bomber.", "no-evidence"),
    ],
)
def test_no_evidence_is_never_a_denial(text, kind):
    other = {"denial": "no-evidence", "no-evidence": "denial"}[kind]
    assert kind in kinds(text)
    assert other not in kinds(text)


@pytest.mark.parametrize(
    "text", ["Aid was denied entry.", "They were denied visas.", "The plan is to deny them a haven."]
)
def test_what_is_withheld_from_people_is_no_denial(text):
    assert "denial" not in kinds(text)


@pytest.mark.seed("S-86")
@pytest.mark.parametrize(
    "text",
    [
        "Jordan condemned the killings.",
        "The council denounced Tuesday's raid.",
        "The bishop slammed the 'heartless' bombing.",
        "A deputy called that 'a disgrace to all of us'.",
        "The neighbour state severely judged the shelling.",
    ],
)
def test_condemnations_are_found(text):
    assert "condemnation" in kinds(text)


def test_condemned_to_prison_is_no_condemnation():
    assert kinds("The man was condemned to ten years.") == set()


@pytest.mark.seed("S-25", "S-101")
@pytest.mark.parametrize(
    "text",
    [
        "There were allegations that guards beat people at the gate.",
        "Residents accused soldiers of looting shops.",
        "Two survivors told reporters they had seen marines shoot into the queue.",
        "Medics said some of the victims had been shot.",
        "The troops allegedly burned a school.",
        "Some families say the guards robbed them on the stairs.",
        "Four drivers said crews had been pressed to sail overloaded.",
        "The office has received reports that boys were led away.",
        "A second explosion was reported from a school nearby.",
        "The rebels claimed that they had downed a jet.",
    ],
)
def test_allegations_are_found_whoever_is_accused(text):
    assert "allegation" in kinds(text)


@pytest.mark.seed("S-08", "S-09", "S-33", "S-73", "S-89")
@pytest.mark.parametrize(
    "text",
    [
        "We think that they foiled two attacks.",
        "They may also have prevented a bombing.",
        "Commanders expect more strikes on the port.",
        "The general said the militia had been very cooperative and calm.",
        "The threat to the airfield remains acute.",
        "Another attack is highly likely, she warned.",
        "We believe roughly 700 families are still in the sheds.",
        "She thought that the column had been in grave danger.",
        "A sapper said a warhead would have left a deeper crater.",
    ],
)
def test_assessments_are_found(text):
    assert "assessment" in kinds(text)


@pytest.mark.parametrize(
    "text", ["I think the budget will pass.", "We believe in music.", "They expect the Taliban to honour it."]
)
def test_opinions_and_demands_are_no_assessments(text):
    assert "assessment" not in kinds(text)


@pytest.mark.seed("S-95")
@pytest.mark.parametrize(
    "text",
    [
        "The raid was necessary to protect the convoy, a colonel said.",
        "They fired on the basis of intelligence from a drone.",
        "The lorry was carrying rockets, the army said.",
        "It was done in self-defence.",
        "The shelling came in retaliation for an ambush.",
        "The barge was loaded with rockets, he said.",
        "There was no other choice, the captain told us.",
        "The crush was unavoidable, the minister said.",
    ],
)
def test_justifications_are_found(text):
    assert "justification" in kinds(text)


@pytest.mark.seed("S-95")
@pytest.mark.parametrize(
    "text",
    [
        "The army acknowledged that the raid killed shepherds.",
        "The minister apologised to the village.",
        "The bombing was a terrible mistake, he said.",
        "Something went wrong, the office conceded.",
        "The command conceded that it had hit a family.",
        "We lost the lists that night, and that is on us.",
    ],
)
def test_admissions_are_found(text):
    assert "admission" in kinds(text)


def test_that_nobody_acknowledged_it_is_no_admission():
    assert "admission" not in kinds("Neither army has acknowledged the killing of civilians.")


def test_admitted_to_hospital_is_no_admission():
    assert "admission" not in kinds("Nine people were admitted to a hospital after the attack.")


@pytest.mark.seed("S-96")
def test_a_challenge_tells_how_it_got_there():
    text = "Satellite pictures and interviews with farmers cast doubt on the official account."
    assert the(text, "challenge").topic == "interviews, satellite images"
    assert "challenge" in kinds("A new film calls into question what the ministry said.")
    assert "challenge" not in kinds("Shots were heard in the disputed border area.")


@pytest.mark.seed("S-78")
@pytest.mark.parametrize(
    "text",
    [
        "The militia barred nurses from talking to journalists.",
        "Reporters were kept out of the village.",
        "Staff were not allowed to speak to the media.",
        "Doctors were warned not to talk.",
        "Our crew was not allowed into the ward.",
        "Soldiers turned back two reporters at the ford.",
        "Clerks kept photographers out of the chapel.",
        "Nurses have been forbidden to give interviews.",
        "Pupils were told by the wardens not to post pictures.",
        "Observers were let in only after a day.",
        "Gunmen would not let the monitors look at the wreck.",
        "The militia blocked access to the field for the investigators.",
        "The harbourmaster will be speaking on background only.",
    ],
)
def test_who_is_kept_from_speaking_is_found(text):
    assert "restriction" in kinds(text)


@pytest.mark.seed("S-70", "S-93")
@pytest.mark.parametrize(
    "text",
    [
        "The office did not name the man killed.",
        "She declined to comment.",
        "He would not make any predictions about it.",
        "The figure could not be independently verified.",
        "I do not have any figures to share.",
        "She refused to divulge the road they took.",
        "He is keeping it to himself.",
        "I would rather wait for the report.",
    ],
)
def test_what_is_not_said_is_found(text):
    assert "withheld" in kinds(text)


def test_the_span_is_the_clause_and_an_aside_keeps_its_subject():
    text = "Aid came late, although Hamas barred nurses from talking to reporters, and rain fell."
    (span, _) = next(pair for pair in remarks(text) if pair[1].kind == "restriction")
    assert span == "Hamas barred nurses from talking to reporters"
    (span, _) = remarks("The militia, as people here call it, condemned the bombing.")[0]
    assert span.startswith("The militia")


def test_hedges_and_topics_come_along():
    found = the("There were claims that guards may have beaten people.", "allegation")
    assert (found.topic, found.hedge) == ("mistreatment", "may")


def test_a_question_asserts_nothing():
    text = "Q    Do you believe the attack was a mistake?\n\nMS. DOE:  I would not speculate.\n"
    assert "assessment" not in kinds(text)


def test_every_rule_has_a_known_kind_and_grade():
    rules = {rule for found in rules_by_word().values() for rule in found}
    assert {rule.kind for rule in rules} <= set(KINDS)
    assert {rule.grade for rule in rules} - {""} <= set(GRADES)
    assert {rule.kind for rule in rules if not rule.grade}.isdisjoint({"attribution", "claim-of-responsibility"})
    assert dict(named_patterns("methods"))


WORDS = st.sampled_from(
    [
        "no",
        "evidence",
        "that",
        "denied",
        "suspected",
        "of",
        "ISIS",
        "being",
        "behind",
        "the",
        "attack",
        ",",
        ";",
        "—",
        "claimed",
        "responsibility",
        "not",
        "believed",
        "to",
        "be",
        "X",
        "linked",
        "blamed",
        "on",
        "said",
        "they",
        "had",
        "Kabul",
        "“",
        "”",
        ".",
        "was",
        "a",
        "mistake",
        "barred",
        "from",
        "speaking",
    ]
)


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_any_run_of_words_gives_spans_inside_the_text(text):
    for span, one in remarks(text):
        assert span
        assert one.kind in KINDS


@pytest.mark.parametrize("part", ["denied ", "no evidence ", "said that ISIS had ", "a"])
def test_time_grows_with_length_only(part):
    def taken(size: int) -> float:
        document = read_document("a.txt", (part * (size // len(part))).encode())
        return seconds(lambda: find_remarks(document, find_names(document, Gazetteer.default())))

    assert taken(160_000) < 10 * max(taken(40_000), 0.05)


@pytest.mark.seed("S-85")
def test_who_claims_an_attack_stands_before_an_aside_between_dashes():
    text = "The Houthis — a rival of Hamas and of the Taliban — claimed responsibility for the blast."
    assert the(text, "claim-of-responsibility").actor == "houthis"


@pytest.mark.parametrize(
    "text",
    [
        "A captain, who asked not to be named, spoke of the queue.",
        "The bridge is mined, said a clerk who spoke on condition of anonymity.",
        "Some 300 are waiting, according to a clerk who was not authorised to speak publicly.",
    ],
)
def test_the_terms_on_which_a_source_spoke_are_no_remark_on_the_matter(text):
    assert kinds(text).isdisjoint({"withheld", "restriction"})


@pytest.mark.parametrize(
    ("text", "kind", "other"),
    [
        ("Analysts have assessed that the Tin Crown sent the drone.", "attribution", "assessment"),
        ("The Tin Crown admitted the bombing.", "claim-of-responsibility", "admission"),
        ("The army admitted the bombing, a grave mistake.", "admission", "claim-of-responsibility"),
        ("The army denies accusations that it burned the mill.", "denial", "allegation"),
    ],
)
def test_of_two_kinds_on_the_same_words_the_closer_one_stays(text, kind, other):
    assert kind in kinds(text)
    assert other not in kinds(text)


def test_where_reporters_are_not_is_no_restriction():
    assert "restriction" not in kinds("The reporters were not in the hall when it began.")


def test_a_title_that_only_sums_up_the_text_is_not_suggested_twice():
    text = "Army admits mill strike was a mistake\n\nThe army admitted on Monday that the strike killed millers.\n"
    document = read_document("a.txt", text.encode())
    assert document.blocks[0].kind == "title"
    found = find_remarks(document, find_names(document, Gazetteer.default()))
    assert [document.plain[one.start : one.end][:19] for one in found] == ["The army admitted o"]


@pytest.mark.parametrize(
    "text",
    [
        "We believe the attacks will go on, and we expect the attacks to spread.",
        "“The militia has been useful to us,” she said. “They have been very helpful to everybody.”",
    ],
)
def test_assessments_that_go_on_about_the_same_are_one(text):
    found = the(text, "assessment")
    assert (found.start, found.end) == (0, len(text))
