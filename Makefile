# SPDX-License-Identifier: Apache-2.0
# A thin front end: every target is a command that you could type yourself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
# On a terminal, the log of the last run of a target has all lines of the run.
LOG = .build/log/$@.log
PLAY = $(if $(MAKE_TERMOUT),install -D -m 600 /dev/null $(LOG) && ANSIBLE_LOG_PATH=$(LOG)) $(BIN)/ansible-playbook
# For another inventory: make demo INVENTORY=inventories/mine
INVENTORY ?= inventories/demo
# Settings of a new demo; later commands remember them. A second demo on the host (NAME=two) needs other ports, too.
NAME ?=
# docker or podman
RUNTIME ?=
PORT ?=
REGISTRY_PORT ?=
# PORTAL=yes runs a portal, too; PORTAL_PORT is the portal's, and the next port that of the sign-in.
PORTAL ?=
PORTAL_PORT ?=
CEPH ?=
DATA ?=
# Anything else for ansible-playbook: make demo ARGS='--check -e ceph_demo_storage=ephemeral'
ARGS ?=
# V=1 shows each task instead of stages.
V ?=
ifneq ($(filter-out 0,$(V)),)
export ANSIBLE_STDOUT_CALLBACK := default
endif
export PYTHONPATH := .collections
export PYTHONDONTWRITEBYTECODE := 1

# The demo of an ordinary user is podman's, and needs no root (docs/demo.md).
SCOPE := $(if $(filter-out 0,$(shell id -u)),user)
ifeq ($(SCOPE)$(RUNTIME),user)
RUNTIME := podman
endif

CHOICES = $(if $(SCOPE),-e ceph_demo_scope=$(SCOPE)) $(if $(NAME),-e demo_name=$(NAME)) $(if $(RUNTIME),-e ceph_demo_runtime=$(RUNTIME)) $(if $(PORT),-e ceph_demo_rgw_port=$(PORT)) \
  $(if $(REGISTRY_PORT),-e registry_port=$(REGISTRY_PORT)) $(if $(CEPH),-e ceph_image_release=$(CEPH)) $(if $(PORTAL),-e demo_with_portal=$(PORTAL)) \
  $(if $(PORTAL_PORT),-e rgw_portal_port=$(PORTAL_PORT)) $(ARGS)

# Two lanes of about the same length that run side by side. Molecule has an inventory, and so a play lock, of its own.
# The images exist before both lanes start, since two plays of one inventory do not run at once: IMAGES=made skips them.
IMAGES ?=
NEEDED := $(if $(IMAGES),,images)
MODULES := lint sanity integration-modules molecule
PLAYS := integration-plays unit

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup setup-dev
setup: ## Install Debian packages and the virtual environment, start the docker daemon (RUNTIME=podman: without docker)
	@scripts/setup run '$(RUNTIME)' '$(INVENTORY)' '$(NAME)'
setup-dev: ## The same with docker, and install the tools for tests, linters and benchmarks
	@scripts/setup run docker && scripts/setup dev docker

.PHONY: demo teardown verify users buckets registry
demo: setup ## Run and verify a Ceph gateway and a registry on this host (PORTAL=yes; RUNTIME=podman; CEPH=16; NAME=two PORT=8081 REGISTRY_PORT=5001)
	@$(PLAY) -i $(INVENTORY) $(CHOICES) playbooks/demo.yml
verify: setup ## Verify the gateway again
	@$(PLAY) -i $(INVENTORY) $(CHOICES) playbooks/verify.yml
users: setup ## Reconcile the gateway's users
	@$(PLAY) -i $(INVENTORY) $(CHOICES) playbooks/users.yml
buckets: setup ## Reconcile the gateway's buckets and topics
	@$(PLAY) -i $(INVENTORY) $(CHOICES) playbooks/buckets.yml
registry: setup ## Reconcile the registry
	@$(PLAY) -i $(INVENTORY) $(CHOICES) playbooks/registry.yml
