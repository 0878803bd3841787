# `make help` explains itself: every `##` below is a line of it. A target sets up what it needs
# first (scripts/environment.py) and not again when nothing has changed.

EDITION ?= example
CLUSTER ?=
JOBS ?=
SCHEDULER ?=
RAW ?=
DELIVER ?=
WORKING ?=
ARGS ?=
PYTHON ?= python3

MAKEFLAGS += --no-builtin-rules
# Without compiled modules every process would compile pandas and matplotlib anew: seconds each
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help report check survey lab test test-all lint format docs-pictures bench lock lowest clean

# Leaves the folder of the environment's commands in the shell variable `bin`.
SET_UP = command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	echo "annual-report: there is no $(PYTHON) here: install Python 3.11 or newer, or name one with make PYTHON=/path/to/python3" >&2; exit 1; }; \
	bin=$$("$(PYTHON)" scripts/environment.py) || exit

# make hands a signal on to its shell only: the last command takes the shell's place, and while
# something is to follow the shell waits for it with open ears.
HAND_ON = $(if $(strip $(DELIVER)),,exec )

# Returns from RAW before, results to DELIVER after, also of a report that lacks something (exit 3).
FETCH = $(if $(strip $(RAW)),"$$bin/annual-report" fetch "$(EDITION)" "$(strip $(RAW))" || exit;)
SEND = $(if $(strip $(DELIVER)), & run=$$!; \
	trap 'kill $$run; wait $$run; exit 143' HUP INT TERM; wait $$run; code=$$?; trap - HUP INT TERM; \
	[ $$code -eq 0 ] || [ $$code -eq 3 ] || exit $$code; \
	"$$bin/annual-report" deliver "$(EDITION)" "$(strip $(DELIVER))" \
	$(call option,--working-files,$(WORKING)) || exit; exit $$code)

option = $(if $(strip $(2)),$(1) "$(strip $(2))")

help: ## Show this help
	@echo 'From a season of Excel survey returns to one annual report.'
	@echo
	@echo 'usage: make TARGET [VARIABLE=value ...]'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'variables:'
	@echo '  EDITION    the reporting year: 2023, example (default), example-2022; data/editions lists them'
	@echo '  CLUSTER    one cluster of the register: its profile alone, its findings, its workbook'
	@echo '  JOBS       notebooks that run at a time; one for each core by default'
	@echo '  SCHEDULER  address of a Dask scheduler to run on, as in tcp://127.0.0.1:8786'
	@echo '  RAW        folder or address to take the returns from, as in s3://bucket/returns/2024'
	@echo '  DELIVER    folder or address to copy what is published to, as in s3://bucket/reports'
	@echo '  WORKING    beside DELIVER another one for what is not published: returns, tables, queries'
	@echo '  ARGS       further words for the command behind the target, as in ARGS="-k money"'
	@echo '  PYTHON     the Python, 3.11 or newer, that .venv is built with; python3 by default'
	@echo
	@echo 'The first run sets up .venv from requirements.lock, or takes the active conda environment if'
	@echo 'it was made from environment.yml. `make report` ends with "Error 3" when a report was made'
	@echo 'but something is missing from it, and with "Error 2" when none could be made; `make check`'
	@echo 'ends with "Error 1" when a finding is an error, "Error 2" when a file could not be read.'

report: ## Build the report of EDITION: reports/EDITION/annual-report.html and .pdf
	@$(SET_UP); $(FETCH) $(HAND_ON)"$$bin/annual-report" report "$(EDITION)" $(call option,--cluster,$(CLUSTER)) \
		$(call option,--jobs,$(JOBS)) $(call option,--scheduler,$(SCHEDULER)) $(ARGS) $(SEND)

check: ## Read the returns of EDITION and list what is to be asked back; no report
	@$(SET_UP); $(FETCH) exec "$$bin/annual-report" check "$(EDITION)" $(call option,--cluster,$(CLUSTER)) $(ARGS)

survey: ## Write the blank workbooks of EDITION, or only that of CLUSTER
	@$(SET_UP); exec "$$bin/annual-report" survey "$(EDITION)" $(call option,--cluster,$(CLUSTER)) $(ARGS)

lab: ## Open the notebooks in JupyterLab
	@$(SET_UP); exec "$$bin/python" -m jupyterlab notebooks $(ARGS)

test: ## Run the tests, but for those marked as long
	@$(SET_UP); exec "$$bin/python" -m pytest -m "not long" $(ARGS)

test-all: ## Run all tests
	@$(SET_UP); exec "$$bin/python" -m pytest $(ARGS)

lint: ## Check format, style, types and the rules of the house
	@$(SET_UP); set -e; \
	"$$bin/ruff" format --check --output-format concise || { echo 'make format mends that' >&2; exit 1; }; \
	"$$bin/ruff" check --output-format concise; \
	"$$bin/python" -m mypy; \
	"$$bin/python" -m pytest --quiet tests/test_house.py

format: ## Put code into the format that lint asks for, and take stored output out of notebooks
	@$(SET_UP); set -e; "$$bin/ruff" format; "$$bin/ruff" check --fix; \
	"$$bin/jupyter-nbconvert" --clear-output --inplace --log-level WARN notebooks/*/*.ipynb docs/*.ipynb

docs-pictures: ## Write docs/gallery.md and its pictures from docs/gallery.ipynb and the example edition
	@$(SET_UP); set -e; test -f data/processed/example/public/peers.parquet || \
	"$$bin/annual-report" report example; exec "$$bin/python" scripts/draw_gallery.py

bench: ## Run the benchmarks, and write their figures to benchmarks/results.md
	@$(SET_UP); set -e; "$$bin/python" -m pytest benchmarks --benchmark-only; \
	"$$bin/python" benchmarks/running.py $(ARGS)

lock: ## Renew requirements.lock after a change in pyproject.toml; ARGS=--upgrade takes newer releases
	@$(SET_UP); "$$bin/uv" pip compile pyproject.toml --universal --python-version 3.11 \
		--all-extras --group dev --generate-hashes --no-annotate --no-header \
		--quiet --output-file requirements.lock $(ARGS)

lowest: ## Try the lower bounds of pyproject.toml, if they have changed; ARGS=--again in any case
	@$(SET_UP); exec "$$bin/python" scripts/lowest.py $(ARGS)

clean: ## Remove all that was generated, but for .venv
	rm -rf data/processed reports/*/ .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks
	find src tests scripts benchmarks notebooks \
		\( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} + 2>/dev/null || true
