"""Passes on paper by the command line alone: print, words apart, pictures, anew; and a pass taken apart."""

import json
import shutil
import subprocess
from io import BytesIO

import cbor2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from safeconduct.passes.pass_format import from_text
from safeconduct.passes.revocation_text import from_file, join, read_part
from safeconduct.replay.people import generate
from safeconduct.seal.keys import VerifyKey
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.traveller_report import Told, take_report, withdraw_report
from scripts.one_line import is_one_line

NEEDS_RENDERER = pytest.mark.skipif(
    shutil.which("pdftoppm") is None, reason="no pdftoppm: apt-get install poppler-utils"
)


def codes(picture):
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def rendered(pdf, tmp_path, dots=100):
    """The pages of a PDF as pictures, drawn by poppler."""
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", str(pdf), str(tmp_path / "page")], check=True)
    return [Image.open(BytesIO(path.read_bytes())) for path in sorted(tmp_path.glob("page*.png"))]


@pytest.fixture
def issued(joined, say, tmp_path):
    """A node with two groups of the roll, each with an outer pass and a gate pass that asks for words."""
    folder = tmp_path / "evac"
    (tmp_path / "roll.csv").write_bytes(generate(24, 7))
    assert say("register", "import", tmp_path / "roll.csv", "-n", folder)[0] == 0
    groups = list(dict.fromkeys(line.split(",")[1] for line in generate(24, 7).decode().splitlines()[1:]))[:2]
    rows = [
        f"{g},{p},2021-08-14T03:00:00Z,120,{w}"
        for g in groups
        for p, w in ((joined.gates[0], "yes"), (joined.outer[0], "no"))
    ]
    (tmp_path / "plan.csv").write_text("group_id,point,not_before,minutes,words\n" + "\n".join(rows) + "\n")
    status, out, err = say(
        "pass", "issue", tmp_path / "plan.csv", "--purpose", "complete-evacuation", "-n", folder, "--json"
    )
    assert status == 0 and "4 passes in" in err and "a second" in err
    return folder, groups, json.loads(out)["passes"]


@NEEDS_RENDERER
def test_every_code_of_printed_strips_is_read_from_the_rendered_page_in_the_order_of_the_route(
    issued, joined, say, tmp_path
):
    folder, groups, passes = issued
    pdf = tmp_path / "strips.pdf"
    status, out, _ = say(
        "pass", "print", *groups, "-o", pdf, "-l", "ps", "--time-zone", "+04:30", "-n", folder, "--json"
    )
    assert (status, json.loads(out)["passes"]) == (0, 4)
    pages = rendered(pdf, tmp_path)
    assert len(pages) == 2
    route = [joined.outer[0], joined.gates[0]]
    for page, group in zip(pages, groups, strict=True):
        wanted = {p["point"]: p["text"] for p in passes if p["group"] == group}
        seen = sorted(zxingcpp.read_barcodes(page), key=lambda code: code.position.top_left.y)
        assert [code.text for code in seen] == [wanted[point] for point in route]
        assert {code.ec_level for code in seen} == {"M"}


def test_what_a_group_carries_has_neither_name_nor_words_nor_its_own_number(issued, say, tmp_path):
    folder, groups, passes = issued
    pdf, sheet = tmp_path / "strips.pdf", tmp_path / "words.pdf"
    assert say("pass", "print", *groups, "-o", pdf, "--words", sheet, "--time-zone", "Asia/Kabul", "-n", folder)[0] == 0
    names = {cell for line in generate(24, 7).decode().splitlines()[1:] for cell in line.split(",")[2:4] if cell}
    pages = [page.extract_text() for page in PdfReader(pdf).pages]
    printed = set.intersection(*(set(page.split()) for page in pages))  # the instructions have such words too
    for page, group in zip(pages, groups, strict=True):
        lines = page.splitlines()
        assert [line for line in lines if group in line] == [
            f"OFFICE SLIP, cut off and keep: Passes of group {group}, 2 printed"
        ]
        text = "\n".join(lines)
        assert not [name for name in names if name in text]
        words = {word for p in passes for word in p["words"].split() if len(word) > 4}
        assert not [word for word in words - printed if word in text.split()]
        assert "2021-08-14 07:30 – 09:30" in text
        assert "2021-08-14 03:00 – 05:00 UTC" in text
    for page, group in zip(PdfReader(sheet).pages, groups, strict=True):
        text = page.extract_text()
        [words] = [p["words"] for p in passes if p["group"] == group and p["words"]]
        assert all(word in text for word in words.split())
        assert "Do not carry this sheet together with the passes" in text
        assert "SC1:" not in text


