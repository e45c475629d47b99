# Two commands on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := demo
EXAMPLE := examples/midterm
# Tests wait, for browsers and servers, so one more than there are processors keeps these busy.
AT_ONCE := $(shell expr $$(nproc 2>/dev/null || echo 1) + 1)
STEP := @printf '\n== %s\n'

.PHONY: demo test lint bench load check example clean
.DELETE_ON_ERROR:

demo: $(VENV)/.installed
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	$(STEP) 'Drawing a fresh exam for the 12 students of $(EXAMPLE)/roster.csv'
	$(BIN)/quizgen make $(EXAMPLE)/exam.toml --roster $(EXAMPLE)/roster.csv --out $(DEMO)/fresh
	$(STEP) 'Grading the example: the hand-ins of $(EXAMPLE)/submissions to the exam of $(EXAMPLE)/exam'
	@cp -R $(EXAMPLE)/exam $(DEMO)/midterm
	$(BIN)/autograder grade $(DEMO)/midterm $(EXAMPLE)/submissions
	$(STEP) 'Writing the report, the gradebook and the feedback sheets'
	$(BIN)/autograder report $(DEMO)/midterm --html $(DEMO)/report.html
	$(BIN)/autograder report $(DEMO)/midterm --csv > $(DEMO)/gradebook.csv
	$(BIN)/autograder feedback $(DEMO)/midterm --out $(DEMO)/feedback
	$(STEP) 'Look at these in a browser'
	@echo '  a paper            $(DEMO)/fresh/papers/s01/paper.html   (in Chinese: s09)'
	@echo '  the answer book    $(DEMO)/fresh/answer-book.html'
	@echo '  the report         $(DEMO)/report.html   and $(DEMO)/gradebook.csv'
	@echo '  a feedback sheet   $(DEMO)/feedback/s03.html'
	$(STEP) 'Or see a class taking this exam on the page'
	@echo '  $(BIN)/autograder serve $(DEMO)/midterm --demo'

# Bytecode is kept, whatever the environment says: every worker and every command started would compile our modules anew.
test: $(VENV)/.installed-test
	$(STEP) 'Running all tests'
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(AT_ONCE) --dist worksteal -q

lint: $(VENV)/.installed-test
	$(STEP) 'Lint, format, types, import contracts'
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

check: $(VENV)/.installed
	$(STEP) 'Checking every promise of every question'
	$(BIN)/quizgen check --draws 100

# The hand-ins answer the papers in exam.json: after drawing anew, they may have to be answered anew.
example: $(VENV)/.installed
	$(STEP) 'Freezing the exam of the example anew'
	@rm -rf $(DEMO)/frozen
	$(BIN)/quizgen make $(EXAMPLE)/exam.toml --roster $(EXAMPLE)/roster.csv --out $(DEMO)/frozen
	@mkdir -p $(EXAMPLE)/exam && cp $(DEMO)/frozen/exam.json $(EXAMPLE)/exam/exam.json

bench: $(VENV)/.installed-test
	$(STEP) 'Measuring (figures and ratios, no verdicts)'
	$(BIN)/python bench/papers.py
	$(BIN)/python bench/grading.py
	$(BIN)/python bench/marking.py
	$(BIN)/python bench/students.py
	$(BIN)/python bench/sandbox.py
	$(BIN)/python bench/scores.py

load: $(VENV)/.installed-test
	$(STEP) 'A class of 300 answering at once on this machine (about two minutes)'
	$(BIN)/python bench/serve.py

clean:
	rm -rf $(VENV) $(DEMO) dist build

$(VENV)/bin/python:
	$(STEP) 'Making a virtual environment in $(VENV)'
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Python 3.11 or newer is needed: name it with make PYTHON=python3.12'; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo 'Python cannot make virtual environments here. Install the package that can:'; \
		echo "  sudo apt install python3-venv    (or python$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(STEP) 'Installing quizgen and autograder (editable)'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml | $(VENV)/bin/python
	$(STEP) 'Installing quizgen, autograder and what the tests need (editable)'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/.installed
