# Everything a person or CI runs. `make demo` and `make test` set up what they need first.
PYTHON ?= python3
PEOPLE ?= 5000
SERVE ?= 1
PACE ?= 4
MINUTES ?= 10
VENV := .venv
BIN := $(VENV)/bin
ROOMS := seal ledger passes gate alerts
OWN := $(ROOMS:%=tests/unit/%) tests/vectors
PYTEST := $(BIN)/python -m pytest -q -n auto --dist loadgroup
WHOLE := --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100
export PYTHONPATH := src:tests

.PHONY: help setup setup-test setup-bench setup-interop demo test quick explore lint format bench seeds fuzz setup-fuzz lock clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## prepare .venv, whose bin/safeconduct is the command
	@tools/setup.sh run "$(PYTHON)"

setup-test: ## prepare .venv for tests too
	@tools/setup.sh test "$(PYTHON)"

demo: setup ## open both rooms and replay the operation (PEOPLE=122000 for full scale, SERVE=0 to end after the summary)
	@$(BIN)/safeconduct replay --people $(PEOPLE) $(if $(filter 0,$(SERVE)),--fast,--serve --pace $(PACE))

setup-bench: ## prepare .venv-bench: the peers that ours is measured beside
	@tools/setup.sh bench "$(PYTHON)"

setup-interop: ## prepare .venv-interop: strangers' software (STIX, MISP, TAXII, XML schema) that checks ours
	@tools/setup.sh interop "$(PYTHON)"

test: setup-test setup-interop ## all tests; the rooms on which safety rests are covered whole, every branch, by their own
	@$(PYTEST) $(OWN) $(ROOMS:%=--cov=safeconduct.%) $(WHOLE)
	@$(PYTEST) tests $(OWN:%=--ignore=%)

quick: setup-test ## the quick tests
	@$(PYTEST) -m "not slow" tests

explore: setup-test ## the property tests with examples never tried before
	@HYPOTHESIS_PROFILE=explore $(PYTEST) -m "not slow" --hypothesis-seed=random tests

lint: setup-test ## style, types and architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup-test ## format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup-test setup-bench ## measure, beside the peers, into bench/results.json (NAME=verify_decide for one)
	@$(BIN)/python -m bench $(NAME)

setup-fuzz: ## prepare .venv-fuzz: atheris beside the project
	@tools/setup.sh fuzz "$(PYTHON)"

fuzz: setup-fuzz ## damaged input for every reader, guided by coverage (MINUTES=10, for a nightly run)
	@$(VENV)-fuzz/bin/python tests/fuzz/run.py $(MINUTES)

seeds: setup ## the 113 requirements, with the tests that show each
	@$(BIN)/python tools/seeds.py

lock: ## renew the lock files (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml locks/build.in -o locks/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group test -c locks/run.txt -o locks/test.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c locks/run.txt pyproject.toml locks/interop.in -o locks/interop.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate locks/bench.in -o locks/bench.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c locks/run.txt pyproject.toml locks/fuzz.in -o locks/fuzz.txt

clean: ## remove what the commands made
	rm -rf $(VENV) $(VENV)-interop $(VENV)-bench $(VENV)-fuzz demo build bench/results.json .mypy_cache .ruff_cache .pytest_cache .hypothesis
