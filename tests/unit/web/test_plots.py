"""The plots, the words of values, and the contrast of the style sheet."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.web.pages import figure_plot, plots, render, wording
from safeconduct.web.pages.svg import NARROW, WIDE, compact, nice_ceiling
from unit.web import room_samples as samples

TARGET = "2021-08-31T23:59:00Z"


def drawn(svg):
    return ET.fromstring(str(svg))


def has(svg, css):
    return [e for e in drawn(svg).iter() if css in e.get("class", "").split()]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_people_out_draws_deadline_roll_and_fan(width):
    svg = plots.people_out(
        samples.days(), target=122000, deadline=TARGET, forecast=samples.busy().forecast, width=width
    )
    assert len(has(svg, "deadline")) == len(has(svg, "target")) == len(has(svg, "fan")) == 1
    assert len(has(svg, "bar")) == 10
    assert "95,700 of 122,000" in drawn(svg).get("aria-label")


def test_no_forecast_draws_no_fan_and_no_days_draw_nothing():
    assert not has(plots.people_out(samples.days(), target=122000, deadline=TARGET, forecast=None), "fan")
    assert plots.people_out((), target=122000, deadline=TARGET, forecast=None) == ""


def test_a_forecast_years_late_stays_inside_the_drawing():
    late = replace(samples.busy().forecast, done_at="2031-01-01", low="2029-01-01", high="2040-01-01")
    svg = plots.people_out(samples.days(), target=122000, deadline=TARGET, forecast=late)
    for path in has(svg, "fan") + has(svg, "forecast"):
        assert all(float(x) <= WIDE for x in re.findall(r"[ML]([\d.]+)", path.get("d")))
    roll = float(has(svg, "target")[0].get("y1"))
    end = float(has(svg, "forecast")[0].get("d").split()[-1])
    assert end > roll + 5  # the line leaves the drawing before it reaches the roll, and does not pretend to


def test_a_forecast_within_the_drawing_ends_at_the_roll():
    svg = plots.people_out(samples.days(), target=122000, deadline=TARGET, forecast=samples.busy().forecast)
    assert has(svg, "forecast")[0].get("d").split()[-1] == has(svg, "target")[0].get("y1")


@pytest.mark.seed("S-46", "S-50")
def test_one_mark_for_each_known_claim_and_a_question_for_each_without_number():
    svg = figure_plot.figure_over_time(samples.incident("2021-08-28"), "civ", label="civilians killed")
    links = [e for e in drawn(svg).iter() if e.tag == "a"]
    assert [link.get("href") for link in links] == [f"#claim-c{n}" for n in range(1, 6)]
    assert len(has(svg, "vague")) == 1


def test_a_correction_is_an_arrow_and_a_withdrawn_claim_is_hollow():
    svg = figure_plot.figure_over_time(samples.incident("2021-08-28"), "civ", label="civilians killed")
    assert len(has(svg, "fix")) == 1
    assert [e for e in has(svg, "head") if "gone" in e.get("class")]


def test_days_of_silence_are_one_gap_that_names_its_length():
    svg = figure_plot.figure_over_time(samples.incident("2021-09-17"), "civ", label="civilians killed")
    assert "19 d silent" in svg


def test_numbers_that_would_lie_on_each_other_are_written_once_and_the_latest_always():
    day = samples.incident("2021-08-28")
    crowd = tuple(replace(samples.CLAIMS[0], claim=f"n{n}", low=60 + n, high=None) for n in range(12))
    svg = figure_plot.figure_over_time(
        replace(day, marks={"civ": crowd}), "civ", label="civilians killed", width=NARROW
    )
    written = has(svg, "value")
    assert 1 <= len(written) < len(crowd)
    assert written[-1].text == "71"
    assert len(has(svg, "reach")) == len(crowd)  # each mark stays, with its own words


def test_a_figure_nobody_has_claimed_is_not_drawn():
    assert figure_plot.figure_over_time(samples.incident("2021-08-28"), "none", label="nothing") == ""


@pytest.mark.parametrize(
    ("low", "high", "basis", "words"),
    [
        (60, None, "at-least", "at least 60"),
        (None, 100, "up-to", "up to 100"),
        (13, 13, "exact", "13"),
        (90, 95, "exact", "90 to 95"),
        (None, None, "dozens", "dozens, no number"),
        (0, 0, "exact", "0"),
    ],
)
def test_a_claim_reads_as_it_was_meant(low, high, basis, words):
    assert figure_plot.bounds_words(replace(samples.CLAIMS[0], low=low, high=high, basis=basis)) == words


@given(st.integers(0, 10**12))
def test_the_axis_reaches_the_value_in_four_whole_steps(value):
    top = nice_ceiling(value)
    assert top >= value and top % 4 == 0 and top <= max(4 * value, 12)
    assert compact(top)


@given(st.text())
def test_ids_are_safe_and_differ_when_the_texts_differ(text):
    assert re.fullmatch(r"[A-Za-z0-9._-]*", wording.slug(text))
    assert wording.slug(text) != wording.slug(text + "/")


def test_times_are_short_on_the_same_day_and_exact_in_the_title():
    assert ">14:02</time>" in wording.when("2021-08-26T14:02:09Z", samples.NOW)
    assert ">25 Aug 14:02</time>" in wording.when("2021-08-25T18:32:09+04:30", samples.NOW)
    assert "2021-08-25 14:02:09 UTC" in wording.when("2021-08-25T18:32:09+04:30", samples.NOW)
    assert ">31 Aug 2021 23:59</time>" in wording.when(TARGET)
    assert wording.when(None) == "–"


def test_a_length_of_time_reads_in_two_units():
    assert [wording.minutes_words(m) for m in (0, 59, 60, 215, 3000, -30)] == [
        "0 min",
        "59 min",
        "1 h",
        "3 h 35 min",
        "2 d 2 h",
        "30 min too late",
    ]
    assert [
        wording.ago(t, samples.NOW)
        for t in ("2021-08-26T22:39:50Z", "2021-08-26T21:00:00Z", "2021-08-24T20:00:00Z", "2021-08-27T00:00:00Z", None)
    ] == ["just now", "100 min ago", "2 d ago", "clock ahead", ""]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_and_controls_have_the_contrast_of_wcag_aa(theme):
    css = (render.STATIC / "safeconduct.css").read_text()
    block = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[theme]
    tone = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    pairs = [(t, g) for t in ("ink", "muted", "accent", "go", "wait", "stop") for g in ("paper", "ground")]
    pairs += [
        ("go", "go-soft"),
        ("wait", "wait-soft"),
        ("stop", "stop-soft"),
        ("ink", "band"),
        ("muted", "wait-soft"),
        ("muted", "go-soft"),
        ("muted", "stop-soft"),
        ("on-accent", "accent"),
        ("on-hatch", "hatch"),
        ("accent", "wait-soft"),
    ]
    pairs += [("on-state", s) for s in ("go", "wait", "stop")]
    weak = {
        pair: round(contrast(tone[pair[0]], tone[pair[1]]), 2)
        for pair in pairs
        if contrast(tone[pair[0]], tone[pair[1]]) < 4.5
    }
    assert not weak
    assert contrast(tone["field"], tone["paper"]) >= 3