teardown: setup ## Remove everything that the demo created; asks before removing data (DATA=yes or DATA=no answers)
	@$(PLAY) -i $(INVENTORY) $(CHOICES) $(if $(DATA),-e remove_data=$(DATA)) playbooks/teardown.yml

.PHONY: test test-all test-long test-kills test-lint test-reboot test-registry test-cluster test-podman test-cephadm test-cores test-hosts test-bare test-consumers test-identity test-mirror test-names test-portal test-matrix-users
test: setup-dev images ## Run all tests that a change must pass
	@IMAGES=made scripts/stages '$(MODULES)' '$(PLAYS)'
test-all: setup-dev images ## Run the same and the long tests: every Ceph release, the life of registries, faults of a cluster
	@IMAGES=made scripts/stages '$(MODULES) $(PLAYS) test-long test-kills matrix test-lint test-reboot test-registry test-podman test-cluster test-cephadm test-cores test-hosts test-bare test-consumers test-identity test-mirror test-names test-portal'
test-long: setup-dev images ## Run the long integration tests: teardown with data, host network, listeners, renewed images, a killed demo
	@$(BIN)/pytest -q -m long tests/integration
	@scripts/molecule persistent
test-kills: setup-dev images ## Kill each play of a demo after each of its changes in turn, and run it again
	@$(BIN)/pytest -v -s tests/acceptance/kills
test-registry: setup-dev ## Test the life of registries: rotation, migration, garbage collection, certificates, real clients
	@scripts/registry
test-cluster: setup-dev ## Test gateways, ingress and registries on a cluster of eight containers: changes and faults under load
	@scripts/cluster
test-podman: setup-dev ## Test gateways, ingress and demo on a host with podman and without docker: faults, upgrades
	@scripts/podman
test-cephadm: setup-dev ## Test gateways under cephadm, on a cluster of two hosts in containers
	@scripts/cephadm
test-lint: images ## Compare the lint with the real registry on 500 random configurations (RGWKIT_LINT_SEED=2 for others)
	@RGWKIT_LINT_CASES=$${RGWKIT_LINT_CASES:-500} $(BIN)/pytest -q tests/integration/registry_config/test_differential.py
test-reboot: setup-dev images ## Test that all services return, in any order, after a restart of the docker daemon
	@$(BIN)/pytest -q tests/acceptance/reboot
test-cores: setup-dev images ## Test with ansible-core 2.19 to 2.22: sanity, unit tests, a demo, hosts with each Python (CORES="2.20 2.22")
	@$(BIN)/python scripts/cores $(CORES)
test-hosts: setup-dev ## Test Debian 11, 12 and 13 as hosts, reached by SSH with a key and with a password, as an ordinary user with sudo
	@$(BIN)/pytest -v -s tests/acceptance/hosts
test-bare: setup-dev ## Run both ways of the demo on bare hosts with Debian 12 and 13, and reach them by SSH
	@$(BIN)/pytest -v -s tests/acceptance/bare
test-consumers: setup-dev images ## Test those who use the storage: clients, docker volumes, host folders, Kubernetes, Pulp
	@$(BIN)/pytest -v tests/integration/clients tests/integration/host_storage tests/integration/kubernetes tests/acceptance/volumes tests/acceptance/pulp
test-identity: setup-dev images ## Test users of Keystone, accounts, IAM and STS: modules, registries and clients on Ceph 18 and 20
	@scripts/identity
test-mirror: setup-dev images ## Test mirrors and tokens of registries: the role on swift and S3, docker and podman that pull through a mirror
	@$(BIN)/pytest -v tests/acceptance/mirror tests/integration/registry_mirror tests/integration/registry_token
test-names: setup-dev images ## Test names in DNS at a real BIND and a real Designate: a demo, its names, a client of its buckets, removal
	@$(BIN)/pytest -q tests/integration/dns && scripts/molecule dns
