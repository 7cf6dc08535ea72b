"""Who says what: passages in the manner of several newsrooms, each with all that is said in it and by whom."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.incidents.reader.model import DIRECT, REPORTED, Block, Document
from safeconduct.incidents.reader.people import find_people
from safeconduct.incidents.reader.voices import find_quotations, find_voices, read_speech


def page(text, *, title="", turns=()):
    """A document with one block a line; `turns` gives speaker and asks of the lines of a transcript."""
    blocks, position = [], 0
    for number, line in enumerate(text.split("\n")):
        speaker, asks = turns[number] if number < len(turns) else ("", False)
        if line.strip():
            blocks.append(Block(position, position + len(line), "paragraph", speaker, asks))
        position += len(line) + 1
    return Document("page.txt", "", text, text, None, tuple(blocks), (), title=title)


def spoken(text, **more):
    """Claimant and pieces of each quotation that somebody speaks."""
    found = find_quotations(page(text, **more))
    return [
        (one.voice.claimant, *(text[start:end] for start, end in one.pieces)) for one in found if one.voice is not None
    ]


def said(text, **more):
    """Claimant and words of all reported speech."""
    document = page(text, **more)
    voices = find_voices(document, find_quotations(document))
    return [(one.claimant, text[one.start : one.end]) for one in voices if one.speech == REPORTED]


def only(text):
    (quotation,) = find_quotations(page(text))
    return quotation


# -- passages in the manner of … -----------------------------------------------------------------------------------

AGENCY = """TARN, Morland (AP) — Two buses left the besieged town of Tarn on Friday, aid workers said.
“It took nine hours to cover six miles,” said Lena Forst, a spokeswoman for the Morland Red Cross. “Nobody was hurt.”
Gen. Ivo Kestrel, commander of the northern front, told reporters that his troops had held their fire.
“We gave our word,” Kestrel said late Friday. He declined to say how many fighters remained.
A doctor who asked not to be named said at least 40 patients were left behind, according to three hospital employees."""

BRITISH = """A convoy was 'fired on from both banks', the foreign secretary has said.
Ada Marsh told MPs the attack was 'a breach of everything we agreed'.
'It's a dark day,' she added. 'The drivers' families deserve the truth.'
Opposition MP Tom Bell asked whether the government would recall its envoy.
'I won't speculate,' Marsh replied."""

INDIAN = """NEW DELHI: External Affairs spokesperson Ravi Menon on Tuesday said that as many as 312 nationals have been evacuated.
Briefing the media here, he said, "Two more flights are likely to land tonight."
"We had no food for three days," Anita Rao, a third-year student, told PTI over phone.
The Embassy has advised citizens not to move without prior coordination, sources said, adding that the situation was "very tense"."""

TRANSLATED = """This was announced by the head of the regional administration Oleh Danko.
"We have carried out another stage of the operation," Danko said.
According to him, 120 people are on their way.
The city council declared on Telegram: "Gather at the theatre at four." “The corridor is “green“”, explained the council."""

TABLOID = """HORROR AT THE CROSSING: 'We heard screams,' says survivor
HELL ON WHEELS
Lorry driver Pete Hale, 45, said: 'It came from nowhere.
'I threw myself on the floor and prayed.'
RESCUE
Hale, who has worked the route for years, described the scene as 'hell on earth'.
'I'll never forget it,' he said, adding: 'Never.'"""

WIRE_RELAY = """The fire began in a store room, Brigadier Sami Odeh was quoted by Norvia News Agency as saying.
The Daily Courier reported that four people had died, citing hospital officials.
“They came at dawn,” a resident told Reuters by phone.
The mayor, speaking to the BBC, said the toll “could rise”."""

INTERVIEW = """Channel host Nina Voss asked relief chief Karl Adler on Sunday: 'Will the road stay open?'
'That is up to the parties,' he answered.
He went on: 'I have learned not to promise.'"""

WEBLOG = """The group, calling itself the “Free Valley Front,” condemned the strike. (NVN, Daily Courier)
Valley governor Ana Brie told a press briefing that the two sides now share “a purpose”: “They want the bridge back. So do we.” (NVN)
This may be too kind, but the “peace” deal was always about the bridge."""

OFFICIAL = """The Ministry of Defence has acknowledged that the strike on 3 May, which officers said was needed to stop an attack, was a “grave” error.
A Courier investigation disputed that account. Medics dismissed the ministry's claims that the wounds were caused by glass.
It was later disclosed that two drivers had been warned. There were several claims that guards fled.
Reports indicate up to 30 people were hurt."""

