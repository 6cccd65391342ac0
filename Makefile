# `make demo` and `make test` are the two commands; the rest is listed by `make help`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

cache := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/ropeway
export CARGO_TARGET_DIR ?= $(cache)/target
export PATH := $(cache)/tools/bin:$(PATH)
ropeway := $(CARGO_TARGET_DIR)/release/ropeway
# The same packages and features for demo and tests, so that nothing heavy is compiled twice.
build := cargo build --release --workspace --bins

# The tables of `make tables`: a folder, and names for some of them only.
data ?= ../shared/data
only ?=

.PHONY: help demo build docs docs-check test fmt lint tidy deny unit accept tables tables-control bench bench-profile clean-cache

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

demo: ## install what is missing, build, run examples/flights to a served model and ask it
	@scripts/setup build
	@$(build)
	@scripts/demo $(ropeway)

build: ## build the binary
	@scripts/setup build
	@$(build)
	@echo "built $(ropeway)"

docs: ## write the references in docs/ from what the binary says of itself
	@$(build)
	cargo run --release --quiet -p xtask -- docs

docs-check: ## whether docs/ says what the binary says (built by lint or build)
	cargo run --release --quiet -p xtask -- docs --check

test: ## everything that CI runs
	@scripts/setup test
	@$(MAKE) --no-print-directory fmt tidy deny lint docs-check unit

fmt: ## formatting
	cargo fmt --all --check

# Clippy's driver compiles instead of checking, so that the dependencies of the build serve it too: `cargo clippy` would
# read all of them a second time. Its unoptimised binary is then replaced by the real one.
lint: ## clippy
	RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__ \
	  CARGO_PROFILE_RELEASE_OPT_LEVEL=0 cargo build --release --workspace --all-targets
	@$(build)

tidy: ## floors, file and function lengths, duplicates, banned words
	cargo run --release --quiet -p xtask -- tidy
	cargo run --release --quiet -p xtask -- unify --check

deny: ## licences, bans and sources of the dependencies
	cargo deny --offline check bans licenses sources

unit: ## doc tests, then unit, integration and acceptance tests
	cargo test --release --workspace --doc --quiet
	cargo nextest run --release --workspace

accept: ## the demonstrations, each with a control that must fail
	cargo nextest run --release -p ropeway -E 'test(/^accept/)'
	@if [ -d '$(data)' ]; then $(MAKE) --no-print-directory tables tables-control; \
	  else echo "skipped: demonstration 7 (make tables) reads tables of $(data), and there is no such folder (data=FOLDER)"; fi

tables: ## init and run --final of each table of data=FOLDER (only='NAMES'), LightGBM's defaults beside it
	@$(build)
	@cargo run --release --quiet -p xtask -- generate $(cache)/generated >/dev/null
	@bench/tables $(ropeway) --data '$(data)' --generated $(cache)/generated $(only)

tables-control: ## the same of one table with its labels shuffled, which must fall short
	@$(build)
	@if said=$$(bench/tables $(ropeway) --data '$(data)' --control credit_scoring); then ended=0; else ended=$$?; fi; echo "$$said"; \
	  if [ "$$ended" = 1 ] && grep -q 'beyond the recorded interval' <<<"$$said"; then echo "control: shuffled labels fell short, as they must"; \
	  else echo "control: shuffled labels did not fall short (exit code $$ended)"; exit 1; fi

bench: ## the duel with the Python stack, Ropeway's own figures, and profiles of 3,000,000 rows and of 2 GB
	@scripts/setup bench
	@$(build)
	@python3 bench/figures.py $(ropeway)
	@bench/duel $(ropeway)
	@bench/profile $(ropeway) --csv-mib 2048

bench-profile: ## ropeway profile and init beside DuckDB's SUMMARIZE and pandas' describe, of a smaller file
	@$(build)
	@bench/profile $(ropeway)
