"""The requirement table: what counts as shown, and which lists and marks are refused."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "../shared/seeds"


def _load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("seeds_tool", ROOT / "tools/seeds.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["seeds_tool"] = module
    spec.loader.exec_module(module)
    return module


tool = _load_tool()


def _rows(**changes: str) -> dict[str, str]:
    rows = {f"S-{n:02}": '{ tier = "open", does = "Not built." }' for n in range(1, 114)}
    return rows | {key.replace("_", "-"): value for key, value in changes.items()}


def _repository(tmp_path: Path, rows: dict[str, str], test: str = "") -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests/unit").mkdir(parents=True)
    lines = [f"{key} = {value}\n" for key, value in rows.items()]
    (tmp_path / "docs/requirements.toml").write_text("[requirements]\n" + "".join(lines), encoding="utf-8")
    (tmp_path / "tests/unit/test_it.py").write_text(test, encoding="utf-8")
    return tmp_path


def _mark(text: str) -> str:
    return f"@pytest.mark.seed({text})\n"


def test_own_repository_lists_113_rows_and_ends_with_the_sum(capsys):
    assert tool.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(bool(re.match(r"S-\d", line)) for line in lines) == 113
    shown = sum(bool(re.match(r"S-\d+\s+\w+\s+shown ", line)) for line in lines)
    assert lines[-1] == f"shown {shown} of 113"


def test_a_row_that_works_counts_only_with_a_test(tmp_path, capsys):
    works = '{ tier = "works", does = "It works." }'
    source = f"import pytest\n\n{_mark(chr(34) + 'S-01' + chr(34))}def test_it_works():\n    pass\n"
    root = _repository(tmp_path, _rows(S_01=works, S_02=works), source)
    assert tool.main([str(root)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "shown 1 of 113"
    assert "unit/test_it.py::test_it_works" in out
    assert "no test yet: S-02" in out


def test_a_context_row_counts_by_its_reason(tmp_path, capsys):
    root = _repository(tmp_path, _rows(S_09='{ tier = "context", does = "Setting.", reason = "Nothing to build." }'))
    assert tool.main([str(root)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "shown 1 of 113"


def test_an_open_row_never_counts_and_its_test_is_named(tmp_path, capsys):
    root = _repository(tmp_path, _rows(), f"{_mark(chr(34) + 'S-07' + chr(34))}def test_early():\n    pass\n")
    assert tool.main([str(root)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["open, but a test carries it: S-07", "shown 0 of 113"]


def test_marks_of_a_module_a_class_and_a_function_add_up(tmp_path):
    source = (
        'import pytest\npytestmark = [pytest.mark.slow, pytest.mark.seed("S-01")]\n'
        + _mark('"S-02"')
        + "class TestGroup:\n    "
        + _mark('"S-03", "S-04"')
        + "    async def test_inside(self):\n        pass\n\n    def helper(self):\n        pass\n"
    )
    _repository(tmp_path, _rows(), source)
    found = tool.tests_by_requirement(tmp_path / "tests")
    assert found == dict.fromkeys(("S-01", "S-02", "S-03", "S-04"), ("unit/test_it.py::test_inside",))


@pytest.mark.parametrize(
    ("mark", "word"),
    [
        ('"S-114"', "no requirement: 'S-114'"),
        ('"S-1"', "no requirement: 'S-1'"),
        ("NAME", "no requirement: NAME"),
        ("", "one or more ids"),
        ('"S-01", why="x"', "one or more ids"),
    ],
)
def test_a_wrong_mark_is_refused_with_its_place(tmp_path, capsys, mark, word):
    root = _repository(tmp_path, _rows(), f"{_mark(mark)}def test_it():\n    pass\n")
    assert tool.main([str(root)]) == 1
    error = capsys.readouterr().err
    assert "unit/test_it.py:1" in error
    assert word in error


def test_a_mark_on_what_is_no_test_is_refused(tmp_path, capsys):
    root = _repository(tmp_path, _rows(), f"{_mark(chr(34) + 'S-01' + chr(34))}def helper():\n    pass\n")
    assert tool.main([str(root)]) == 1
    assert "helper carries a seed mark and is no test" in capsys.readouterr().err


def test_a_test_file_that_does_not_parse_is_named(tmp_path, capsys):
    assert tool.main([str(_repository(tmp_path, _rows(), "def broken(:\n"))]) == 1
    assert "unit/test_it.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ('{ tier = "done", does = "It works." }', "tier 'done'"),
        ('{ tier = "works", does = "" }', "0 words"),
        ('{ tier = "works", does = "a b c d e f g h i j k l m" }', "13 words"),
        ('{ tier = "context", does = "Setting." }', "has a reason"),
        ('{ tier = "works", does = "It works.", reason = "So." }', "has a reason"),
        ('{ tier = "works", does = "It works.", note = "So." }', "unknown field note"),
    ],
)
def test_a_wrong_row_is_refused(tmp_path, capsys, row, word):
    assert tool.main([str(_repository(tmp_path, _rows(S_05=row)))]) == 1
    assert word in capsys.readouterr().err


def test_missing_and_unknown_rows_are_named_together(tmp_path, capsys):
    rows = _rows(S_114='{ tier = "open", does = "Too many." }')
    del rows["S-40"]
    assert tool.main([str(_repository(tmp_path, rows))]) == 1
    assert capsys.readouterr().err.splitlines() == ["S-40: missing", "S-114: no such requirement"]


def test_thirteen_context_rows_are_too_many(tmp_path, capsys):
    context = '{ tier = "context", does = "Setting.", reason = "Nothing to build." }'
    rows = _rows(**{f"S_{n:02}": context for n in range(1, 14)})
    assert tool.main([str(_repository(tmp_path, rows))]) == 1
    assert "13 context rows" in capsys.readouterr().err


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def test_no_five_words_in_a_row_come_from_the_reports():
    if not SEEDS.is_dir():
        pytest.skip("the five reports are not beside this repository")
    taken: set[tuple[str, ...]] = set()
    for path in [*SEEDS.glob("*.txt"), SEEDS / "REQUIREMENTS.md"]:
        words = _words(path.read_text(encoding="utf-8"))
        taken |= {tuple(words[i : i + 5]) for i in range(len(words) - 4)}
    assert taken
    for one in tool.read_requirements(ROOT / "docs/requirements.toml"):
        words = _words(f"{one.does} {one.reason}")
        copied = [" ".join(words[i : i + 5]) for i in range(len(words) - 4) if tuple(words[i : i + 5]) in taken]
        assert not copied, f"{one.id}: {copied}"
