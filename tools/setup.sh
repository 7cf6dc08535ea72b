#!/bin/sh
# Prepare an environment from its lock file. Usage: tools/setup.sh NAME [python]
# run and test share .venv; any other name (interop, bench: strangers' software) has .venv-NAME, apart, from locks/NAME.txt.
set -eu
cd "$(dirname "$0")/.."
want=$1
python=${2:-python3}

say() { printf '%s\n' "$*" >&2; }

[ -f "locks/$want.txt" ] || { say "setup: there is no locks/$want.txt; environments: $(cd locks && ls ./*.txt | sed 's|^./||; s|[.]txt$||' | tr '\n' ' ')"; exit 2; }
case $want in
    run | test) venv=.venv locks=locks/run.txt watched=pyproject.toml ;;
    *) venv=.venv-$want locks= watched= ;;
esac
[ "$want" = run ] || locks="$locks locks/$want.txt"

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

stamp=$venv/.setup-$want
# shellcheck disable=SC2086  # lists of files
sum=$(cat $watched $locks | cksum)
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$sum" ]; then exit 0; fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
quiet="--quiet --disable-pip-version-check --no-input"
say "setup: installing the $want environment into $venv (a minute or two the first time)"
for lock in $locks; do
    "$venv/bin/python" -m pip install $quiet --require-hashes -r "$lock"
done
# Strangers' software reads src by PYTHONPATH; only .venv has the command.
[ $venv != .venv ] || .venv/bin/python -m pip install $quiet --no-deps --no-build-isolation -e .

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
