"""The pages with nothing, with far too much, with hostile text, in both directions, and without inline code."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.web.pages import render
from unit.web import room_samples as samples

VOID = {"meta", "link", "input", "br", "img", "hr"}
VIEWS = {name: getattr(samples, name) for name in ("busy", "empty", "partner", "crowded", "right_to_left", "hostile")}
AROUND = render.Page(exercise=True, party_name="Evacuating party", title="Corridor A")


class Reader(HTMLParser):
    """Checks nesting while reading, and keeps what the assertions need."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.attributes, self.words = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.attributes.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        self.words.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


def every_page():
    around = AROUND
    yield from ((name, render.render_room(view())) for name, view in VIEWS.items())
    for known in ("2021-08-25", "2021-08-26", "2021-08-28", "2021-09-17"):
        yield f"account-{known}", render.render_account(samples.incident(known), around)
    yield "account-hostile", render.render_account(samples.hostile().incidents[0], around)
    yield "account-crowded", render.render_account(samples.crowded().incidents[0], around)
    yield "agreement", render.render_agreement(samples.agreement(), around)
    yield "agreement-none", render.render_agreement(None, around)
    yield "release", render.render_release(samples.release(), around)
    yield "decision", render.render_decision_page(samples.PASS, around)
    yield "sign-in", render.render_sign_in(around, error=samples.HOSTILE, then=samples.HOSTILE)
    yield (
        "error",
        render.render_error(
            around,
            status=404,
            code="unknown-release",
            message=samples.HOSTILE,
        ),
    )


PAGES = dict(every_page())


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_well_formed_and_its_links_within_lead_somewhere(name):
    page = read(PAGES[name])
    assert len(page.ids) == len(set(page.ids))
    targets = set(page.ids)
    for tag, attrs in page.attributes:
        href = attrs.get("href", "")
        if href.startswith("#") and not href.startswith("#claim-"):
            assert href[1:] in targets, href
        for attribute in ("for", "aria-labelledby"):
            if attribute in attrs:
                assert attrs[attribute] in targets, (tag, attrs)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_carries_inline_code_or_an_address_elsewhere(name):
    for tag, attrs in read(PAGES[name]).attributes:
        assert tag != "style"
        assert "style" not in attrs
        assert not [a for a in attrs if a.startswith("on")], (tag, attrs)
        assert tag != "script" or attrs["src"].startswith("/static/")
        assert not (tag in ("link", "img", "script") and "//" in (attrs.get("href") or attrs.get("src") or ""))


@pytest.mark.parametrize("name", ["hostile", "account-hostile", "sign-in", "error"])
def test_hostile_text_is_shown_and_never_becomes_markup(name):
    assert "<script>alert" not in PAGES[name]
    assert samples.HOSTILE in "".join(read(PAGES[name]).words) + str(read(PAGES[name]).attributes)


@pytest.mark.parametrize("name", [n for n in PAGES if n != "empty"])
def test_every_page_of_an_exercise_says_so_twice(name):
    assert 'class="exercise-band"' in PAGES[name]
    assert 'class="watermark"' in PAGES[name]


def test_a_real_room_carries_no_watermark():
    assert "watermark" not in PAGES["empty"]
    assert "xercise" not in PAGES["empty"]


def test_an_empty_room_says_where_to_start_and_never_that_all_is_well():
    assert "Start here" in PAGES["empty"]
    assert "Nothing needs you" not in PAGES["empty"]
    assert PAGES["empty"].count('class="todo"') >= 6


def test_a_right_to_left_language_turns_the_page_and_not_the_plot():
    html = render.render_room(samples.right_to_left(), lang="fa-AF")
    assert '<html lang="fa-AF" dir="rtl">' in html
    assert set(re.findall(r'<svg class="plot[^>]*direction="(\w+)"', html)) == {"ltr"}


def test_a_day_with_a_step_of_a_case_is_a_stop_of_the_day_control():
    view = replace(samples.incident("2021-09-17"), timeline=(), marks={}, ranges={}, first_day="2021-08-26")
    assert "2021-08-28" in render.change_days(view)
    assert "2021-08-28" not in render.change_days(replace(view, cases=()))


def test_an_interval_is_a_stop_at_its_last_day():
    line = replace(samples.incident().timeline[0], date="2021-08-27/2021-09-02")
    view = replace(samples.incident("2021-09-17"), timeline=(line,), marks={}, ranges={}, cases=())
    assert render.change_days(view) == ("2021-08-26", "2021-09-02", "2021-09-17")


def test_an_unanswered_warning_comes_before_newer_ones():
    html = PAGES["crowded"]
    first = html.index('id="warnings"')
    assert html.index("unanswered", first) < html.index("accepted", first)