def test_a_printing_and_a_printing_of_words_are_entries_of_the_ledger(issued, joined, say, tmp_path):
    folder, groups, _ = issued
    assert (
        say("pass", "print", groups[0], "-o", tmp_path / "a.pdf", "--words", tmp_path / "b.pdf", "-n", folder)[0] == 0
    )
    node = open_node(joined.evac_config)
    with node.store.reading() as tx:
        entries = [json.loads(entry.envelope) for entry in tx.ledger.find("own:print")]
    close_node(node)
    assert entries == [
        {"by": "keyboard", "groups": 1, "passes": 2, "words": False}, {"by": "keyboard", "groups": 1, "passes": 1, "words": True},
    ]  # fmt: skip


@NEEDS_RENDERER
def test_wallet_cards_are_read_as_well(issued, say, tmp_path):
    folder, groups, passes = issued
    assert say("pass", "print", *groups, "-o", tmp_path / "cards.pdf", "--cards", "-l", "ar", "-n", folder)[0] == 0
    seen = [text for page in rendered(tmp_path / "cards.pdf", tmp_path) for text in codes(page)]
    assert sorted(seen) == sorted(p["text"] for p in passes)


def test_a_picture_of_a_pass_survives_a_messenger(issued, say, tmp_path):
    folder, groups, passes = issued
    status, out, _ = say("pass", "image", groups[0], "-o", tmp_path / "sent", "-n", folder, "--json")
    assert status == 0
    files = json.loads(out)["files"]
    assert len(files) == 2
    for file in files:
        picture = Image.open(file)
        small = picture.convert("RGB").resize((640, round(640 * picture.height / picture.width)))
        packed = BytesIO()
        small.save(packed, "JPEG", quality=40)
        [text] = codes(Image.open(packed))
        assert text in {p["text"] for p in passes if p["group"] == groups[0]}


def test_issuing_anew_revokes_the_former_passes(issued, joined, say, tmp_path):
    folder, groups, passes = issued
    again = (
        "pass",
        "reissue",
        groups[0],
        "--purpose",
        "complete-evacuation",
        "--reason",
        "paper lost",
        "-n",
        folder,
        "--json",
    )
    status, out, _ = say(*again)
    assert status == 0
    old = {p["point"]: p["text"] for p in passes if p["group"] == groups[0]}
    new = {p["point"]: p["text"] for p in json.loads(out)["passes"]}
    assert set(new) == set(old) and not set(new.values()) & set(old.values())
    verify = ("--point", joined.outer[0], "--at", "2021-08-14T03:30:00Z", "-n", folder)
    assert "revoked" in say("pass", "verify", old[joined.outer[0]], *verify)[1]
    assert say("pass", "verify", new[joined.outer[0]], *verify)[0] == 0
    # the retry of the first plan is answered with the pass that still holds
    status, out, _ = say(
        "pass", "issue", tmp_path / "plan.csv", "--purpose", "complete-evacuation", "-n", folder, "--json"
    )
    assert {p["text"] for p in json.loads(out)["passes"] if p["group"] == groups[0]} == set(new.values())


