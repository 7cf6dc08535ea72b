"""What is undocumented fails: commands, settings, routes, refusals; and what the documents may not contain."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs/reference.md"
OURS = ("*.md", "docs/**/*.md", "spec/*.md")
SEARCHED = ("src", "tests", "docs", "spec", "tools", "bench", "scenarios", ".ci", "requirements", "lock")
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".json",
    ".txt",
    ".lock",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".csv",
    ".yml",
    ".yaml",
    ".sh",
    "",
}
KEYS_OF_SUMMARY = [
    "people",
    "groups",
    "passes",
    "scans",
    "admitted",
    "refused",
    "cleared_people_refused",
    "duplicates_planted",
    "duplicates_found",
    "copies_admitted_before_merge",
    "median_hours_to_detect",
    "bad_passes_admitted",
    "releases",
    "acknowledged",
    "outcomes",
    "withheld_values_found_at_partner",
    "claims",
    "ledger_entries",
    "heads_cosigned",
    "evidence_verified",
    "seconds",
    "peak_rss_mb",
]


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"docs_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


writer = _load(ROOT / "docs/reference.py")


def _documents() -> list[Path]:
    return sorted({path for pattern in OURS for path in ROOT.glob(pattern)})


def _region(name: str) -> str:
    text = writer.region(REFERENCE.read_text(encoding="utf-8"), name)
    assert text, f"docs/reference.md has nothing between the marks of {name}"
    return text


def _names_in_table(name: str) -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", _region(name), re.MULTILINE))


def _read(name: str, module: str) -> list:
    """The lines that the code gives for one table; a room that is not there yet is skipped visibly, a broken one fails."""
    if (ROOT / "src" / (module.replace(".", "/") + ".py")).exists():
        lines = writer.READERS[name]()
        assert lines, f"the code shows no {name}"
        return lines
    pytest.skip(f"{module} does not exist yet")


def test_every_command_and_option_is_documented_and_no_other():
    lines = _read("commands", "safeconduct.cli.main")
    blocks = {block.split("`", 2)[1]: block for block in _region("commands").split("### ") if block.strip()}
    assert set(blocks) == {line.name for line in lines}
    for line in lines:
        for part, _ in line.parts:
            assert f"| `{part}` |" in blocks[line.name], f"{line.name} lacks {part}"
        assert any("--json" in part for part, _ in line.parts), f"{line.name} has no --json"
        assert line.text, f"{line.name} has no help"


def test_every_setting_is_documented_and_no_other():
    lines = _read("settings", "safeconduct.config")
    assert _names_in_table("settings") == {line.name for line in lines}
    assert [line.name for line in lines if not line.text] == []


def test_every_refusal_is_documented_with_its_wording_and_no_other():
    lines = _read("refusals", "safeconduct.errors")
    assert _names_in_table("refusals") == {line.name for line in lines}
    rows = _region("refusals")
    assert [line.name for line in lines if f"| `{line.name}` | {line.text} |" not in rows] == []


def test_every_route_is_documented_and_no_other():
    lines = _read("routes", "safeconduct.web.api.app")
    assert _names_in_table("routes") == {line.name for line in lines}


def test_commands_named_anywhere_in_the_documents_exist():
    known = set(re.findall(r"^### `safeconduct ([^`]+)`", _region("commands"), re.MULTILINE))
    groups = {name.split()[0] for name in known}
    for path in _documents():
        for named in re.findall(r"`safeconduct ([a-z][a-z -]*?)(?: [A-Z].*?)?`", path.read_text(encoding="utf-8")):
            plain = named.split(" --")[0].strip()
            assert plain in known | groups, f"{path.relative_to(ROOT)} names `safeconduct {named}`"


@pytest.mark.parametrize("key", KEYS_OF_SUMMARY)
def test_every_key_of_the_summary_is_explained(key):
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## The summary, explained")[1].split("\n## ")[0]
    assert re.search(rf"^\|[^|]*`{key}`[^|]*\| .", section, re.MULTILINE)


def test_links_between_documents_lead_somewhere():
    for path in _documents():
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            found = (path.parent / file) if file else path
            assert found.exists(), f"{path.relative_to(ROOT)} links to {target}"
            if anchor:
                headings = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE)
                slugs = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
                assert anchor in slugs, f"{path.relative_to(ROOT)} links to {target}"


def test_every_format_is_listed_with_the_formats():
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (ROOT / "spec/README.md").read_text(encoding="utf-8")))
    assert {path.name for path in (ROOT / "spec").glob("*.md")} - {"README.md"} == listed


def test_every_vector_file_belongs_to_a_format():
    formats = {path.stem for path in (ROOT / "spec").glob("*.md")}
    for path in (ROOT / "spec/vectors").glob("*.json"):
        assert path.stem in formats, f"spec/vectors/{path.name} has no spec/{path.stem}.md"


def test_decisions_are_numbered_without_gaps_and_say_what_would_change_them():
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [path.name[:4] for path in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        for part in ("**Decided.**", "**Why.**", "**Cost.**", "**What would change it.**"):
            assert part in text, f"{path.name} lacks {part}"


def test_every_threat_has_an_answer_what_is_left_over_and_a_status():
    text = (ROOT / "spec/threat-model.md").read_text(encoding="utf-8").split("## Threats")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 10
    for row in rows:
        assert len(row) == 4, row
        assert all(cell.strip() for cell in row), row
        assert re.match(r"(built: `test_\w+`|part\b|planned\b|not answered on purpose$)", row[3]), row


def test_tests_named_in_the_threat_model_exist():
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "spec/threat-model.md").read_text(encoding="utf-8")))
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in sorted(named) if f"def {name}(" not in source] == []


def _files() -> list[Path]:
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in SEARCHED:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return [path for path in found if path.suffix in TEXT and not path.name.startswith(".coverage")]


# Written in two halves, so that this file does not find itself.
HOSTS = tuple(a + b for a, b in [("pypi", ".org"), ("pythonhosted", ".org"), ("npmjs", ".org"), ("npmjs", ".com"),
                                 ("yarnpkg", ".com"), ("crates", ".io"), ("index", "-url"), ("unpkg", ".com")])  # fmt: skip
MACHINE = re.compile(r"(?<![\w.~])/(?:" + "wo" + r"rk|ro" + r"ot|Us" + r"ers/\w+|ho" + r"me/\w+)(?:/|\b(?=['\"`\s]))")


def test_no_file_names_a_registry_or_a_place_on_one_machine():
    files = _files()
    assert len(files) > 30
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        for host in HOSTS:
            assert host not in text, f"{path.relative_to(ROOT)} names {host}"
        found = MACHINE.search(text)
        assert found is None, f"{path.relative_to(ROOT)} names {found and text[found.start() : found.start() + 40]!r}"


def test_only_exercise_words_name_the_parties():
    for path in _documents():
        text = path.read_text(encoding="utf-8")
        for word in ("Tali" + "ban", "IS" + "IS", "Pen" + "tagon", "Bi" + "den"):
            assert word not in text, f"{path.relative_to(ROOT)} names {word}; parties are neutral"
