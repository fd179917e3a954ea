# SPDX-License-Identifier: Apache-2.0
# A thin front: every target is a command you could type yourself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
PLAY := $(BIN)/ansible-playbook
# Where another inventory is meant: make demo INVENTORY=inventories/mine
INVENTORY ?= inventories/demo
# What a demo is made with; later commands know it. NAME=two beside a demo that stands already wants other ports, too.
NAME ?=
PORT ?=
REGISTRY_PORT ?=
CEPH ?=
DATA ?=
# Anything else for ansible-playbook: make demo ARGS='--check -e ceph_demo_storage=ephemeral'
ARGS ?=
export PYTHONPATH := .collections
export PYTHONDONTWRITEBYTECODE := 1

CHOICES = $(if $(NAME),-e demo_name=$(NAME)) $(if $(PORT),-e ceph_demo_rgw_port=$(PORT)) \
  $(if $(REGISTRY_PORT),-e registry_port=$(REGISTRY_PORT)) $(if $(CEPH),-e ceph_image_release=$(CEPH)) $(ARGS)

# Side by side: what leaves the host alone, and plays on it. The images are made before both, since two plays of one inventory do not run
# at once: IMAGES=made leaves them out.
IMAGES ?=
NEEDED := $(if $(IMAGES),,images)
MODULES := lint unit sanity integration-modules
PLAYS := molecule integration-plays

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup setup-dev
setup: ## Debian packages, virtual environment, docker daemon
	@scripts/setup run
setup-dev: ## The same, and what tests, linters and benchmarks need
	@scripts/setup run && scripts/setup dev

.PHONY: demo teardown verify users registry
demo: setup ## A Ceph gateway and a registry on this host, proven to work (CEPH=18; NAME=two PORT=8081 REGISTRY_PORT=5001)
	@$(PLAY) -i $(INVENTORY) $(CHOICES) playbooks/demo.yml
verify: setup ## Prove the gateway again
	@$(PLAY) -i $(INVENTORY) $(CHOICES) playbooks/verify.yml
users: setup ## Reconcile the gateway's users
	@$(PLAY) -i $(INVENTORY) $(CHOICES) playbooks/users.yml
registry: setup ## Reconcile the registry
	@$(PLAY) -i $(INVENTORY) $(CHOICES) playbooks/registry.yml
teardown: setup ## Remove what the demo made; asks before it removes data (DATA=yes or DATA=no answers)
	@$(PLAY) -i $(INVENTORY) $(CHOICES) $(if $(DATA),-e remove_data=$(DATA)) playbooks/teardown.yml

.PHONY: test test-all test-long test-kills test-lint test-reboot test-registry test-cluster test-podman test-cephadm test-matrix-users
test: setup-dev images ## All tests that a change has to pass
	@IMAGES=made scripts/stages '$(MODULES)' '$(PLAYS)'
test-all: setup-dev images ## The same and the long ones: every Ceph release, what registries live through, a cluster's faults
	@IMAGES=made scripts/stages '$(MODULES) $(PLAYS) test-long test-kills matrix test-lint test-reboot test-registry test-podman test-cluster test-cephadm'
test-long: setup-dev images ## What takes long of integration: teardown with data, the host's network, listeners, renewed images
	@$(BIN)/pytest -q -m long tests/integration
test-kills: setup-dev images ## Each play of a demo, killed after each of its changes in turn and run again
	@$(BIN)/pytest -v -s tests/acceptance/kills
test-registry: setup-dev ## What registries live through: rotation, migration, garbage collection, certificates, real clients
	@scripts/registry
test-cluster: setup-dev ## Gateways, ingress and registries on a cluster of eight hosts in containers: changes and faults under load
	@scripts/cluster
test-podman: setup-dev ## Gateways on a host that has podman and no docker: what befalls them, upgrades
	@scripts/podman
test-cephadm: setup-dev ## Gateways that cephadm makes, on a cluster of two hosts in containers
	@scripts/cephadm
test-lint: images ## The lint against the real registry on 500 made-up configurations (RGWKIT_LINT_SEED=2: others)
	@RGWKIT_LINT_CASES=$${RGWKIT_LINT_CASES:-500} $(BIN)/pytest -q tests/integration/registry_config/test_differential.py
test-reboot: setup-dev images ## What comes back, in any order, when a docker daemon has been restarted
	@$(BIN)/pytest -q tests/acceptance/reboot
test-matrix-users: setup-dev ## Users on Ceph 14, 16, 18 and 20
	@scripts/matrix rgw_users rgw_admin_user

.PHONY: lint unit sanity molecule integration matrix
lint: ## Style, types, YAML, Ansible
	@scripts/lint
unit: ## Tests without containers
	@$(BIN)/pytest -q tests/unit
sanity: ## ansible-test sanity on a staged copy of the collection
	@scripts/sanity
molecule: $(NEEDED) ## Roles on a real Ceph
	@scripts/molecule
integration: images ## Modules, gateway image and playbooks on a real Ceph
	@scripts/integration
.PHONY: integration-modules integration-plays
integration-modules: $(NEEDED)
	@scripts/integration modules
integration-plays: $(NEEDED)
	@scripts/integration plays
matrix: ## Users and gateway image on Ceph 14, 16, 18 and 20
	@scripts/matrix

.PHONY: images bench build lock
images: setup ## The images that tests and benchmarks use (RELEASES="14 16")
	@scripts/images $(RELEASES)
bench: setup-dev images ## What the performance figures rest on
	@$(BIN)/python benchmarks/demo_start.py $(or $(RELEASES),16)
	@$(BIN)/python benchmarks/users.py
	@$(BIN)/python benchmarks/verify.py
	@$(BIN)/python benchmarks/registry.py
	@$(BIN)/python benchmarks/gateways.py
build: setup ## The collection as a tarball in .build/
	@scripts/stage .build/stage && $(BIN)/ansible-galaxy collection build --force .build/stage --output-path .build
lock: ## Pin requirements/*.in again
	@scripts/lock
