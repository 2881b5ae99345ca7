# Two commands matter: `make run` and `make test`. Each makes the locked environment first if it is missing.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help run test rehearse lint lock lock-check format bench compare mining clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# The stamp is made anew whenever the lock or the list of packages changes.
$(VENV)/.runtime: requirements/runtime.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

run: $(VENV)/.runtime ## start the whole system on this machine, with a sample ministry
	$(BIN)/sangkan run $(ARGS)

test: $(VENV)/.dev ## run every test, side by side on all cores
	$(BIN)/python -m pytest --numprocesses logical --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.dev ## style, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## put the source into its usual form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

lock: $(VENV)/.dev ## resolve the dependencies anew and write the hashed lock files
	@$(PYTHON) deployments/lock.py $(BIN)/uv

lock-check: $(VENV)/.dev ## the lock files say what pyproject.toml asks for
	@$(PYTHON) deployments/lock.py $(BIN)/uv --check

rehearse: $(VENV)/.dev ## play directives through the whole system, by portal and mail, and compare: about a minute
	$(BIN)/sangkan demo directive $(ARGS)

bench: $(VENV)/.dev ## measure our own weekly peak: make bench ARGS="--directives 500"
	$(BIN)/sangkan bench weekly-peak $(ARGS)

# The other engines stay out of our own environment.
$(VENV).compare/.made: requirements/compare.txt pyproject.toml
	@test -x $(VENV).compare/bin/python || $(PYTHON) -m venv $(VENV).compare
	$(VENV).compare/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/compare.txt
	$(VENV).compare/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

compare: $(VENV).compare/.made ## the same weekly peak on other engines, with the ratios
	$(VENV).compare/bin/python -m benchmarks.compare $(ARGS)

# Reads our event logs in one test; under the AGPL, so that it stays out of what we ship and of our environment.
$(VENV).mining/.made: requirements/mining.txt
	@test -x $(VENV).mining/bin/python || $(PYTHON) -m venv $(VENV).mining
	$(VENV).mining/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mining.txt
	@touch $@

mining: $(VENV).mining/.made ## pm4py in an environment of its own, for the test of the XES export

clean: ## remove what is made here, keep var/ (the data)
	rm -rf $(VENV) $(VENV).compare $(VENV).mining build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