BROADSHEET = """President Lara Stone and Adm. Joel Reef, the fleet commander, both confirmed the plan.
The admiral said the port would close at noon, but Stone said it would stay open, and added that a “common effort” was needed.
"I trust the admiral," the president said, "as I always have."
Mr. Reef, asked about the delay, said the ships were late.
“Not a problem,” he said, answering a question about fuel. “We carry our own.”"""


def test_agency_copy():
    assert spoken(AGENCY) == [
        ("Lena Forst", "It took nine hours to cover six miles,", "Nobody was hurt."),
        ("Ivo Kestrel", "We gave our word,"),
    ]
    assert said(AGENCY) == [
        ("aid workers", "TARN, Morland (AP) — Two buses left the besieged town of Tarn on Friday"),
        ("Ivo Kestrel", "his troops had held their fire"),
        ("doctor", "at least 40 patients were left behind, according to three hospital employees"),
        ("three hospital employees", "at least 40 patients were left behind"),
    ]


def test_a_british_paper_with_single_marks():
    assert spoken(BRITISH) == [
        ("foreign secretary", "fired on from both banks"),
        ("Ada Marsh", "a breach of everything we agreed"),
        ("Ada Marsh", "It's a dark day,", "The drivers' families deserve the truth."),
        ("Ada Marsh", "I won't speculate,"),
    ]


def test_the_indian_press():
    assert spoken(INDIAN) == [
        ("Ravi Menon", "Two more flights are likely to land tonight."),
        ("Anita Rao", "We had no food for three days,"),
        ("sources", "very tense"),
    ]
    assert said(INDIAN)[0] == ("Ravi Menon", "as many as 312 nationals have been evacuated")


def test_translated_copy():
    assert [claimant for claimant, *_ in spoken(TRANSLATED)] == ["Oleh Danko", "city council", "city council"]
    assert ("Oleh Danko", "120 people are on their way") in said(TRANSLATED)


def test_a_tabloid_with_headings_between():
    found = spoken(TABLOID)
    assert found[0] == ("survivor", "We heard screams,")
    assert ("Pete Hale", "It came from nowhere.", "I threw myself on the floor and prayed.") in found
    assert found[-2:] == [("Pete Hale", "hell on earth"), ("Pete Hale", "I'll never forget it,", "Never.")]


@pytest.mark.seed("S-106")
def test_agencies_stand_in_the_relay():
    document = page(WIRE_RELAY)
    quotations = find_quotations(document)
    relays = {voice.claimant: voice.relay for voice in find_voices(document, quotations)}
    assert relays["Sami Odeh"] == ("Norvia News Agency",)
    assert relays["hospital officials"] == ("Daily Courier",)
    assert relays["resident"] == ("Reuters",)
    assert relays["mayor"] == ("BBC",)


@pytest.mark.seed("S-80")
def test_an_interview_goes_by_turns_and_keeps_the_question():
    asked, answer, more = find_quotations(page(INTERVIEW))
    assert [one.voice.claimant for one in (asked, answer, more)] == ["Nina Voss", "Karl Adler", "Karl Adler"]
    assert answer.voice.question == "Will the road stay open?"
    assert more.voice.question == ""


@pytest.mark.seed("S-107")
def test_outlets_in_brackets_count_for_the_passage_before_them():
    first, *others = find_quotations(page(WEBLOG))
    assert [(one.voice.claimant, one.voice.relay) for one in others[:2]] == [("Ana Brie", ("NVN",))] * 2
    assert first.scare or first.voice.relay == ("NVN", "Daily Courier")
    assert others[2].scare and others[2].voice is None


def test_official_admission_with_an_older_statement_inside():
    found = said(OFFICIAL)
    assert ("officers", "was needed to stop an attack") in found
    assert ("Medics", "the ministry's claims that the wounds were caused by glass") in [
        (c.capitalize(), w) for c, w in found
    ]
    assert ("not named", "two drivers had been warned") in found
    assert ("claims", "guards fled") in found
    assert ("reports", "up to 30 people were hurt") in found
    assert [claimant for claimant, *_ in spoken(OFFICIAL)] == ["Ministry of Defence"]


def test_a_broadsheet_with_two_speakers_in_one_sentence():
    found = said(BROADSHEET)
    assert found[:4] == [
        ("Lara Stone and Joel Reef", "the plan"),
        ("Joel Reef", "the port would close at noon"),
        ("Lara Stone", "it would stay open"),
        ("Lara Stone", "a “common effort” was needed"),
    ]
    assert spoken(BROADSHEET) == [
        ("Lara Stone", "common effort"),
        ("Lara Stone", "I trust the admiral,", "as I always have."),
        ("Joel Reef", "Not a problem,", "We carry our own."),
    ]
    assert find_quotations(page(BROADSHEET))[-1].voice.question == "a question about fuel"