def test_the_recipient_sees_that_the_answer_is_its_own_to_give():
    words = " ".join(" ".join(read(PAGES["partner"]).words).split())
    assert "their warnings, unanswered 1" in words
    assert "our warnings, unanswered 0" in words
    assert "/releases/" not in PAGES["partner"]  # no report on this node, so no page that shows one


def test_the_fragment_holds_each_changing_part_of_the_room_once():
    view = samples.busy()
    parts = [attrs["id"] for _, attrs in read(render.render_room_fragment(view)).attributes if "data-live" in attrs]
    assert parts == [attrs["id"] for _, attrs in read(render.render_room(view)).attributes if "data-live" in attrs]
    assert "<html" not in render.render_room_fragment(view)
    assert 'id="try"' not in render.render_room_fragment(view)


def test_a_room_without_the_roll_says_where_it_is_and_counts_nobody():
    html = PAGES["partner"]
    assert "Not known here: the roll is on Evacuating party's node." in html
    assert "Nobody yet" not in html


def test_the_box_for_a_pass_comes_alone_with_its_samples_and_points():
    html = render.render_try_fragment(samples.busy())
    assert "<html" not in html
    assert html.count('class="sample"') == len(samples.busy().samples)
    assert html.count("<option") == len(samples.busy().points)
    assert 'id="samples" role="group" aria-label="Samples" hidden' in render.render_try_fragment(samples.empty())


def test_follow_is_ticked_only_when_asked_and_works_without_a_script():
    assert "http-equiv" not in render.render_room(samples.busy())
    html = render.render_room(samples.busy(), follow=True)
    assert re.search(r'id="follow" checked', html)
    assert '<noscript><meta http-equiv="refresh"' in html


def test_each_sample_is_a_form_of_its_own_that_needs_no_script():
    forms = [
        attrs for tag, attrs in read(PAGES["busy"]).attributes if tag == "form" and attrs.get("action") == "/decide"
    ]
    assert len(forms) == 5  # four samples and the box
    assert {f["method"] for f in forms} == {"post"}


@pytest.mark.parametrize(("answer", "shape"), [(samples.PASS, "go"), (samples.NO, "stop"), (samples.ASK, "wait")])
def test_a_decision_is_told_by_shape_and_word_and_line(answer, shape):
    html = render.render_decision(answer)
    assert f'class="answer {shape}"' in html
    assert html.count("<svg") == 1
    assert answer.word in html and answer.line in html and answer.next_step in html


@pytest.mark.seed("S-46", "S-51")
def test_the_account_at_an_early_day_shows_no_later_claim():
    early, late = PAGES["account-2021-08-26"], PAGES["account-2021-09-17"]
    assert "inquiry of the evacuating party" in late and "inquiry of the evacuating party" not in early
    assert "Later claims are not shown" in early and "Later claims are not shown" not in late


def test_the_day_can_be_changed_by_links_and_by_a_form():
    attributes = read(PAGES["account-2021-08-28"]).attributes
    links = {a["href"]: a.get("rel") for t, a in attributes if t == "a" and a.get("href", "").startswith("?known_at=")}
    assert links["?known_at=2021-08-27" if "?known_at=2021-08-27" in links else ""] in ("prev", None)
    assert [a["href"] for t, a in attributes if a.get("rel") == "prev"] == ["?known_at=2021-08-27"]
    assert [a["href"] for t, a in attributes if a.get("rel") == "next"] == ["?known_at=2021-09-17"]
    assert any(t == "input" and a.get("name") == "known_at" and a["type"] == "date" for t, a in attributes)


def words_of(name):
    return " ".join(" ".join(read(PAGES[name]).words).split())


@pytest.mark.seed("S-42", "S-44")
def test_what_does_not_fit_stands_above_the_plots_with_links_to_its_claims():
    html = PAGES["account-2021-08-28"]
    assert "children killed: children killed (7) above civilians killed (5) c1 , c4" in words_of("account-2021-08-28")
    assert html.index('class="sentences"') < html.index("What does not fit") < html.index('class="panel figure"')
    assert 'href="#line-c1"' in html and 'id="line-c1"' in html
    assert "What does not fit" not in PAGES["account-2021-08-26"]


@pytest.mark.seed("S-97", "S-98", "S-102", "S-103")
def test_a_case_says_how_far_it_came_by_whom_and_what_is_unconfirmed():
    words = words_of("account-2021-09-17")
    assert "against Evacuating party open" in words
    assert "harm under review by evacuating party, press office , 28 Aug 2021 c5 updated later" in words
    assert "amends, family 1 payment explored, which is no offer; nothing paid" in words
    assert "against a third party closed closed on 17 Sep 2021 by council , reported by a broadcaster c6" in words
    assert "unconfirmed: the name" in words


