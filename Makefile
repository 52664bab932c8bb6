SHELL := /bin/bash
PY ?= python3
UV := .venv/bin/uv
STAMP := .venv/.ready
STAMP_DEV := .venv/.ready-dev
# Modules are compiled once, here: where Python may not write beside them, every run would compile them anew (1 s).
SYNC := -q --frozen --compile-bytecode
COMPILE := .venv/bin/python -m compileall -q aggregator

.PHONY: help demo test test-slow lint check eval bench docs check-demo check-site lighthouse clean

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	$(PY) -m venv .venv
	.venv/bin/python -m pip install -q --disable-pip-version-check uv

$(STAMP): pyproject.toml uv.lock | $(UV)
	@if [ -f $(STAMP_DEV) ]; then $(UV) sync $(SYNC); else $(UV) sync $(SYNC) --no-dev; fi
	@$(COMPILE)
	@touch $@

$(STAMP_DEV): pyproject.toml uv.lock | $(UV)
	$(UV) sync $(SYNC)
	@$(COMPILE)
	@touch $@ $(STAMP)

demo: $(STAMP) ## replay the three official sites on loopback, publish, serve the finished site (ARGS=--once to stop after publishing)
	@.venv/bin/aggregator demo $(ARGS)

# A browser for the browser tests: Debian's chromium where we may install it. Where not, they are named as skipped.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	  && echo "installing chromium for the browser tests" && apt-get update -qq \
	  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; } \
	  || echo "no chromium and no right to install it: the browser tests will be skipped"

# Web servers for the tests of docs/servers, in CI alone: elsewhere a package would start one on this machine's port 80.
.PHONY: servers
servers:
	@{ command -v nginx && command -v caddy && command -v apache2; } >/dev/null || { test -n "$$CI" && test "$$(id -u)" = 0 \
	  && echo "installing nginx, Caddy and Apache for the tests of docs/servers" && apt-get update -qq \
	  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    nginx-light libnginx-mod-http-brotli-static caddy apache2 >/dev/null; } \
	  || echo "no nginx, Caddy or Apache: tests of docs/servers will be skipped (apt-get install nginx-light libnginx-mod-http-brotli-static caddy apache2)"

test: $(STAMP_DEV) browser servers ## set up what is needed and run all tests but the slow ones
	.venv/bin/python -m pytest -m "not slow" $(ARGS)

test-slow: $(STAMP_DEV) browser ## run the slow tests
	.venv/bin/python -m pytest -m slow $(ARGS)

lint: $(STAMP_DEV) ## ruff and mypy --strict
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

check: ## everything CI checks
	bash .ci/run

eval: $(STAMP_DEV) ## scores on the labelled sets, with their errors
	.venv/bin/python -m tests.evals

# What we are measured against lives in an environment of its own: neither the package nor the tests install it.
BENCH := .venv-bench
$(BENCH)/.ready: pyproject.toml uv.lock | $(UV)
	UV_PROJECT_ENVIRONMENT=$(BENCH) $(UV) sync $(SYNC) --no-dev --group bench
	@$(COMPILE)
	@touch $@

bench: $(BENCH)/.ready ## measure speed and memory beside the `reader` library (ARGS="10 1": 10 feeds, one round)
	$(BENCH)/bin/python -m tests.bench $(ARGS)
	$(BENCH)/bin/python -m tests.bench.refine_bench --sizes 1000,10000,100000,200000 --per-day 60
	$(BENCH)/bin/python -m tests.bench.publish_bench
	$(BENCH)/bin/python -m tests.bench.hugo

docs: $(STAMP_DEV) ## write the reference pages of docs/ from the code
	.venv/bin/python -m tests.reference

check-demo: $(STAMP) ## run the demo twice in a folder of its own; the second run must find nothing new
	rm -rf .demo/check
	.venv/bin/aggregator demo --once --folder .demo/check
	.venv/bin/aggregator demo --once --folder .demo/check
	.venv/bin/aggregator demo --once --folder .demo/check --world 2020-08

# Java, Node, the Nu HTML checker and Lighthouse, pinned by uv.lock and tests/checkers/package-lock.json.
CHECKERS := .checkers
$(CHECKERS)/.ready: pyproject.toml uv.lock tests/checkers/package.json tests/checkers/package-lock.json | $(UV)
	UV_PROJECT_ENVIRONMENT=$(CHECKERS)/venv $(UV) sync -q --frozen --only-group checkers
	@cp tests/checkers/package.json tests/checkers/package-lock.json $(CHECKERS)/
	cd $(CHECKERS) && PATH="$$PWD/venv/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

LOOKED_AT := tests/test_site.py tests/browser
check-site: $(STAMP_DEV) $(CHECKERS)/.ready browser ## judge the demo's site: the Nu HTML checker, axe, links, weights, by hand and eye (LOOKED_AT= for Nu alone)
	.venv/bin/python -m tests.checkers nu
	.venv/bin/python -m tests.checkers loaders
	@test -z "$(LOOKED_AT)" || .venv/bin/python -m pytest $(LOOKED_AT)

lighthouse: $(STAMP_DEV) $(CHECKERS)/.ready browser ## Lighthouse on home, bulletin, story and search (100 in all four, median of three), and when pages can be read on a slow telephone
	.venv/bin/python -m tests.checkers lighthouse

clean: ## remove what the commands made (never output/ nor var/)
	rm -rf .demo .eval .pytest_cache .mypy_cache .ruff_cache
