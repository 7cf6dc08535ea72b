"""Fuzz every reader with atheris, guided by coverage: `python tests/fuzz/run.py MINUTES [TARGET]`, as `make fuzz` does.

The minutes are shared by the targets. Inputs that reach new code are kept in build/fuzz for the next run. It goes on to
the next reader after an exception that is not ours, keeps the input in a file crash-*, and exits with 1 in the end.
"""

import random
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
CORPUS = ROOT / "build" / "fuzz"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

import atheris  # noqa: E402  (the path to the project comes first)

if len(sys.argv) > 2:
    with atheris.instrument_imports(include=["safeconduct"]):
        from fuzz.targets import targets
else:
    from fuzz.targets import targets
from fuzz.mutate import mutated  # noqa: E402


def fuzz(name, seconds):
    """Fuzz one reader for so long, in this process; it ends the process."""
    target = targets()[name]
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (folder / f"seed-{number}").write_bytes(seed)

    def mutate(data, most, seed):
        rng = random.Random(seed)
        if rng.random() < 0.5:
            return bytes(atheris.Mutate(data, most))[:most]
        return mutated(rng, bytes(data), rng.choice(target.seeds))[:most]

    limits = [f"-max_total_time={seconds}", "-max_len=65536", "-timeout=20", "-rss_limit_mb=1500", "-verbosity=0"]
    options = [sys.argv[0], *limits, "-print_final_stats=1", f"-artifact_prefix={folder}/", str(folder)]
    atheris.Setup(options, lambda data: target(data) and None, custom_mutator=mutate)
    atheris.Fuzz()


def main():
    """Fuzz one target here, or all of them one after the other."""
    minutes = float(sys.argv[1])
    if len(sys.argv) > 2:
        fuzz(sys.argv[2], max(1, round(minutes * 60)))
        return 0
    names = list(targets())
    faults = []
    for name in names:
        done = subprocess.run(
            [sys.executable, HERE, str(minutes / len(names)), name],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        runs = [line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line]
        print(
            f"{name:14} {runs[0] if runs else '?':>9} inputs  {'ok' if done.returncode == 0 else 'FAULT'}", flush=True
        )
        if done.returncode:
            faults.append(name)
            print(done.stdout[-3_000:], done.stderr[-3_000:], flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