def test_a_pass_is_inspected_by_its_node_and_by_a_bundle_alone(issued, joined, say, tmp_path):
    folder, _, passes = issued
    text, cose = passes[0]["text"], tmp_path / "pass.cose"
    status, out, _ = say("pass", "inspect", text, "-n", folder, "--cose", cose, "--json")
    made = json.loads(out)
    assert (status, made["signature"], made["points"]) == (0, "right", [passes[0]["point"]])
    tagged = cbor2.loads(cose.read_bytes())
    protected, _, payload, signature = tagged.value
    key = VerifyKey.load(bytes.fromhex(made["batch_key"]), where="batch")
    aad = bytes.fromhex(made["external_aad"])
    assert key.verify(signature, cbor2.dumps(["Signature1", protected, aad, payload]))
    assert payload == from_text(text)[:32]

    assert say("pass", "revoke", passes[0]["group"], "--reason", "test", "-n", folder)[0] == 0  # publishes a bundle
    node = open_node(joined.evac_config)
    with node.store.reading() as tx:
        (tmp_path / "bundle").write_bytes(tx.passes.bundle()[1])
    root = node.card.root_public
    close_node(node)
    by_bundle = ("pass", "inspect", text, "--bundle", tmp_path / "bundle")
    assert json.loads(say(*by_bundle, "--root", root, "--json")[1])["batch"] == made["batch"]
    other = VerifyKey.load(bytes.fromhex(made["batch_key"]), where="x").raw.hex()
    assert say(*by_bundle, "--root", other)[0] == 1
    is_one_line(say(*by_bundle, "--root", "00"))
    is_one_line(say("pass", "inspect", text, "--cose", cose))
    broken = text[:-1] + ("0" if text[-1] != "0" else "1")
    assert say("pass", "inspect", broken, "-n", folder)[0] in (1, 2)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (["-l", "xx"], "--language"),
        (["--time-zone", "Nowhere/At"], "time zone"),
        (["--time-zone", "+99:99"], "time zone"),
    ],
)
def test_what_cannot_be_printed_is_said_in_one_line(issued, say, tmp_path, change, seen):
    folder, groups, _ = issued
    status, out, err = say("pass", "print", groups[0], "-o", tmp_path / "x.pdf", "-n", folder, *change)
    assert (status, out) == (2, "") and seen in err and err.count("\n") == 1
    assert not (tmp_path / "x.pdf").exists()


def test_an_unknown_group_or_none_prints_nothing(issued, say, tmp_path):
    folder, _, _ = issued
    for wrong in (["no-such-group"], []):
        status, _, err = say("pass", "print", *wrong, "-o", tmp_path / "x.pdf", "-n", folder)
        assert status == 2 and err.startswith("safeconduct: ")


# -- revocations, tally sheets, what travellers allege -------------------------------------------------------------


@NEEDS_RENDERER
def test_the_code_of_a_briefing_is_read_from_the_rendered_sheet_and_is_the_file(issued, say, tmp_path):
    folder, groups, _ = issued
    is_one_line(say("revocation", "show", "-n", folder), "no bundle")
    assert say("pass", "revoke", groups[0], "--reason", "test", "-n", folder)[0] == 0
    assert "98 of 4,096 revoked, 2 of them issued" in say("revocation", "show", "-n", folder)[1]
    assert say("revocation", "file", "-o", tmp_path / "list.scr", "-n", folder)[0] == 0
    status, out, _ = say("revocation", "qr", "-o", tmp_path / "briefing.pdf", "-n", folder, "--json")
    told = json.loads(out)
    assert (status, told["codes"]) == (0, 1)
    [text] = codes(rendered(tmp_path / "briefing.pdf", tmp_path, 72)[0])
    assert [text] == told["texts"]
    message = join([read_part(text)])
    assert message == from_file((tmp_path / "list.scr").read_bytes())
    status, out, _ = say("revocation", "qr", "-o", tmp_path / "codes", "-n", folder, "--json")
    assert codes(Image.open(json.loads(out)["files"][0])) == [text]
    is_one_line(say("revocation", "file", "--since", "7", "-o", tmp_path / "x", "-n", folder), "since")


