"""Documents: what is read of a file, where it stands in the file, and what each part of it is."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.incidents.reader.decoding import LIMIT_BYTES
from safeconduct.incidents.reader.documents import read_document

REPORT = """Shelling near the harbour closes the northern route

PORT ARLEN (Coast Wire) - At least nine people were hurt when shells fell beside the ferry landing on Tuesday.
Officials said the crossing would stay shut.

"We saw smoke over the sheds," the harbour master said. "Nobody told us why."

Post a Comment
"""


def read(text, file="a.txt", **options):
    return read_document(file, text.encode(), **options)


def kinds(document):
    return [block.kind for block in document.blocks]


def words(document):
    return [document.plain[block.start : block.end] for block in document.blocks]


def sentences(text):
    document = read(text)
    return [document.plain[one.start : one.end] for one in document.sentences]


def check_whole(document):
    """What holds of every document: order, bounds, and places that lead to the file."""
    plain, text = document.plain, document.text
    assert document.places is None or len(document.places) == len(plain)
    assert document.places is not None or len(plain) == len(text)
    for before, after in pairwise(document.blocks):
        assert before.end <= after.start
        assert before.section <= after.section
    for block in document.blocks:
        assert 0 <= block.start < block.end <= len(plain)
        assert plain[block.start : block.end].strip()
    for before, after in pairwise(document.sentences):
        assert before.end <= after.start
        assert before.block <= after.block
    for one in document.sentences:
        block = document.blocks[one.block]
        assert block.start <= one.start < one.end <= block.end
        start, end = document.span(one.start, one.end)
        assert 0 <= start < end <= len(text)
    covered = {one.block for one in document.sentences}
    assert covered == set(range(len(document.blocks)))


# Decoding


def test_bytes_that_are_utf_8_are_read_as_such_and_keep_their_positions():
    document = read("The envoy said: “Wait – or go.”\r\nNobody moved.\r\n")
    assert document.encoding == "utf-8"
    assert document.text == "The envoy said: “Wait – or go.”\r\nNobody moved.\r\n"
    assert document.places is None
    assert document.problems == ()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("\ufeffShells fell.".encode(), "utf-8"),
        ("Shells fell – twice.".encode("utf-16"), "utf-16"),
        ("Shells fell – twice.".encode("utf-32"), "utf-32"),
        ("Shells fell on the quay.".encode("utf-16-le"), "utf-16-le"),
        ("<html><meta charset='windows-1251'><p>Обстрел порта.".encode("cp1251"), "cp1251"),
        ("<html><meta charset=iso-8859-1><p>He said: “No.”".encode("cp1252"), "cp1252"),
        ("The mayor said: “We stay.” Nobody left the quay, and the ferry did not sail.".encode("cp1252"), "cp1252"),
    ],
)
def test_other_encodings_are_found_and_give_the_same_text_again(data, encoding):
    document = read_document("a.txt", data)
    assert document.encoding == encoding
    assert data.decode(document.encoding, "replace") == document.text
    assert "\ufffd" not in document.text
    check_whole(document)


def test_a_long_text_in_another_alphabet_is_guessed_and_the_guess_is_told():
    text = "Вчера вечером порт был обстрелян, сообщили власти города. Погибли три человека, ранены ещё девять. " * 5
    document = read_document("a.txt", text.encode("cp1251"))
    assert document.text == text
    assert "guessed" in document.problems[0]


def test_a_few_broken_bytes_do_not_change_the_encoding():
    text = "“Мы ждём”, — сказал капитан. " * 20
    data = bytearray(text.encode())
    data[60:61] = b"\xff"
    document = read_document("a.txt", bytes(data))
    assert document.encoding == "utf-8"
    assert "not valid UTF-8" in document.problems[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 stream", "PDF"),
        (b"PK\x03\x04rest", "packed"),
        (bytes(range(256)) * 20, "not text"),
        (b"\x00" * 500, "not text"),
    ],
)
def test_what_is_no_text_is_told_and_gives_no_blocks(data, said):
    document = read_document("a.bin", data)
    assert said in " ".join(document.problems)
    assert document.blocks == ()


def test_null_bytes_in_a_text_are_read_as_spaces():
    document = read_document("a.txt", b"Nine people\x00were hurt near the landing. " * 3)
    assert "null bytes" in document.problems[0]
    assert "people were hurt" in document.plain


def test_a_file_beyond_the_limit_is_read_up_to_it():
    document = read_document("a.txt", b"word " * (LIMIT_BYTES // 5 + 100))
    assert len(document.text) == LIMIT_BYTES
    assert f"first {LIMIT_BYTES} of" in document.problems[0]


def test_a_day_given_by_a_person_goes_before_all_and_must_be_a_day():
    document = read("Published May 3, 2022\n\nThe ferry sank.", published="2022-05-04")
    assert (document.published, document.published_basis) == ("2022-05-04", "given")
    with pytest.raises(BadInput) as caught:
        read("The ferry sank.", published="yesterday")
    assert caught.value.code == "bad-date"


# Plain text


def test_title_paragraphs_and_what_stands_around_are_told_apart():
    document = read(REPORT)
    assert kinds(document) == ["title", "paragraph", "paragraph", "paragraph", "aside"]
    assert document.title == "Shelling near the harbour closes the northern route"
    assert document.outlet == "Coast Wire"
    check_whole(document)


def test_hard_wrapped_lines_become_one_paragraph_of_the_same_length():
    text = (
        "The convoy left the market square before dawn and took the road\n"
        "along the river, where engineers had cleared two mines the day\n"
        "before. Its drivers reported no delay.\n"
        "\n"
        "A second convoy waited for word from the bridge until noon, then\n"
        "turned back.\n"
    )
    document = read(text)
    assert [part.count("\n") for part in words(document)] == [0, 0]
    assert document.places is None
    assert len(document.plain) == len(text)
    assert "the road along the river" in document.plain


def test_lines_of_a_text_that_is_not_wrapped_stand_alone():
    document = read("First paragraph ends here.\nSecond one stands below it, and it is a good deal longer.\nThird.\n")
    assert len(document.blocks) == 3


def test_a_number_at_the_start_of_a_wrapped_line_is_no_item():
    text = (
        "Everybody who holds a pass must have left the compound by August\n"
        "31. The gate closes at noon, and the guards have been told to let\n"
        "nobody through after that, whatever paper they carry in their hand.\n"
    )
    assert len(read(text).blocks) == 1


def test_repeated_credited_and_unfinished_lines_are_captions():
    text = (
        "Bridge reopens after a week\n\n"
        "The bridge over the Sarn was reopened on Friday, and the first trucks crossed within the hour.\n\n"
        "Trucks queue at the eastern ramp of the bridge on Friday\n\n"
        "Trucks queue at the eastern ramp of the bridge on Friday\n\n"
        "Photo via River Agency\n\n"
        "An engineer (left) checks a cable while drivers wait for the signal to go\n\n"
        "Engineers said that the repair would hold until the spring floods.\n"
    )
    assert kinds(read(text)) == ["title", "paragraph", "caption", "caption", "caption", "caption", "paragraph"]


def test_numbered_headings_begin_sections_and_numbered_sentences_do_not():
    page = "A page\n\nFirst news of the day, in one sentence.\n\n" + "".join(
        f"  {number}. Heading {number}\n\n    What happened on day {number} of the week was told by two officers.\n\n"
        for number in (1, 2, 3)
    )
    document = read(page)
    assert [block.section for block in document.blocks] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert [kind for kind in kinds(document) if kind == "heading"] == ["heading"] * 3
    assert "Heading 2" in words(document)
    listed = read("Rules of the gate\n\n1. Keep your pass dry.\n2. Come alone.\n3. Do not run.\n")
    assert {block.section for block in listed.blocks} == {0}


def test_other_scripts_have_paragraphs_and_sentences():
    document = read("هل أُغلق الميناء؟ نعم. قال المتحدث إن الطريق مغلق.\n\nبندر بسته شد۔ مردم منتظرند۔\n")
    assert len(document.blocks) == 2
    assert len(document.sentences) == 5


# Sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Gen. R. Q. Holt met Lt. Col. Ames in St. Orme. They spoke for an hour.", 2),
        ("Rep. Ana Roe, D-Calif., and Sen. Lee Poe, R-Ind., wrote to the U.N. on Aug. 3. Nobody answered.", 2),
        ("The U.S. Navy took 3.5 tons at 4 p.m. on Sunday. It left.", 2),
        ("He has left the U.S. He will not return.", 2),
        ("“Why now?” she asked. “Nobody knows.”", 2),
        ("He waited ... and waited. Then he left…  Nobody saw him.", 3),
        ("The ferry sank. (Coast Wire) Two boats came. (River Agency, The Post)", 2),
        ("It was item No. 4 on the list. No. They refused.", 3),
        ("Stop! Who goes there? A friend.", 3),
        ("It began on Sept. 9 and ended in Oct. The road is open.", 2),
        ("They wait in halls A to F. Some have tickets.", 2),
        ("Ask J. A. Smith or T. The guard may know.", 2),
        ("Firms such as Orme Inc. and Poe Ltd. paid 2.50 each.", 1),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text, count):
    assert len(sentences(text)) == count


# Transcripts

BRIEFING = """Briefing by the spokesperson, March 4, 2023