# -- single rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "claimant", "kind"),
    [
        ("“The road is shut,” said Ann Roe, head of the mission, on Monday.", "Ann Roe", "person"),
        ("“The road is shut,” Ann Roe, head of the mission, said.", "Ann Roe", "person"),
        ("Ann Roe, who leads the mission in Tarn, said: “The road is shut.”", "Ann Roe", "person"),
        ("As Ann Roe put it, “the road is shut.”", "Ann Roe", "person"),
        ("According to Ann Roe, “the road is shut.”", "Ann Roe", "person"),
        ("“The road is shut,” Ann Roe tweeted.", "Ann Roe", "person"),
        ("“The road is shut.” — Ann Roe", "Ann Roe", "person"),
        ("Ann Roe: “The road is shut.”", "Ann Roe", "person"),
        ("Mayor of Tarn Ann Maria Roe said “the road is shut.”", "Ann Maria Roe", "person"),
        ("Ann Roe jumped in to add: “The road is shut.”", "Ann Roe", "person"),
        ("Ann Roe was blunt: “The road is shut.”", "Ann Roe", "person"),
        ("“The road is shut,” the Pentagon said.", "Pentagon", "body"),
        ("“The road is shut,” the Joint Relief Committee (JRC) said.", "Joint Relief Committee", "body"),
        ("“The road is shut,” Save the Children said.", "Save the Children", "body"),
        ("“The road is shut,” a spokesman for the ministry said.", "spokesman for the ministry", "unnamed"),
        ("“The road is shut,” said two senior officials.", "two senior officials", "unnamed"),
        ("“The road is shut,” a nurse working at the clinic said.", "nurse", "unnamed"),
        ("The general manager saying “the road is shut” is new.", "general manager", "person"),
    ],
)
def test_the_speaker_is_found_wherever_the_tag_stands(text, claimant, kind):
    quotation = only(text)
    assert (quotation.voice.claimant, quotation.voice.claimant_kind) == (claimant, kind)


@pytest.mark.seed("S-105")
def test_unnamed_sources_keep_their_number_and_rank():
    text = "The help went further than was admitted, according to three senior naval officials."
    (voice,) = find_voices(page(text), ())
    assert (voice.claimant_kind, voice.claimant_count) == ("unnamed", 3)
    assert voice.claimant == "three senior naval officials"


def test_a_surname_stands_for_the_longest_form_in_the_document():
    text = "“We are late,” Kestrel said.\nGen. Ivo P. Kestrel Jr., commander of the northern front, left."
    quotation = only(text)
    assert (quotation.voice.claimant, quotation.voice.claimant_seen) == ("Ivo P. Kestrel Jr.", "Kestrel")
    (person,) = find_people(page(text))
    assert person.office == "commander of the northern front"


def test_two_people_of_one_surname_stay_two():
    text = "Ann Roe met Tom Roe. “Go,” Ann Roe said. “No,” Tom Roe said."
    assert [claimant for claimant, *_ in spoken(text)] == ["Ann Roe", "Tom Roe"]


@pytest.mark.parametrize(
    ("opening", "pronoun", "claimant"),
    [
        ("Mr Hale met Ms. Voss at noon. Voss said the road was open.", "she", "Voss"),
        ("Spokeswoman Ada Marsh left after Gen. Ivo Kestrel said the truce held.", "he", "Ivo Kestrel"),
        ("The Tarn Relief Group said a truck burned.", "it", "Tarn Relief Group"),
        ("Residents said the well was dry.", "they", "residents"),
        ("Gen. Ivo Kestrel said the truce held.", "the general", "Ivo Kestrel"),
        ("A spokesman for the port said ships waited.", "the spokesman", "spokesman for the port"),
        ("The Tarn Relief Group said a truck burned.", "the statement", "Tarn Relief Group"),
    ],
)
def test_later_words_for_a_speaker_are_taken_back_to_the_name(opening, pronoun, claimant):
    assert spoken(f"{opening}\n“That is all for now,” {pronoun} added.")[-1][0] == claimant


def test_an_untagged_paragraph_goes_on_with_the_last_speaker():
    text = "“We left at six,” Ann Roe said.\n“Nobody stopped us. Nobody even looked.”"
    assert spoken(text) == [("Ann Roe", "We left at six,", "Nobody stopped us. Nobody even looked.")]


