"""Passes bound to phones by the command line, on the room's page and on paper; the travellers' page needs no account."""

import json
import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from safeconduct.passes.holding import key_text, make_proof
from safeconduct.passes.pass_format import from_text, to_text
from safeconduct.replay.people import generate
from safeconduct.seal.keys import SigningKey
from safeconduct.workflows.publish_bundle import publish_bundle
from workflows.two_nodes import HOUR, PURPOSE, START

PHONE, OTHER = (SigningKey.from_seed(bytes([n]) * 32) for n in (1, 2))
AT = START + 3 * HOUR


@pytest.fixture
def planned(joined, say, tmp_path):
    """A node with a roll, and a plan for two groups at one gate; the first has a phone."""
    folder = tmp_path / "evac"
    (tmp_path / "roll.csv").write_bytes(generate(24, 7))
    assert say("register", "import", tmp_path / "roll.csv", "-n", folder)[0] == 0
    groups = list(dict.fromkeys(line.split(",")[1] for line in generate(24, 7).decode().splitlines()[1:]))[:2]
    rows = [f"{group},{joined.gates[0]},2021-08-14T03:00:00Z,120,no" for group in groups]
    (tmp_path / "plan.csv").write_text("group_id,point,not_before,minutes,words\n" + "\n".join(rows) + "\n")
    (tmp_path / "phones.csv").write_text(f"group_id,key\n{groups[0]},{key_text(PHONE.public)}\n")
    return folder, groups


def issue(say, tmp_path, folder, *more):
    return say(
        "pass", "issue", tmp_path / "plan.csv", "--purpose", "complete-evacuation", "-n", folder, *more, "--json"
    )  # fmt: skip


def test_a_group_passes_by_the_code_of_its_phone(planned, joined, say, tmp_path):
    folder, groups = planned
    config = folder / "node.toml"
    config.write_text('public_url = "https://node.example"\n' + config.read_text())
    status, out, _ = issue(say, tmp_path, folder, "--phones", tmp_path / "phones.csv")
    assert status == 0
    bound, plain = json.loads(out)["passes"]
    assert (bound["group"], plain["group"], bound["words"], plain["link"]) == (*groups, "", "")
    assert bound["link"].startswith(f"https://node.example/scan/hold#point={joined.gates[0]}&pass=SC1%3A")
    assert json.loads(say("pass", "inspect", bound["text"], "--json")[1])["binding"] == "phone key"
    status, out, _ = say("pass", "revoke", groups[1], "--reason", "so that a bundle is published", "-n", folder)
    assert status == 0
    at = ("--point", joined.gates[0], "--at", "2021-08-14T03:30:00Z", "-n", folder, "--json")
    status, out, _ = say("pass", "verify", bound["text"], *at)
    assert (status, json.loads(out)["next_step"]) == (1, "ask for the code on their phone")
    half = AT + HOUR // 2
    for phone, admit in ((OTHER, False), (PHONE, True)):
        proof = make_proof(phone, from_text(bound["text"]), joined.gates[0], half)
        status, out, _ = say("pass", "verify", bound["text"], "--proof", proof, *at)
        assert (status, json.loads(out)["admit"]) == (0 if admit else 1, admit)


def test_issued_anew_for_a_new_phone_or_with_words(planned, say, tmp_path):
    folder, groups = planned
    assert issue(say, tmp_path, folder, "--phones", tmp_path / "phones.csv")[0] == 0
    (tmp_path / "phones.csv").write_text(f"{groups[0]},{key_text(OTHER.public)}\n")
    anew = ("pass", "reissue", "--purpose", "complete-evacuation", "--reason", "phone lost", "-n", folder, "--json")
    status, out, _ = say(*anew, "--phones", tmp_path / "phones.csv")
    (made,) = json.loads(out)["passes"]
    assert (status, made["group"], made["words"]) == (0, groups[0], "")
    status, out, _ = say(*anew, groups[0], "--words")
    assert (status, len(json.loads(out)["passes"][0]["words"].split())) == (0, 4)
    status, _, err = say(*anew, groups[0], "--words", "--phones", tmp_path / "phones.csv")
    assert status != 0 and "phones of these groups, or words" in err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"group_id,key\nx", "line 2"),
        (b"g-1,SCK1:NOT A KEY", "line 1"),
        (b"\xff\xfe", "CSV in UTF-8"),
        (f"g-nobody,{key_text(PHONE.public)}".encode(), "groups that get passes now"),
    ],
)
def test_a_bad_file_of_phones_is_one_clear_line_and_issues_nothing(content, said, planned, say, tmp_path):
    folder, _ = planned
    (tmp_path / "phones.csv").write_bytes(content)
    status, out, err = issue(say, tmp_path, folder, "--phones", tmp_path / "phones.csv")
    assert (status != 0, out) == (True, "")
    assert said in " ".join(err.split()) and "Traceback" not in err
    assert all("phone" not in row for row in json.loads(issue(say, tmp_path, folder)[1])["passes"])