Harbour Hall

10:02 A.M. CET

MS. ORME:  Good morning.  The corridor opens at noon.

It will stay open for six hours.

Q    How many buses are ready?

MS. ORME:  Forty.

Q    And doctors?

GEN. McHOLT (by telephone):  Twelve, I am told.

END   10:20 A.M. CET
"""


def test_turns_of_a_transcript_carry_their_speaker_without_the_label():
    document = read(BRIEFING)
    turns = [(block.speaker, block.asks, document.plain[block.start : block.end]) for block in document.blocks]
    said = [turn for turn in turns if turn[0]]
    assert [turn[0] for turn in said] == ["MS. ORME", "MS. ORME", "Q", "MS. ORME", "Q", "GEN. McHOLT"]
    assert [turn[1] for turn in said] == [False, False, True, False, True, False]
    assert said[0][2] == "Good morning.  The corridor opens at noon."
    assert kinds(document)[:3] == ["title", "aside", "aside"]
    assert document.blocks[-1].kind == "aside"


def test_an_interview_with_names_tells_who_asks():
    text = "Talk on the corridor\n\n" + "".join(
        f"Ana Roe: What happened on day {day}?\n\nLee Poe (engineer): The bridge held on day {day}.\n\n"
        for day in range(4)
    )
    document = read(text)
    assert {(block.speaker, block.asks) for block in document.blocks[1:]} == {("Ana Roe", True), ("Lee Poe", False)}


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("Remarks by President Orme on the Harbour", "President Orme"),
        ("Statement from Minister Ana Roe", "Minister Ana Roe"),
        ("Remarks by President Orme and Minister Roe", ""),
        ("Readout of the call with President Orme", ""),
        ("Attack on the harbour kills nine", ""),
    ],
)
def test_a_speech_without_turns_is_said_by_whom_its_title_names(title, speaker):
    document = read(
        f"---\ntitle: {title}\n---\n\nThe harbour is open. It will remain so for the whole of the week.\n", "a.md"
    )
    assert document.blocks[-1].speaker == speaker


def test_an_article_with_a_label_in_capitals_is_no_transcript():
    document = read("UPDATE: The road is open.\n\nNOTE: Figures are those of the police, and they may change.\n")
    assert {block.speaker for block in document.blocks} == {""}


# Markdown and HTML


def test_front_matter_gives_day_and_title_and_the_title_keeps_its_places():
    text = (
        "---\ntags: x\ndate: '2023-03-04'\nmodified_time: 2023-03-09 10:00\n"
        'title: "Statement on the Harbour\\_Bridge\\\n  \\ by the Mayor\\u2019s Office"\n---\n\n'
        "The **bridge** is \\[now\\] open; see [the map](https://example.org/map) & <em>wait</em>.\n\n\\###\n"
    )
    document = read(text, "a.md")
    assert document.published == "2023-03-04"
    assert "front matter" in document.published_basis
    assert document.title == "Statement on the Harbour Bridge by the Mayor’s Office"
    assert words(document)[1] == "The bridge is [now] open; see the map & wait."
    at = document.plain.index("open")
    assert text[slice(*document.span(at, at + 4))] == "open"
    assert document.blocks[-1].kind == "aside"
    check_whole(document)


PAGE = """<!DOCTYPE html><html><head><title>Bridge hit - The Sarn Post</title>
<meta property="og:site_name" content="The Sarn Post">
<meta property="article:published_time" content="2023-03-04T08:00:00+01:00">
<script type="application/ld+json">{"datePublished": "2023-03-04"}</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World news of today</a></li></ul></nav>
<script>if (a < b) { document.write("<p>Not to be read</p>") }</script>
<article><header><h1>Bridge hit</h1></header>
<p>Nine people were hurt&nbsp;when a shell hit the bridge, the mayor&#8217;s office said &mdash; twice.
They were taken to two hospitals on the other side of the river before the evening.</p>
<figure><img src="a.jpg" alt="x > y"><figcaption>Smoke over the bridge</figcaption></figure>
<!-- <p>hidden</p> -->
<blockquote><p>Nobody warned us.</p></blockquote>
<div class="share-buttons"><a href="#">Share</a> <a href="#">Tweet</a></div>
<h2>What comes next</h2><ul><li>Repair</li><li>A ferry</li></ul>
</article><footer>All rights reserved</footer></body></html>"""


def test_a_page_gives_its_article_its_day_and_its_outlet():
    document = read(PAGE, "a.html")
    assert (document.published, document.outlet) == ("2023-03-04", "The Sarn Post")
    text = " ".join(words(document))
    assert "hurt when a shell hit the bridge, the mayor’s office said — twice. They" in text
    for absent in ("World news", "Not to be read", "hidden", "rights reserved", "datePublished"):
        assert absent not in document.plain
    by_kind = {document.plain[block.start : block.end]: block.kind for block in document.blocks}
    assert by_kind["Bridge hit"] == "title"
    assert by_kind["Smoke over the bridge"] == "caption"
    assert by_kind["What comes next"] == "heading"
    assert by_kind["Share Tweet"] == "aside"
    check_whole(document)


def test_places_of_a_page_lead_to_the_file():
    document = read(PAGE, "a.html")
    for word in ("Nine", "hospitals", "warned", "Repair"):
        at = document.plain.index(word)
        assert document.text[slice(*document.span(at, at + len(word)))] == word


def test_a_page_within_one_form_is_read_all_the_same():
    body = "<p>The ferry sank off the northern mole before anybody on the quay could help it.</p>" * 5
    document = read(f"<html><body><form action='/'>{body}</form></body></html>", "a.html")
    assert len(document.blocks) == 5
    assert "all of it was read" in document.problems[0]


def test_several_articles_of_a_page_are_sections():
    entry = (
        "<article><h2>Entry {0}</h2><p>"
        + "On day {0} the guards let forty people through the gate. " * 6
        + "</p></article>"
    )
    document = read("<main>" + "".join(entry.format(day) for day in (1, 2, 3)) + "</main>", "a.html")
    assert [block.section for block in document.blocks] == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    "broken", ["<p>a < b and c > d", '<a title="x>y', "<<p>>Hello", "<!-- never ends", "<p", "a & b &amp &#xZ;"]
)
def test_broken_markup_is_read_as_far_as_it_goes(broken):
    check_whole(read("<html><p>The gate is shut.</p>" + broken, "a.html"))


# Publication


@pytest.mark.parametrize(
    ("text", "day", "basis"),
    [
        ("Friday 3 March 2023\n\nThe gate opens\n\nPeople left on foot, the mayor said.", "2023-03-03", "stated"),
        ("The gate opens\n\nPublished Mar 3, 2023\n\nPeople left on foot, the mayor said.", "2023-03-03", "stated"),
        ("The gate opens\n\nBy Ana Roe\n\nMarch 3, 2023 5:23 PM GMT\n\nPeople left on foot.", "2023-03-03", "stated"),
        ("The gate opens\n\nSARN, March 3, 2023 (Coast Wire) - People left on foot.", "2023-03-03", "stated"),
        ("Relief Office, Sarn\n\nSarn, 03.03.2023\n\nPeople left on foot, the mayor said.", "2023-03-03", "stated"),
        ("RIVER AGENCY  3 Mar 2023  0914 UTC\n\nThe gate opens\n\nPeople left on foot.", "2023-03-03", "stated"),
        ("The gate opens\n\nSARN, Mar 3 (Coast Wire) - People left.\n\n(c) 2023 Coast Wire", "2023-03-03", "inferred"),
        ("The gate opens\n\nPeople left on foot.\n\nPosted on 3 March 2023", "2023-03-03", "stated"),
        ("The gate opens\n\nA guard on Friday, March 3, 2023.\n\nPeople left on Friday.", "2023-03-03", "inferred"),
        ("The gate opens\n\nPeople left on foot on March 3, 2023, it was said.", "", ""),
        ("The gate opens\n\nPeople left on foot.", "", ""),
    ],
)
def test_the_day_of_publication_is_stated_or_inferred_or_left_open(text, day, basis):
    document = read(text)
    assert document.published == day
    assert document.published_basis.split(":")[0] == basis


def test_of_two_stated_days_the_earlier_is_taken_and_the_other_told():
    document = read(
        "The gate opens\n\nPublished May 3, 2022\n\nUpdated May 9, 2022\n\nPeople left on foot, it was said."
    )
    assert document.published == "2022-05-03"
    assert "2022-05-09" in document.problems[0]


@pytest.mark.seed("S-106")
def test_a_weekday_beside_a_day_fixes_the_year_among_those_near_the_hint():
    text = "The gate opens\n\nPeople left on foot, he told the wire on Friday 3 Mar, and more will follow."
    assert read(text, year=2023).published == "2023-03-03"
    assert read(text, year=2016).published == "2017-03-03"
    assert read(text).published == ""


@pytest.mark.seed("S-109")
@pytest.mark.parametrize(
    ("last", "outlet"),
    [
        ("View the original story on Sarn Insider", "Sarn Insider"),
        ("This story was originally published by the Coast Post.", "Coast Post"),
        ("— Coast Wire", "Coast Wire"),
        ("Source: Coast Wire", "Coast Wire"),
        ("People left on foot.", ""),
    ],
)
def test_the_outlet_in_which_a_text_first_stood_is_taken_from_its_last_lines(last, outlet):
    assert read(f"The gate opens\n\nPeople left on foot, the mayor said.\n\n{last}").outlet == outlet


# Anything at all


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.md", "a", "a.xml"]))
def test_any_bytes_are_read_without_an_error(data, file):
    check_whole(read_document(file, data))


PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<article>",
            "</article>",
            "<nav>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "<a href='x'>",
            "<br>",
        ),
        *(
            "&amp;",
            "&#8217;",
            "\n",
            "\n\n",
            "\r\n",
            "  ",
            "---\n",
            "title: x\n",
            "1. ",
            "2. ",
            "Q    ",
            "MR. ROE: ",
            "* ",
        ),
        *("**", "\\[", "[x](y)", "\xa0", "\xad", "\u200f", "،", "؟", "Aug. 3", "He left.", "“Go,”", "x" * 70, "\ufeff"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40), st.sampled_from(["a.txt", "a.html", "a.md"]))
def test_any_text_keeps_order_bounds_and_places(pieces, file):
    document = read("".join(pieces), file)
    check_whole(document)
    if file == "a.txt" and document.places is None:
        pairs = zip(document.plain, document.text, strict=True)
        assert all(shown == char or not shown.strip() for shown, char in pairs)


@pytest.mark.parametrize("file", ["a.txt", "a.html", "a.md"])
@pytest.mark.parametrize("unit", ["A", "(", "<a", "[", "a\n", "U.S. ", "&", '"'])
def test_a_long_run_of_one_thing_is_read_in_linear_time(unit, file):
    document = read(unit * (200_000 // len(unit)), file)
    check_whole(document)


def test_the_figures_of_a_document_are_plain_values():
    document = read(REPORT)
    assert len(document.digest) == 64
    assert json.dumps([document.file, document.published, document.outlet, *document.problems])
