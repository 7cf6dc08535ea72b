"""Run benchmarks by the name of a figure or of their module, or all of them: `python -m bench [NAME…]`."""

import sys
from importlib import import_module
from pathlib import Path

from bench import harness


def main(wanted: list[str]) -> int:
    """Run, print, and merge into bench/results.json; 2 for a name that does not exist."""
    here = Path(__file__).parent
    known = sorted(file.stem for file in here.glob("[!_]*.py") if file.stem != "harness")
    modules = {name: import_module(f"bench.{name}") for name in known}
    by_name = {figure: name for name, module in modules.items() for figure in module.NAMES} | {n: n for n in known}
    unknown = [name for name in wanted if name not in by_name]
    if unknown:
        there = ", ".join(sorted(by_name))
        print(f"no such benchmark: {', '.join(unknown)}; there are {there}", file=sys.stderr)
        return 2
    for name in dict.fromkeys(by_name[one] for one in wanted) if wanted else known:
        before = harness.processor_ticks()
        results = modules[name].run()
        stolen = harness.stolen_since(before)
        harness.merge([{**result, "stolen": stolen} for result in results])
        print(f"{harness.show(results)}\nThe host took {stolen:.1%} of the processor time meanwhile.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
