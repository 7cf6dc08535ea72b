"""One text that stands several times: passages, whole reprints, and the place where a text first stood."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.incidents.reader.copies import find_copies, origins
from safeconduct.incidents.reader.documents import read_document
from safeconduct.incidents.reader.model import Block, Document, Sentence

SEEDS = Path(__file__).resolve().parents[4] / "../shared/seeds"

FERRY = (
    "The harbour master closed the eastern pier after two fishing boats struck drifting mines. "
    "Crews were told to wait for a pilot before they leave the bay. "
    "Nobody could say on Tuesday how many mines are still adrift."
)
MILL = (
    "Villagers at the old mill dug through the night for a teacher and her pupils. "
    "A colonel of the garrison lent them two cranes and forty lamps. "
    "By noon all nineteen had been carried out alive."
)
OWN = "Our reporter walked the length of the quay and counted eleven empty berths behind the customs shed."


FILLER = " ".join(f"thing{n}" for n in range(70)) + "."


def document(file, *paragraphs, kinds=(), **changes):
    """A document of paragraphs; `kinds` names those that are something else."""
    plain = "\n\n".join(paragraphs)
    blocks, sentences, start = [], [], 0
    for number, text in enumerate(paragraphs):
        kind = kinds[number] if number < len(kinds) else "paragraph"
        blocks.append(Block(start, start + len(text), kind))
        found = re.finditer(r"\S.*?(?:[.!?][\"”’')]*(?=\s|$)|$)", text, re.DOTALL)
        sentences += [Sentence(start + match.start(), start + match.end(), number) for match in found]
        start += len(text) + 2
    return Document(file, "", plain, plain, None, tuple(blocks), tuple(sentences), **changes)


def texts(documents, copies):
    plain = {document.file: document.plain for document in documents}
    return [[plain[file][start:end] for file, start, end in group] for group in copies]


def found(*documents):
    return texts(documents, find_copies(documents))


# -- within one document -------------------------------------------------------------------------------------------


@pytest.mark.seed("S-109")
def test_a_caption_that_stands_twice_is_one_text():
    caption = "A ferry without lights drifts past the burning pier on Monday night"
    one = document("a.txt", FERRY, caption, caption, OWN, kinds=("paragraph", "caption", "caption"))
    assert found(one) == [[caption, caption]]


@pytest.mark.seed("S-109")
def test_a_summary_point_repeated_in_the_text_is_found_with_other_words_of_its_speaker():
    point = (
        '"We do not sail on promises," the harbour master said. "We sail when the bay has been swept by both navies."'
    )
    later = '"We do not sail on promises," she said. "We sail when the bay has been swept by both navies."'
    ((first, second),) = found(document("a.txt", point, FERRY, MILL, later))
    assert first.startswith('We do not sail on promises," the harbour master') and second.endswith("by both navies")


@pytest.mark.seed("S-109")
def test_a_quotation_is_found_inside_a_longer_one():
    caption = "A sailor (left) says: 'The bay is ours again and we will clear it with our own hands'"
    long = (
        "'What I can promise is that the bay is ours again and we will clear it with our own hands, whatever the "
        "admiralty thinks of that, and whatever it costs the fishing fleet this season.'"
    )
    ((first, second),) = found(document("a.txt", caption, FERRY, long, kinds=("caption",)))
    assert first.lower() == second.lower() == "the bay is ours again and we will clear it with our own hands"


def test_short_lines_count_word_for_word_and_from_five_words_on():
    kinds = ("caption", "caption", "caption", "caption", "paragraph")
    lines = (
        "The mill – after dark",
        "the mill -  after dark",
        "Two cranes seen at noon",
        "“Two cranes” seen at Noon",
        OWN,
    )
    assert found(document("a.txt", *lines, kinds=kinds)) == [["Two cranes seen at noon", "Two cranes” seen at Noon"]]


def test_two_captions_that_share_a_phrase_of_ten_words_are_not_one_text():
    shared = "beside a burnt lorry on the road to the northern pass"
    one = f"A nurse ties a ribbon around the wrist of an old man {shared}"
    other = f"Two soldiers of the garrison share their bread with a shepherd {shared}"
    assert found(document("a.txt", one, other, kinds=("caption", "caption"))) == []


# -- between documents ---------------------------------------------------------------------------------------------


@pytest.mark.seed("S-109")
def test_a_paragraph_of_agency_copy_is_found_in_another_report_with_light_edits():
    edited = FERRY.replace("drifting mines", "loose mines").replace("Tuesday", "Tuesday night")
    (group,) = found(document("a.txt", FERRY, MILL), document("b.txt", OWN, edited, FILLER))
    assert all(text.startswith("The harbour master") and text.endswith("still adrift") for text in group)


def test_quotation_marks_dashes_case_and_spaces_do_not_hide_a_copy():
    one = "‘It’s a long night – for all of us’, the on-duty medic said near the well."
    other = "“IT'S A LONG NIGHT - for all of us”,\u00a0the on-duty medic said near the well."
    ((first, second),) = found(document("a.txt", one, MILL), document("b.txt", other, FERRY))
    assert first.startswith("It’s") and second.startswith("IT'S")
    assert first.endswith("well") and second.endswith("well")


def test_paragraphs_that_follow_each_other_in_both_are_one_passage():
    (group,) = found(
        document("a.txt", OWN, FERRY, MILL, FILLER.replace("thing", "item")),
        document("b.txt", FERRY, MILL, FILLER),
    )
    assert [(text.startswith("The harbour"), text.endswith("alive")) for text in group] == [(True, True)] * 2


@pytest.mark.seed("S-109")
def test_a_reprint_is_one_group_of_whole_documents():
    reprint = MILL.replace("a teacher", "one teacher")
    first, second = document("a.txt", FERRY, MILL, OWN), document("b.txt", FERRY, reprint, OWN)
    assert find_copies([first, second]) == ((("a.txt", 0, len(first.plain)), ("b.txt", 0, len(second.plain))),)


def test_forty_reprints_are_one_group_though_nothing_else_may_stand_in_so_many():
    reprints = [document(f"{number:02}.txt", FERRY, MILL, OWN) for number in range(40)]
    (group,) = find_copies(reprints)
    assert [file for file, _, _ in group] == [one.file for one in reprints]


def test_a_notice_that_stands_everywhere_is_no_copy():
    notice = "Subscribe to the morning letter of this paper and read the whole story tomorrow."
    count = 25
    different = [" ".join(f"word{n}x{k} of day{k}" for k in range(60)) for n in range(count)]
    many = [document(f"{n:02}.txt", text, notice) for n, text in enumerate(different)]
    assert find_copies(many) == ()
    assert len(find_copies(many[:20])[0]) == 20


def test_asides_and_stock_phrases_are_left_out():
    notice = "Read more about the mines in the bay and the pilots who clear them"
    stock = "So that is how it will be for us, and this is how we did it before."
    kinds = ("paragraph", "aside", "paragraph")
    assert (
        found(document("a.txt", MILL, notice, stock, kinds=kinds), document("b.txt", FERRY, notice, stock, kinds=kinds))
        == []
    )


def test_the_name_of_a_speaker_is_not_part_of_what_is_said():
    turn = "MS. GROOT: Thank you, Tamsin, for your patience."
    plain = f"{turn}\n\n{turn}"
    blocks = tuple(Block(start, start + len(turn), "paragraph", "MS. GROOT") for start in (0, len(turn) + 2))
    assert find_copies([Document("a.txt", "", plain, plain, None, blocks, ())]) == ()


def test_no_documents_and_empty_documents_have_no_copies():
    assert find_copies([]) == ()
    assert find_copies([document("a.txt", ""), document("b.txt")]) == ()


# -- origins -------------------------------------------------------------------------------------------------------


def judged(*documents):
    return origins(documents, find_copies(documents))


@pytest.mark.seed("S-109")
def test_reprints_have_the_earliest_as_their_origin():
    one = document("a.txt", FERRY, MILL, published="2031-04-03")
    other = document("b.txt", FERRY, MILL, published="2031-04-02")
    undated = document("c.txt", FERRY, MILL)
    assert judged(one, other, undated) == dict.fromkeys(("a.txt", "b.txt", "c.txt"), "b.txt")


@pytest.mark.seed("S-109")
def test_the_outlet_that_a_reprint_names_is_the_origin_of_all():
    one = document("a.txt", FERRY, MILL, published="2031-04-03", outlet="Bay Courier")
    other = document("b.txt", FERRY, MILL, published="2031-04-02")
    assert judged(one, other) == dict.fromkeys(("a.txt", "b.txt"), "Bay Courier")
    assert judged(one) == {"a.txt": "Bay Courier"}


def test_a_short_dispatch_inside_a_long_report_is_its_origin():
    dispatch = document("dispatch.txt", FERRY, published="2031-04-01")
    report = document("report.txt", OWN, MILL, FERRY, MILL.replace("mill", "mine") * 2, published="2031-04-02")
    assert judged(dispatch, report)["report.txt"] == "dispatch.txt"


def test_two_reports_with_one_sentence_in_common_are_origins_of_their_own():
    quoted = '"Nobody could say on Tuesday how many mines are still adrift," the pilot wrote.'
    assert judged(document("a.txt", MILL, OWN, quoted), document("b.txt", quoted, MILL[::-1], OWN[::-1])) == {
        "a.txt": "a.txt",
        "b.txt": "b.txt",
    }


# -- the five reports ----------------------------------------------------------------------------------------------


@pytest.mark.seed("S-109")
def test_repeated_captions_points_and_quotations_of_the_reports_are_found():
    if not SEEDS.is_dir():
        pytest.skip("the shared reports are not here")
    documents = [read_document(path.name, path.read_bytes()) for path in sorted(SEEDS.glob("0*.txt"))]
    copies = find_copies(documents)
    files = [sorted({file[:3] for file, _, _ in group}) for group in copies]
    assert files.count(["001", "003"]) == 1  # the general's words, as two of them have them
    assert files.count(["001", "004"]) == 1  # the president's
    assert files.count(["004"]) >= 5  # captions set twice
    assert files.count(["003"]) >= 2  # points of the summary
    assert all(
        file == origin
        for file, origin in origins(documents, copies).items()
        if file[:3] in {"000", "001", "002", "004"}
    )


# -- anything at all -----------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [*"abcdefgh", "harbour", "mill", "crane", "night", "“pier”", "a\u00adb", "it’s", "-", "", "ﬁne", "K"]
)
PARAGRAPHS = st.lists(st.lists(WORDS, max_size=40).map(" ".join), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARAGRAPHS, max_size=5))
def test_spans_lie_in_their_documents_and_no_group_has_one_only(papers):
    documents = [document(f"{n}.txt", *paper) for n, paper in enumerate(papers)]
    plain = {one.file: one.plain for one in documents}
    copies = find_copies(documents)
    for group in copies:
        assert len(set(group)) == len(group) > 1
        assert all(0 <= start < end <= len(plain[file]) for file, start, end in group)
    assert origins(documents, copies).keys() == plain.keys()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=30, max_size=60, unique=True), st.integers(0, 20), st.integers(8, 25))
def test_any_passage_of_eight_words_that_stands_as_a_sentence_is_found(numbers, place, length):
    words = [f"w{number}" for number in numbers]
    sentence = " ".join([*words[place : place + length], "and so on to the bitter end"]).capitalize() + "."
    own = " ".join(f"x{number}" for number in numbers)
    groups = found(document("a.txt", own, sentence), document("b.txt", sentence, own.replace("x", "y")))
    assert groups == [[sentence[:-1]] * 2]


@pytest.mark.parametrize("piece", ["word ", "a\u00ad", "one two three four five six. "])
def test_a_megabyte_of_one_thing_is_read_in_time(piece):
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    find_copies([document("a.txt", text), document("b.txt", FERRY)])
    assert time.process_time() - started < 60