def test_a_sentence_after_reported_speech_is_not_attributed():
    text = "Ann Roe said the road was open. Forty trucks crossed the bridge on Monday."
    assert said(text) == [("Ann Roe", "the road was open")]


def test_words_in_marks_that_nobody_speaks_are_told_apart():
    text = "The so-called “humanitarian pause” ended. She works for the “Valley Times”."
    assert [(one.scare, one.voice) for one in find_quotations(page(text))] == [(True, None), (True, None)]


def test_the_day_on_which_it_was_said_is_found():
    text = "Asked about it, Ann Roe told a briefing in Tarn late Thursday that the road was open on Monday."
    (voice,) = find_voices(page(text), ())
    assert text[voice.said_start : voice.said_end] == "late Thursday"
    assert voice.question == "about it"


@pytest.mark.seed("S-103")
def test_a_voice_inside_another_has_the_outer_in_its_relay():
    text = "The Pentagon said that the Valley Front claimed that two guards had died."
    outer, inner = find_voices(page(text), ())
    assert (outer.claimant, inner.claimant, inner.relay) == ("Pentagon", "Valley Front", ("Pentagon",))
    assert text[inner.start : inner.end] == "two guards had died"


def test_refusing_to_say_is_no_statement():
    assert said("Ann Roe declined to say whether 12 people died. Ann Roe would not say that 12 people died.") == []


# -- transcripts ---------------------------------------------------------------------------------------------------

TRANSCRIPT = (
    "Good evening. President Stone said today we would hold “the line.”\n"
    "The port stays open.\n"
    "Thanks, Ada. You said yesterday it was “a mess.” Is it still? How many ships are left?\n"
    "Four ships. The President has said, quote, “We leave nobody behind.”"
)
TURNS = (("MS. MARSH", False), ("MS. MARSH", False), ("Q", True), ("MS. MARSH", False))
TITLE = "Briefing by Press Secretary Ada Marsh"


@pytest.mark.seed("S-80")
def test_turns_of_a_transcript_are_voices_and_answers_keep_their_question():
    text = TITLE + "\n" + TRANSCRIPT
    document = page(text, title=TITLE, turns=(("", False), *TURNS))
    voices = find_voices(document, find_quotations(document))
    turns = [one for one in voices if one.speech == DIRECT and one.verb == "says"]
    assert [(one.claimant, one.question) for one in turns] == [
        ("Ada Marsh", ""),
        ("reporter", ""),
        ("Ada Marsh", "How many ships are left?"),
    ]
    assert text[turns[0].start : turns[0].end].count("\n") == 1


def test_marks_inside_a_turn_belong_to_whom_the_sentence_names():
    text = TITLE + "\n" + TRANSCRIPT
    assert spoken(text, title=TITLE, turns=(("", False), *TURNS)) == [
        ("Stone", "the line."),
        ("Ada Marsh", "a mess."),
        ("Stone", "We leave nobody behind."),
    ]


# -- any text ------------------------------------------------------------------------------------------------------

words = st.sampled_from(
    [
        "said",
        "told",
        "“",
        "”",
        "'",
        '"',
        "‘",
        "’",
        ",",
        ".",
        ":",
        "?",
        "(",
        ")",
        "\n",
        "—",
        "the",
        "a",
        "Gen.",
        "Ann",
        "Roe",
        "Kestrel",
        "he",
        "she",
        "they",
        "it",
        "officials",
        "who",
        "that",
        "and",
        "saying",
        "added",
        "according",
        "to",
        "by",
        "as",
        "put",
        "asked",
        "whether",
        "Monday",
        "Reuters",
        "citing",
        "12",
        "killed",
    ]
)


@settings(deadline=None)
@given(st.lists(words, max_size=60).map(" ".join))
def test_any_text_is_read_and_spans_stay_inside_it(text):
    document = page(text)
    quotations, voices = read_speech(document)
    assert quotations == find_quotations(document)
    assert voices == find_voices(document, quotations)
    for one in quotations:
        assert one.start == one.pieces[0][0] and one.end == one.pieces[-1][1]
        assert all(start < end for start, end in one.pieces)
        assert not (one.scare and one.voice)
    for voice in voices:
        assert 0 <= voice.start < voice.end <= len(text)
        assert voice.claimant
    assert list(voices) == sorted(voices, key=lambda voice: (voice.start, -voice.end))


@pytest.mark.parametrize("piece", ["said ", "X said that ", "“A,” said B, ", "who ", "A-", "A ", "according to "])
def test_long_runs_are_read_in_linear_time(piece):
    began = time.process_time()
    read_speech(page(piece * (150_000 // len(piece))))
    assert time.process_time() - began < 15
