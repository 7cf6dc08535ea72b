#!/bin/sh
# Prepare .venv from the lock files. Usage: tools/setup.sh run|test [python]
set -eu
cd "$(dirname "$0")/.."
want=$1
python=${2:-python3}

say() { printf '%s\n' "$*" >&2; }

command -v "$python" >/dev/null 2>&1 || { say "setup: $python not found; install Python 3.11 or newer (on Debian: apt install python3)"; exit 2; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "setup: $($python -V 2>&1) is too old; Python 3.11 or newer is needed (make PYTHON=python3.12 …)"; exit 2; }

# Debian ships neither pip nor venv with python3.
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "setup: installing $package"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >/dev/null 2>&1 \
            || { say "setup: apt-get could not install $package"; exit 2; }
    else
        say "setup: Python's venv module is missing; run: sudo apt install $package"
        exit 2
    fi
fi

stamp=.venv/.setup-$want
sum=$(cat pyproject.toml "locks/$want.txt" locks/run.txt | cksum)
if [ -x .venv/bin/safeconduct ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$sum" ]; then exit 0; fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
quiet="--quiet --disable-pip-version-check --no-input"
say "setup: installing the $want environment into .venv (a minute or two the first time)"
.venv/bin/python -m pip install $quiet --require-hashes -r locks/run.txt
[ "$want" = run ] || .venv/bin/python -m pip install $quiet --require-hashes -r "locks/$want.txt"
.venv/bin/python -m pip install $quiet --no-deps --no-build-isolation -e .

# Browser tests need Chromium; without it they are skipped, and counted.
if [ "$want" = test ] && ! command -v chromium >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "setup: installing chromium"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 \
            || say "setup: chromium could not be installed; the browser tests will be skipped"
    else
        say "setup: chromium is missing; the browser tests will be skipped (sudo apt install chromium)"
    fi
fi
printf '%s' "$sum" > "$stamp"
