"""The cases of spec/vectors/entries.json, and the page's tables against the registry of kinds."""

import json
import re

import pytest

from safeconduct.agreements.entries import all_from_json, entry_id, from_json, to_json
from safeconduct.agreements.kinds import KINDS
from safeconduct.errors import BadInput
from vectors.generators import ROOT, load

VECTORS = json.loads((ROOT / "spec/vectors/entries.json").read_text(encoding="utf-8"))
SPEC = (ROOT / "spec/entries.md").read_text(encoding="utf-8")


def _field(kind, name, rule):
    words = f"`{name}`" + (f" {' / '.join(rule.options)}" if rule.type == "choice" else f" {rule.type}")
    return words if rule.required else f"{words}{'†' if name in kind.either else '?'}"


def _row(kind):
    fields = ", ".join(_field(kind, name, rule) for name, rule in kind.fields.items())
    return f"| `{kind.name}` | {kind.says} | {fields} |"


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_entry_has_the_bytes_and_the_id_of_the_vector(case):
    (entry,) = all_from_json(json.dumps(case["entry"]).encode())
    assert to_json(entry) == case["canonical"].encode()
    assert entry_id(entry) == case["id"]
    assert from_json(case["canonical"].encode()) == entry


def test_only_entries_that_say_the_same_share_an_id():
    texts = {}
    for case in VECTORS["cases"]:
        texts.setdefault(case["id"], set()).add(case["canonical"])
    assert all(len(same) == 1 for same in texts.values())
    assert len(texts) == len({case["canonical"] for case in VECTORS["cases"]}) == len(VECTORS["cases"]) - 2


@pytest.mark.seed("S-46")
@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["name"])
def test_entry_is_refused_with_the_code_of_the_vector(case):
    data = (case["text"] if "text" in case else json.dumps(case["entry"])).encode()
    for read in (from_json, all_from_json):
        with pytest.raises(BadInput) as caught:
            read(data)
        assert caught.value.code == case["expect"], str(caught.value)


def test_every_code_of_the_page_has_a_case_and_every_case_a_code_of_the_page():
    table = SPEC.split("## Refused")[1].split("\n## ")[0]
    codes = set(re.findall(r"\| `([a-z-]+)` \|$", table, re.MULTILINE))
    assert codes == {case["expect"] for case in VECTORS["refused"]} | {"bad-reference"}


def test_the_table_of_kinds_is_the_registry():
    table = SPEC.split("## Kinds")[1].split("\n## ")[0]
    assert [line for line in table.splitlines() if line.startswith("| `")] == [_row(kind) for kind in KINDS.values()]


def test_vector_file_is_what_the_generator_writes():
    assert json.loads(json.dumps(load("make_vectors_entries").entries_vectors())) == VECTORS
