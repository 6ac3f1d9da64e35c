# Every target bootstraps what it needs; `make help` lists them.
PYTHON ?= python3
PORT   ?= 5006
VENV   := .venv
BIN    := $(VENV)/bin
RUNS   := $(VENV)/.runs
READY  := $(VENV)/.ready
# Per cent of the lines that `make test` must run: raised with what is reached, never lowered.
COVERAGE := 90
# Two processes of tests for each core: many a test waits for a server, a browser or a child of its own.
# Each takes a file as a whole, so that what its tests share is made once.
WORKERS := $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) * 2)')
XDIST := -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# What Python compiles is kept, whatever the environment says: a process collects the tests of the ground floor
# and of the dashboard in 5 CPU seconds so, in 12 where it compiles them anew, as each of WORKERS would.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup runtime serve test test-quick test-lowest demo refresh lab docs lint format types bench bench-ui bench-extract torture screenshots lock chromium clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## make .venv from the lock, with what tests and lab need (does nothing the second time)

# Debian keeps venv in a package of its own; uv, itself from the lock with its hashes, then installs the rest:
# first what the product runs with, in the versions and with the hashes of the lock.
$(RUNS): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Pressgauge needs Python 3.11 or later; this is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock ..."
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 || { \
	  rm -rf $(VENV); $(call apt-install,python3-venv) && $(PYTHON) -m venv $(VENV); } || { \
	  rm -rf $(VENV); echo "This Python cannot make virtual environments. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@sed -n '/^uv==/,/# via/p' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes \
	  --constraint requirements.lock --requirement pyproject.toml --group build
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@echo "Writing the demo press (synthetic) ..."
	@$(BIN)/python -m collectors.demo.build
	@touch $@

$(READY): $(RUNS)
	@echo "Adding what tests, notebooks and benchmarks need ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes --requirement requirements.lock
	@touch $@

runtime: $(RUNS)  ## make .venv with no more than serve, demo and refresh run with

serve: $(RUNS)  ## serve the dashboard on http://localhost:5006 (PORT=5999 serves elsewhere)
	@$(BIN)/pressgauge serve --port $(PORT)

# Lines covered are counted in the tests' own processes, not in the commands and children that they start.
test: setup chromium  ## run every test, browser tests included, and say how much of the code they ran
	@$(BIN)/python -m slipcover --source pressgauge,collectors,dashboard --json --out $(VENV)/coverage.json \
	  -m pytest $(XDIST) $(PYTEST)
	@$(BIN)/python tests/lines_covered.py $(VENV)/coverage.json $(if $(PYTEST),0,$(COVERAGE))

test-quick: setup  ## the quick tests without a browser, of a floor or wing with FLOOR=collectors/kinds
	@$(BIN)/python -m pytest $(XDIST) --hypothesis-profile=quick -m "not browser and not slow" \
	  tests/test_architecture.py tests/test_errors.py \
	  $(if $(FLOOR),tests/$(FLOOR),tests/pressgauge tests/collectors tests/dashboard) $(PYTEST)

test-lowest: setup  ## run the ground floor's tests with the lowest versions that pyproject.toml declares
	@$(BIN)/uv pip compile --quiet --resolution lowest-direct --python-version 3.11 --no-header --no-emit-index-url \
	  pyproject.toml --output-file $(VENV)/lowest.txt
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)-lowest
	@$(BIN)/uv pip install --quiet --python $(VENV)-lowest/bin/python -r $(VENV)/lowest.txt \
	  pytest pytest-xdist pytest-asyncio pytest-rerunfailures hypothesis psutil duckdb "moto[server]"
	@PYTHONPATH="$(CURDIR)" $(VENV)-lowest/bin/python -m pytest -q -p no:cacheprovider tests/pressgauge $(PYTEST)

demo: $(RUNS)  ## serve the synthetic press and collect from it over real HTTP
	@$(BIN)/pressgauge demo

refresh: $(RUNS)  ## collect new articles from data/sources.toml
	@$(BIN)/pressgauge refresh

lab: setup  ## open JupyterLab on the notebooks
	@$(BIN)/jupyter lab --notebook-dir notebooks --LabApp.app_settings_dir=notebooks/.lab \
	  --LabApp.default_url=/lab/tree/explore.ipynb $(LAB)

docs: setup  ## build the documentation into site/, strictly and offline
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict && echo "Open site/index.html"

lint: setup  ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted: make format"; exit 1; }

format: setup  ## let ruff format the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

types: setup  ## mypy on all three floors
	@$(BIN)/mypy

bench: setup  ## time the hot paths beside plain pandas (ARTICLES=1000000 for the whole)
	@$(BIN)/python -m bench --articles $(or $(ARTICLES),100000)

bench-ui: setup chromium  ## time the dashboard in Chromium beside a plain Panel + pandas app
	@$(BIN)/python -m bench --only ui --no-save --articles $(or $(ARTICLES),200000)

bench-extract: setup  ## score extraction beside other libraries
	@$(BIN)/python -m bench.bench_extract

torture: setup  ## do what must not harm it, thousands of times, into bench/RELIABILITY.md (MINUTES=30)
	@$(BIN)/python -m bench.torture --minutes $(or $(MINUTES),30)

screenshots: setup chromium  ## make the README's pictures from the running app
	@$(BIN)/python -m dashboard.screenshots

lock: setup  ## renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --all-extras --group dev --group docs --group bench pyproject.toml --output-file requirements.lock

chromium:
	@command -v chromium >/dev/null 2>&1 || { $(call apt-install,chromium); } || { \
	  echo "******************************************************************"; \
	  echo "** No Chromium: the browser tests will be SKIPPED.              **"; \
	  echo "** On Debian: sudo apt install chromium, then make test again.  **"; \
	  echo "******************************************************************"; }

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis artefacts

# Installs a Debian package when that needs no password; fails otherwise.
define apt-install
command -v apt-get >/dev/null 2>&1 \
  && AS=$$([ "$$(id -u)" = 0 ] || echo "sudo -n") \
  && echo "Installing Debian's $(1) ..." \
  && { $$AS apt-get install -y -qq --no-install-recommends $(1) >/dev/null 2>&1 \
    || { $$AS apt-get update -qq >/dev/null 2>&1 && $$AS apt-get install -y -qq --no-install-recommends $(1) >/dev/null 2>&1; }; }
endef
