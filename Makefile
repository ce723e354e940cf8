# Everything one does with Esplanade. `make` alone lists the targets.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8080
SECONDS ?= 600

.PHONY: help run test ci fmt shape bench fuzz frontend territories screenshots deps-run deps-test lint check-frontend

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

frontend: ## Bundle styles and scripts into frontend/dist
	@scripts/frontend.sh

run: frontend ## Build, and start a filled demonstration network on http://localhost:8080 (PORT=…)
	cargo build --release -p server
	./target/release/esplanade demo --data-dir var/demo --listen 127.0.0.1:$(PORT)

test: frontend ## Every test: unit, scenarios on both engines, browser journeys; ends with « N passed, N failed »
	@scripts/test.sh

ci: ## All that CI asks: format, lints, shape, front-end types, then every test
	@scripts/ci.sh

fmt: ## Format the sources
	cargo fmt

lint: ## Lints, warnings denied
	cargo clippy --workspace --all-targets -- -D warnings

shape: ## Print what exceeds the sizes that keep the code readable; fails on a new one
	@scripts/shape.sh

bench: frontend ## Measure; writes the figures to var/bench.json
	@scripts/bench.sh

fuzz: ## Ten minutes of messages made to break what reads them (SECONDS=…)
	@scripts/fuzz.sh $(SECONDS)

territories: ## Make data/territories anew from the official sources (needs Python and npm)
	scripts/territories/run.sh

screenshots: frontend ## Make the pictures of the README from the browser journeys
	cargo build -p server
	cd tests/browser && npm ci --silent && node ../../scripts/screenshots.mjs
