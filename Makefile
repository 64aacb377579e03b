# make help says what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PARALLEL := -n auto --maxprocesses 4 --dist loadscope
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard portal/translations/*/LC_MESSAGES/*.po))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test test-sqlite test-postgresql lint bench lock messages clean

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

demo: install ## Run the portal on made-up data: http://127.0.0.1:8010
	@PORTAL_ENV=demo $(BIN)/portal demo

test: lint test-sqlite test-postgresql ## Every check and the whole suite, on SQLite and on PostgreSQL

test-sqlite: install
	@echo "== Tests on SQLite"
	@$(BIN)/python -m pytest $(PARALLEL)

test-postgresql: install
	@echo "== Tests on PostgreSQL"
	@$(BIN)/python -m pytest $(PARALLEL) --database postgresql

lint: install ## Style, types and who imports whom
	@echo "== Style, types, imports"
	@$(BIN)/ruff check . && $(BIN)/ruff format --check -q .
	@$(BIN)/basedpyright --warnings
	@$(BIN)/lint-imports

bench: install ## What pages cost, against a bare Flask page in the same run
	@$(BIN)/python -m benchmarks.referral_list
	@$(BIN)/python -m benchmarks.contract
	@$(BIN)/python -m benchmarks.billing
	@$(BIN)/python -m benchmarks.signing

lock: ## Renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --all-extras --generate-hashes --no-emit-index-url \
	  --python-version 3.11 --no-header --upgrade -q -o requirements.lock

messages: install ## Gather the Dutch texts into the catalogues
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k lazy_gettext --no-location --omit-header -o var/messages.pot .
	$(BIN)/pybabel -q update -i var/messages.pot -d portal/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 100

install: $(VENV)/installed $(CATALOGUES)

$(VENV)/installed: requirements.lock pyproject.toml
	@echo "== Installing (once, about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

%.mo: %.po $(VENV)/installed
	@$(BIN)/pybabel -q compile -i $< -o $@

clean: ## Remove what was installed and made
	rm -rf $(VENV) var
