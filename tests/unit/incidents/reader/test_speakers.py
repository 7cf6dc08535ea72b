"""Whom a quotation belongs to when the tag is unusual, stands apart, or is missing; and through whom it came."""

import time

import pytest

from safeconduct.incidents.reader.model import REPORTED, Block, Document
from safeconduct.incidents.reader.voices import read_speech


def page(text, *, kinds=(), turns=()):
    """A document with one block a line; `kinds` are those of the first lines, `turns` give speaker and asks."""
    blocks, position = [], 0
    for number, line in enumerate(text.split("\n")):
        kind = kinds[number] if number < len(kinds) else "paragraph"
        speaker, asks = turns[number] if number < len(turns) else ("", False)
        if line.strip():
            blocks.append(Block(position, position + len(line), kind, speaker, asks))
        position += len(line) + 1
    return Document("page.txt", "", text, text, None, tuple(blocks), ())


def told(text, **more):
    """Claimant of every quotation, None where nobody is named."""
    quotations, _ = read_speech(page(text, **more))
    return [one.voice and one.voice.claimant for one in quotations]


def reported(text):
    """Claimant, words and relay of all reported speech."""
    _, voices = read_speech(page(text))
    return [(one.claimant, text[one.start : one.end], one.relay) for one in voices if one.speech == REPORTED]


@pytest.mark.seed("S-56")
@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("The Port Authority speaks of “some 400 crates”.", "Port Authority"),
        ("The mayor described the lost as “our own cousins”.", "mayor"),
        ("Pastors of two parishes condemned it as ‘a sin’.", "pastors of two parishes"),
        ("The Tarn Mission will only confirm that “a few dozen boats” sank.", "Tarn Mission"),
        ("The village elder laughed, calling the promise “wind in a sack of holes.”", "village elder"),
        (
            "The ministry of trade judged the raid harshly, having called it «a theft in daylight hours».",
            "ministry of trade",
        ),
        (
            "Mrs. Ada Marsh, to the question of reporters about the lost boats answered: «I know nothing yet».",
            "Ada Marsh",
        ),
        ("«The well is dry since Monday», transfers the words of Ada Marsh the channel Tarn-2.", "Ada Marsh"),
        ("The Hill Guard denies it. «We were asleep at that hour», is said in the communication.", "Hill Guard"),
        ("“We saw smoke,” a porter identified only as Tomas told Radio Tarn.", "Tomas"),
        ("“We saw smoke,” a porter who was at the gate told this paper.", "porter"),
        ("“We saw smoke,” said the head of the Tarn mission, Ada Marsh, on Monday.", "Ada Marsh"),
        ("According to the head of the Tarn mission, Ada Marsh, it was “a long night for us”.", "Ada Marsh"),
        ("The governor through spokesman Tom Bell said it was “a day of shame for all”.", "governor"),
        ("“We saw smoke,” said a trade ministry statement.", "trade ministry"),
        ("Ada Marsh, minister for Trade and Tarn told Sky News it was “a long night”.", "Ada Marsh"),
        ("A Morland citizen in Tarn told Sky News she felt “wholly forgotten there”.", "Morland citizen in Tarn"),
        ("One man who wrote to Radio Tarn said the road “was like a river”.", "one man"),
        ("The boats were not “fit for sea”, Ada Marsh told Radio Tarn this morning.", "Ada Marsh"),
        ("The mayor was obliged to say he was “truly sorry for it”.", "mayor"),
    ],
)
def test_unusual_tags_tell_their_speaker(text, claimant):
    assert told(text)[-1] == claimant