# -- on the room's page, and on paper --------------------------------------------------------------------------------


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def form(world, phones, **more):
    gate = world.gates[0]
    return {
        f"at-{gate}": "yes", f"from-{gate}": "2021-08-14T03:00", f"hours-{gate}": "4", "purpose": PURPOSE,
        "phones": phones,
    } | more  # fmt: skip


def test_the_room_binds_passes_to_phones_and_prints_which_point_the_code_is_for(room):
    group, second = room.groups[:2]
    page = room.client.post("/passes/issue", data=form(room, f"{group},{key_text(PHONE.public)}"))
    assert "All 1 groups have their passes" in plain(page.text), "the groups of the phones, where none is named"
    for what in ("strips", "cards"):
        told = {"groups": group, "language": "uk", "zone": "Asia/Kabul", "what": what}
        made = room.client.post("/passes/print", data=told)
        text = PdfReader(BytesIO(made.content)).pages[0].extract_text()
        assert "код" in text and room.gates[0] in text
    wrong = room.client.post("/passes/issue", data=form(room, f"{second},SCK1:OOPS", groups=second))
    assert wrong.status_code == 400
    assert "phones line 1" in plain(wrong.text) and "SCK1:OOPS" in wrong.text, "what was given stays in the form"
    both = form(room, f"{second},{key_text(OTHER.public)}") | {f"words-{room.gates[0]}": "yes"}
    assert "words or a phone, not both" in plain(room.client.post("/passes/issue", data=both).text)


def test_the_room_tries_a_pass_with_the_second_code(room):
    page = room.client.post("/passes/issue", data=form(room, f"{room.groups[0]},{key_text(PHONE.public)}"))
    assert page.status_code == 200
    publish_bundle(room.evac)
    room.move(AT)
    with room.evac.store.reading() as tx:
        (row,) = tx.passes.of_groups([room.groups[0]])
    asked = {"text": to_text(row.raw), "point": row.point}

    def decided(**more):
        parts = {name: (None, value) for name, value in (asked | more).items()}
        return plain(room.client.post("/decide", files=parts).text)

    assert "ask for the code on their phone" in decided()
    for at, word in ((AT, "PASS"), (AT - HOUR, "NO")):
        assert f" {word} " in decided(words=make_proof(PHONE, row.raw, row.point, at))


def test_the_room_issues_anew_for_a_new_phone_and_with_words(room):
    group = room.groups[0]
    room.client.post("/passes/issue", data=form(room, f"{group},{key_text(PHONE.public)}"))
    again = {"reason": "phone lost", "purpose": PURPOSE}
    told = room.client.post("/passes/reissue", data={**again, "phones": f"{group},{key_text(OTHER.public)}"})
    assert "Issued anew" in plain(told.text)
    told = room.client.post("/passes/reissue", data={**again, "groups": group, "bind-words": "yes"})
    assert "Issued anew" in plain(told.text)
    with room.evac.store.reading() as tx:
        assert [row.raw[15] for row in tx.passes.of_groups([group])] == [3, 3, 1]


def test_the_travellers_page_is_open_to_everybody_and_kept_for_work_offline(room):
    page = room.client.get("/scan/hold")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert 'src="js/traveller.js"' in page.text
    worker = room.client.get("/scan/sw.js").text
    names = json.loads(re.search(r"const FILES = (\[.*?\]);", worker)[1])
    assert {"./", "hold", "hold.css", "js/traveller.js", "hold.webmanifest"} <= set(names)
    assert all(room.client.get(f"/scan/{name}").status_code == 200 for name in names)
    assert room.client.get("/scan/hold.webmanifest").json()["start_url"] == "/scan/hold"