def test_sheets_are_printed_keyed_in_from_a_file_and_listed_apart_from_scans(joined, say, tmp_path):
    folder, point = tmp_path / "evac", joined.outer[0]
    pdf = tmp_path / "sheets.pdf"
    made = say("tally", "sheets", point, "2021-08-14", "-o", pdf, "--count", "3", "-l", "prs", "-n", folder, "--json")
    one, two, three = json.loads(made[1])["sheets"]
    for page, number in zip(PdfReader(pdf).pages, (one, two, three), strict=True):
        assert number in page.extract_text() and "Write no names" in page.extract_text()
    lines = [
        "sheet,time,heads,outcome,pass,note",
        f"{one},08:10,12,admitted,7K2Q,",
        f"{one},,about a hundred,turned-away,,",
        f"{two},,,,,",
    ]
    (tmp_path / "tally.csv").write_text("\n".join(lines) + "\n")
    key = ("tally", "key-in", tmp_path / "tally.csv", "-n", folder)
    assert json.loads(say(*key, "--json")[1])["keyed_in"] == [one, two]
    status, out, _ = say(*key)
    assert status == 1 and out.count("was keyed in already") == 2 and "by keyboard at" in out
    listed = json.loads(say("tally", "list", "-n", folder, "--json")[1])
    assert (listed["sheets"][0]["number"], listed["sheets"][0]["state"]) == (three, "outstanding")
    assert [(x["people"], x["vague"], x["mark"]) for x in listed["keyed_in_from_paper"]] == [
        (12, [], "keyed in from paper"), (0, ["about a hundred"], "keyed in from paper"),
    ]  # fmt: skip
    scanned, on_paper = say("gate", "tally", "-n", folder)[1].splitlines()
    assert scanned == "nobody was admitted yet" and on_paper.endswith("12  keyed in from paper")
    told = json.loads(say("gate", "tally", "-n", folder, "--json")[1])
    assert told["admitted"] == [] and told["keyed_in_from_paper"][0]["people"] == 12
    assert "OUTSTANDING" in say("tally", "list", "-n", folder)[1]
    assert "not used: lost" in say("tally", "not-used", three, "--because", "lost", "-n", folder)[1]
    assert say("tally", "not-used", three, "--because", "lost", "-n", folder)[0] == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sheet,time\n",
        "sheet,heads,outcome\n,1,admitted\n",
        "sheet,heads,outcome\nT0001-C,1,shot\n",
        "sheet,heads\nT0001-C,1,2,3\n",
    ],
)
def test_a_file_that_is_no_tally_is_refused_whole(joined, say, tmp_path, text):
    (tmp_path / "tally.csv").write_text(text)
    is_one_line(say("tally", "key-in", tmp_path / "tally.csv", "-n", tmp_path / "evac"))


def test_what_travellers_allege_is_listed_as_alleged(joined, say, tmp_path):
    assert "no traveller" in say("gate", "alleged", "-n", tmp_path / "evac")[1]
    node = open_node(joined.evac_config)
    receipt = take_report(node, Told("beaten", joined.outer[0], node.clock.now(), True, "holder", 2, "", "", ""))
    take_report(node, Told("other", "", None, False, "unknown", None, "some", "", ""))
    close_node(node)
    text = say("gate", "alleged", "-n", tmp_path / "evac")[1]
    assert "alleged: cordon, " in text and "beaten: 1 say so, 2 people" in text and "in words: some" in text
    node = open_node(joined.evac_config)
    withdraw_report(node, receipt)
    close_node(node)
    told = json.loads(say("gate", "alleged", "-n", tmp_path / "evac", "--json")[1])
    assert (told["withdrawn"], [one["what"] for one in told["alleged"]]) == (1, ["other"])