@pytest.mark.parametrize(
    ("text", "claimants"),
    [
        ("“A flag is no roof for anybody.”\nDr Ada Marsh, Relief Committee", ["Ada Marsh"]),
        ('"We swam until the morning came" - survivor Tom Bell', ["Tom Bell"]),
        ("Her deputy, Tom Bell, disagreed. “Nobody asked us at all,” he said.", ["Tom Bell"]),
        ("Col. Ada Marsh assures us all is well. Two boats sank. “We had no other choice.”", ["Ada Marsh"]),
        ("The Foreign Office is sending ships. It said in a note: “Come to the port at noon.”", ["Foreign Office"]),
        ("Ada Marsh said a senior clerk had told her it was “a mess”.\n“They lost the list,” she said.", [
            "senior clerk", "Ada Marsh"]),
        ("The Tarn Red Lantern said so. “Our trucks burned,” the Red Lantern added.", ["Tarn Red Lantern"]),
        ("The Tarn Relief Union said it left. “Our trucks burned,” TRU stated.", ["Tarn Relief Union"]),
        ("“It rained,” the guide said.“The road is gone,” she added.", ["guide", "guide"]),
    ],
)  # fmt: skip
def test_a_speaker_told_apart_from_the_words_is_found(text, claimants):
    assert told(text) == claimants


def test_a_place_before_a_colon_is_no_speaker_of_a_headline():
    text = "Port Tarn: ‘We slept under the carts’\nThe fog came late and nobody saw it."
    assert told(text, kinds=("title",)) == [None]


def test_the_same_words_elsewhere_lend_their_speaker():
    text = "Port Tarn: ‘We slept under the carts’\n‘We slept under the carts for a week,’ Ada Marsh said."
    assert told(text, kinds=("title",)) == ["Ada Marsh", "Ada Marsh"]


def test_other_words_lend_none():
    text = "Port Tarn: ‘Nobody came to open the gate’\n‘We slept under the carts for a week,’ Ada Marsh said."
    assert told(text, kinds=("title",)) == [None, "Ada Marsh"]


def test_they_in_a_question_means_the_body_named_in_the_answer_before():
    text = "The shots came from the Hill Army. We are sure of it.\nThey say they were, quote, “far away that night.”"
    assert told(text, turns=(("MS. MARSH", False), ("Q", True))) == ["Hill Army"]


def test_a_quotation_left_open_does_not_go_on_behind_a_plain_paragraph():
    text = "“We left at six.\nThe road was empty, Ada Marsh said.\n“Nobody stopped us,” Tom Bell said."
    quotations, _ = read_speech(page(text))
    assert [len(one.pieces) for one in quotations] == [1, 1]


@pytest.mark.seed("S-103")
def test_outlets_that_pass_words_on_are_relays():
    text = "“The road is shut,” said General Roe on Monday, according to the Northern Wire. “They cut it.”"
    quotations, _ = read_speech(page(text))
    assert {(one.voice.claimant, one.voice.relay) for one in quotations} == {("Roe", ("Northern Wire",))}
    assert reported("The mill burned, a clinic official told the Northern Wire.") == [
        ("clinic official", "The mill burned", ("Northern Wire",))
    ]


def test_the_agency_that_quoted_a_speaker_is_a_relay():
    quotations, _ = read_speech(page('"It was late," said mayor Ada Marsh, quoted by the state news agency TARNA.'))
    assert quotations[0].voice.relay == ("TARNA",)


def test_who_puts_a_toll_speaks():
    text = "The river command put the toll at 11, and the union puts it at 20."
    assert [(who, words) for who, words, _ in reported(text)] == [
        ("river command", "the toll at 11"), ("union", "it at 20")]  # fmt: skip


def test_a_second_verb_keeps_its_own_subject():
    text = (
        "The Red Delta group claimed the raid. Its men fled. The command said nine boats sank and denied that it fired."
    )
    assert [who for who, *_ in reported(text)][1:] == ["command", "command"]


@pytest.mark.parametrize(
    "text", ["Locals said to be “fighters” fled.", "There were an estimated “several dozen” carts."]
)
def test_words_that_only_look_like_a_tag_name_nobody(text):
    assert told(text) == [None]


@pytest.mark.parametrize(
    "piece", ["the Tarn Army said they ", "It said “a b c d” ", "“We go on here.” ", "in the office of Tarn they said ", "TRU said "]
)  # fmt: skip
def test_many_speakers_are_read_in_linear_time(piece):
    began = time.process_time()
    read_speech(page(piece * (150_000 // len(piece))))
    assert time.process_time() - began < 15