@pytest.mark.seed("S-102")
def test_cases_of_a_day_show_nothing_that_came_later():
    early = words_of("account-2021-08-28")
    assert "no act of anybody has closed it" in early
    assert "payment explored" not in early and "a third party" not in early
    assert 'id="cases"' not in PAGES["account-2021-08-26"]


@pytest.mark.seed("S-46")
def test_every_claim_is_listed_with_its_claimant_and_source():
    html = PAGES["account-2021-09-17"]
    for claim in (*samples.CLAIMS, *samples.SOLDIERS):
        assert f'id="claim-{claim.claim}"' in html and claim.claimant in html and claim.source in html


@pytest.mark.seed("S-05")
def test_a_withheld_field_is_struck_with_its_rule():
    html = PAGES["release"]
    assert "<s><bdi>explosive belt, one bearer, on foot</bdi></s>" in html
    assert "details never cross" in html
    assert html.count("<s>") == 2


@given(st.text(max_size=40), st.text(max_size=40), st.integers(-(10**9), 10**9))
def test_no_text_and_no_time_breaks_a_page(words, time, count):
    view = samples.busy()
    view = replace(
        view,
        now=time,
        deadline=time,
        title=words,
        departed=abs(count),
        warnings=tuple(replace(w, id=words, issued=time, lead_minutes=count) for w in view.warnings[:1]),
        points=tuple(replace(p, name=words, last_heard=time, state=words) for p in view.points[:1]),
        days=tuple(replace(d, date=time, as_of=words, cumulative=abs(count)) for d in view.days),
    )
    assert render.render_room(view).rstrip().endswith("</html>")


def test_what_cannot_be_read_is_answered_in_the_same_place_as_a_decision():
    html = render.render_fault(code="bad-text", message="pass: expected base45, saw '?'")
    assert "data-answer" in html and "bad-text" in html and "<html" not in html


def test_an_identifier_in_a_link_is_encoded():
    view = replace(samples.busy(), warnings=(replace(samples.warnings()[0], id="R/../ 1?x#y"),))
    assert 'href="/releases/R%2F..%2F%201%3Fx%23y"' in render.render_room(view)


def test_the_way_in_asks_for_a_token_and_offers_no_way_out():
    html = render.render_sign_in(replace(AROUND, signed_in=True), then="/agreement")
    assert 'name="password"' in html and 'value="/agreement"' in html
    assert "/signout" not in html and "/signout" in render.render_room(samples.busy(), signed_in=True)


def test_point_2_stands_before_point_10():
    html = PAGES["crowded"]
    assert html.index(">Outer point 2<") < html.index(">Outer point 10<")


@pytest.mark.seed("S-24")
@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"assaults": 2, "turned_away": 3}, "2 beatings, 3 turned away by the guard (logged)"),
        ({"assaults": 1}, "1 beating (logged)"),
        ({"turned_away": 1}, "1 turned away by the guard (logged)"),
        ({}, ""),
    ],
)
def test_logged_harm_stands_at_its_point_only_where_there_is_some(counts, words):
    point = replace(samples.points(3)[0], **counts)
    html = render.render_room(replace(samples.busy(), points=(point,)))
    shown = " ".join(" ".join(read(html).words).split())
    assert ("(logged)" in shown) == bool(words)
    assert words in shown


def test_each_need_of_the_room_leads_to_the_page_where_it_is_dealt_with():
    view = replace(
        samples.busy(),
        needs_you=("first", "second", "third", "fourth", "<b>fifth"),
        need_about=(("approval", "a b"), ("release", "R/1 ?"), ("", ""), ("warnings", ""), ("unknown", "x")),
    )
    html = render.render_room(view)
    read(html)
    assert '<li><a href="/approvals#request-a.20b"><bdi>first</bdi></a></li>' in html
    assert '<li><a href="/releases/R%2F1%20%3F"><bdi>second</bdi></a></li>' in html
    assert "<li><bdi>third</bdi></li>" in html and "<li><bdi>&lt;b&gt;fifth</bdi></li>" in html
    assert '<ol start="4"><li><a href="/warnings#waiting"><bdi>fourth</bdi></a></li>' in html
    assert "2 more</summary>" in html


def test_the_room_says_whom_one_acts_as_and_leads_to_the_exchange():
    html = render.render_room(samples.busy(), acting="duty officer")
    assert 'acting as <a href="/acting"><bdi>duty officer</bdi></a>' in html
    assert "acting as" not in render.render_room(samples.busy())
    assert html.count('<a href="/exchange">Did everything cross?</a>') == 2
