# Every target sets up .venv by itself: with uv where there is one, else with venv and pip.

PYTHON ?= python3
CASES ?= $(N8NLITE_CONFORMANCE)
RUN := .venv/bin/python -m
READY := .venv/ready
INSTALLED_FROM := pyproject.toml hatch_build.py \
	$(shell find expressions/js -name node_modules -prune -o -name dist -prune -o -type f -print)

.DEFAULT_GOAL := help
.PHONY: help demo test lint format conformance bench

help: ## what there is to make
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

demo: $(READY) ## run Day 67: an orchestrator and its five sub-workflows, offline
	@.venv/bin/python fixtures/day67/demo.py

test: $(READY) ## run all tests, offline
	@$(RUN) pytest -q -n 2

lint: $(READY) ## ruff and mypy --strict
	@$(RUN) ruff check --quiet
	@$(RUN) ruff format --check --quiet
	@$(RUN) mypy

format: $(READY) ## let ruff put the code in order
	@$(RUN) ruff check --quiet --fix
	@$(RUN) ruff format --quiet

conformance: $(READY) ## compare with n8n's own test cases: make conformance CASES=DIR
	@test -n "$(CASES)" || { echo "say where the cases are: make conformance CASES=DIR" >&2; exit 2; }
	@$(RUN) tests.conformance "$(CASES)"

bench: $(READY) ## measure time and memory
	@$(RUN) tests.bench

$(READY): $(INSTALLED_FROM)
	@echo "setting up .venv (the first time takes a minute) ..." >&2
	@if command -v uv >/dev/null; then \
		uv sync --quiet --inexact; \
	else \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
			echo "n8nlite needs Python 3.11 or newer; $(PYTHON) is `$(PYTHON) -V 2>&1`." \
				"Choose another: make PYTHON=python3.12 ..." >&2; exit 1; }; \
		test -x .venv/bin/python || $(PYTHON) -m venv .venv; \
		.venv/bin/python -c 'import tomllib; groups = tomllib.load(open("pyproject.toml", "rb")); \
print(*groups["dependency-groups"]["dev"], sep="\n")' > .venv/dev.txt && \
		.venv/bin/python -m pip install -qq --disable-pip-version-check -e . -r .venv/dev.txt; \
	fi
	@touch $@
