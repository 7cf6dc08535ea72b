"""What the reading aids got wrong, and what they missed: `python -m bench._reading_faults [SET [MEASURE]]`."""

import sys

from bench.reading import SETS, scores


def main(wanted: list[str]) -> None:
    """Print a line for each measure, and each fault below it when one measure is asked for."""
    for name in wanted[:1] or SETS:
        for measure, score in scores(name).items():
            print(f"{name:10} {measure:14} precision {score.precision:.3f} recall {score.recall:.3f}"
                  f"  right {score.right} wrong {len(score.wrong)} missed {len(score.missed)}")  # fmt: skip
            if wanted[1:] == [measure]:
                for text in score.wrong:
                    print("  wrong ", text)
                for text in score.missed:
                    print("  missed", text)


if __name__ == "__main__":
    main(sys.argv[1:])