test-portal: setup-dev images ## Test the portal: application, sign-in and pages, back-ends on a real gateway and Swift, the role on a host and in containers
	@$(BIN)/pytest -q tests/services/portal
	@RGWKIT_PORTAL_DATABASE=postgresql $(BIN)/pytest -q tests/services/portal/test_rest.py tests/services/portal/test_requests.py
	@$(BIN)/pytest -q -m 'long or not long' tests/integration/portal tests/acceptance/portal
	@scripts/molecule portal
test-matrix-users: setup-dev ## Test users on Ceph 14, 16, 18 and 20
	@scripts/matrix rgw_users rgw_admin_user

.PHONY: lint unit sanity molecule integration matrix
lint: build ## Check style, types, YAML, Ansible, the tarball as Galaxy does at an upload, and build the site
	@scripts/lint && scripts/importer && scripts/docs
unit: ## Run the tests without containers
	@$(BIN)/pytest -q tests/unit
sanity: ## Run ansible-test sanity on a staged copy of the collection
	@scripts/sanity
molecule: $(NEEDED) ## Test the roles on a real Ceph
	@scripts/molecule
integration: images ## Test modules, gateway image and playbooks on a real Ceph
	@scripts/integration
.PHONY: integration-modules integration-plays
integration-modules: $(NEEDED)
	@scripts/integration modules
integration-plays: $(NEEDED)
	@scripts/integration plays
matrix: ## Test users and gateway image on Ceph 14, 16, 18 and 20
	@scripts/matrix

.PHONY: images bench bench-registry bench-portal pyz wheel build sbom importer docs screenshots lock
images: setup ## Create the images that tests and benchmarks use (RELEASES="14 16")
	@scripts/images $(RELEASES)
bench: setup-dev images ## Measure the performance figures
	@$(BIN)/python benchmarks/demo_start.py $(or $(RELEASES),18)
	@$(BIN)/python benchmarks/users.py
	@$(BIN)/python benchmarks/buckets.py
	@$(BIN)/python benchmarks/verify.py
	@$(BIN)/python benchmarks/registry.py
	@$(BIN)/python benchmarks/registry_push.py
	@$(BIN)/python benchmarks/login.py
	@$(BIN)/python benchmarks/gateways.py
	@$(BIN)/python benchmarks/runs.py
	@$(BIN)/python benchmarks/idle.py
	@$(BIN)/python benchmarks/cold_demo.py
	@$(BIN)/python benchmarks/portal.py
bench-registry: setup-dev images ## Measure pushes and pulls of registries only (REGISTRY_3=/path/to/registry for a registry 3, too)
	@$(BIN)/python benchmarks/registry.py
	@$(BIN)/python benchmarks/registry_push.py
bench-portal: setup-dev images ## Measure the portal only: pages of 10,000 buckets, requests a second, memory
	@$(BIN)/python benchmarks/portal.py
pyz: setup ## Build rgwkit-doctor.pyz, registry-lint.pyz and client-lint.pyz, single files for any Python from 3.8, in .build/
	@$(BIN)/python scripts/pyz
wheel: setup ## Build rgwkit-doctor, registry-lint and client-lint as a wheel for PyPI in .build/
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir .build . && ls .build/rgwkit_doctor-*.whl
build: setup ## Build the collection as a tarball in .build/
	@scripts/stage .build/stage && $(BIN)/ansible-galaxy collection build --force .build/stage --output-path .build
sbom: build ## Write the bill of materials of the collection's tarball in .build/, in CycloneDX (after make setup-dev)
	@$(BIN)/python scripts/sbom
importer: build ## Check the collection's tarball as Galaxy does at an upload
	@scripts/importer
docs: setup ## Build the documentation site in .build/site
	@scripts/docs
screenshots: setup-dev images ## Render the pictures of docs/portal.md in Chromium
	@$(BIN)/python scripts/screenshots
lock: ## Pin requirements/*.in again
	@scripts/lock
