# make app        starts Songscape on http://127.0.0.1:8501
# make test       runs the quick tests; make test ARGS="tests/fusion -x" runs some of them
# make test-slow  runs the others: trainings, README's commands, the browser
# make lint       checks style, format, layers and types

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: app test test-slow lint

app: $(VENV)/installed
	$(BIN)/streamlit run app.py

test: $(VENV)/installed-tests
	$(PYTEST) $(or $(ARGS),-m "not slow" --ignore tests/e2e)

test-slow: $(VENV)/installed-tests
	$(PYTEST) -m slow --ignore tests/e2e
	$(BIN)/python -m pytest -q tests/e2e  # the browser has both cores to itself

lint: $(VENV)/installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

$(VENV)/installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -r requirements.txt
	touch $@

$(VENV)/installed-tests: $(VENV)/installed tests/requirements.txt
	$(BIN)/python -m pip install -q -r tests/requirements.txt
	touch $@
