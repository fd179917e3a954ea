# SPDX-License-Identifier: GPL-3.0-or-later
"""What lookups return: the owner of an inventory's things, the demo of a command, values from a role's variables."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cached_property

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.container import CephDemo
from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.report import DemoReport
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.host_gateways import HostGateways
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.host_ingress import HostIngress
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.container_image import ContainerImage
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.service import RegistryService

from tests.playbooks import PROJECT
from tests.unit.project.test_versions import documentation

COLLECTIONS = PROJECT / ".collections"
# In a process of its own, as in test_play_process.
LOOK_UP = """
import json, sys
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from importlib import import_module
name, terms, variables, options = json.loads(sys.argv[1])
variables = {key: trust_as_template(value) if isinstance(value, str) else value for key, value in variables.items()}
plugin = import_module(f"ansible_collections.rgwkit.ceph.plugins.lookup.{name}")
loader = DataLoader()
lookup = plugin.LookupModule(loader=loader, templar=Templar(loader=loader, variables=variables))
lookup.get_option = options.get
lookup.set_options = lambda **_given: None
try:
    print(json.dumps(lookup.run(terms, variables)))
except Exception as error:
    print(json.dumps(f"failed: {error}"))
"""


def look_up(name, terms, variables, options):
    environment = {**os.environ, "PYTHONPATH": str(COLLECTIONS)}
    command = [sys.executable, "-c", LOOK_UP, json.dumps([name, terms, variables, options])]
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def home_of(**variables):
    return look_up("home", [], variables, {})


def of_demo(word, folder):
    return look_up("demo", [word], {}, {"folder": str(folder)})


def test_the_home_is_the_inventory_s_real_folder_or_the_playbook_s(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert home_of(inventory_dir=str(tmp_path / "link"), playbook_dir="/p") == [str(tmp_path / "real")]
    # An inventory that is no file.
    assert home_of(inventory_dir=None, playbook_dir="/srv/play") == ["/srv/play"]


def test_a_name_that_the_inventory_gives_counts_and_is_one_line():
    assert home_of(inventory_dir="/i", rgwkit_home="cluster-one") == ["cluster-one"]
    assert "contains a line break" in home_of(inventory_dir="/i", rgwkit_home="one\n[Service]")


def test_the_only_demo_is_meant_and_of_several_none(tmp_path):
    assert of_demo("name", tmp_path) == ["rgwkit"]
    # A folder without a mark is no demo's.
    for folder, marked in ((".credentials-none", False), (".credentials-two", True)):
        (tmp_path / folder).mkdir()
        if marked:
            (tmp_path / folder / ".rgwkit").touch()
    assert of_demo("name", tmp_path) == ["two"]
    (tmp_path / ".credentials").mkdir()
    (tmp_path / ".credentials" / ".rgwkit").touch()
    said = of_demo("name", tmp_path)
    assert "has the demos rgwkit, two. Next: choose one of them, with NAME=two" in said


def test_choices_are_what_the_folder_says(tmp_path):
    assert of_demo("choices", tmp_path) == [{}]
    (tmp_path / "choices.yml").write_text("registry_port: 5001\n")
    assert of_demo("choices", tmp_path) == [{"registry_port": 5001}]
    (tmp_path / "choices.yml").write_text("registry_port: [\n")
    assert "choices.yml" in of_demo("choices", tmp_path) and "Next: " in of_demo("choices", tmp_path)


def test_values_of_a_demo_come_from_the_role_s_variables_and_from_results():
    variables = {"ceph_demo_name": "one", "ceph_demo_storage": "persistent", "rgwkit_home": "cluster-one"}
    image = {"images": [{"Config": {"Entrypoint": ["/opt/ceph-container/bin/demo"]}}]}
    labels, volumes = look_up("ceph_demo", ["labels", "volumes"], variables, {"image": image})
    assert (labels["io.rgwkit.home"], labels["io.rgwkit.demo"]) == ("cluster-one", "one")
    assert volumes == ["one-data", "one-etc", "one-tmp"]


def test_values_of_an_image_and_of_a_report_come_from_the_role_s_variables():
    image = {"container_image_name": "a:1", "container_image_source": "build", "container_image_max_age": 0}
    base, state = look_up("container_image", ["base", "state"], image, {"found": {"images": []}, "layer": {}})
    assert (base, state["needed"], state["way"]) == ("a-base:1", True, "build")
    folders = look_up(
        "demo_report", ["open_folders"], {"demo_report_parent": "/p", "playbook_dir": "/"}, {"verification": ""}
    )
    assert folders == [[{"path": "/p", "contents": []}]]


@pytest.mark.parametrize(
    ("name", "derived"),
    [
        ("ceph_demo", CephDemo),
        ("container_image", ContainerImage),
        ("demo_report", DemoReport),
        ("registry", RegistryService),
        ("rgw_gateway", HostGateways),
        ("rgw_ingress", HostIngress),
    ],
)
def test_the_documentation_has_each_term(name, derived):
    terms = {term for term, value in vars(derived).items() if isinstance(value, (property, cached_property))}
    file = PROJECT / f"plugins/lookup/{name}.py"
    choices = documentation(file)["options"]["_terms"].get("choices", [])
    assert terms and terms <= {*choices, *re.findall(r"V\((\w+)\)", file.read_text())}


PLACE = {"inventory_dir": "/i", "inventory_hostname": "h"}


def test_a_role_s_values_are_derived_from_its_variables_as_they_are_read():
    ingress = {**PLACE, "name": "lb", "rgw_ingress_name": "{{ name }}", "rgw_ingress_dir": "{{ undefined_somewhere }}"}
    ingress["rgw_ingress_runtime"] = "docker"
    assert look_up("rgw_ingress", ["log_command"], ingress, {}) == ["docker logs lb"]
    assert "undefined_somewhere" in look_up("rgw_ingress", ["keepalived"], ingress, {})
    gateway = {**PLACE, "rgw_gateway_runtime": "{{ how }}", "how": "podman", "rgw_gateway_state": "present"}
    (owner, needs) = look_up("rgw_gateway", ["owner", "needs"], gateway, {})
    assert (owner, needs["podman"]) == ("root", True)


def test_a_term_that_a_role_does_not_have_is_refused_with_those_that_it_has():
    said = look_up("rgw_gateway", ["uint"], PLACE, {})
    assert "does not take 'uint'. Next: use one of instances, is_planned, keystone, " in said


def of_registry(*terms, options=(), **variables):
    return look_up("registry", terms, {**PLACE, **variables}, dict(options))


def test_a_term_needs_only_the_variables_that_its_value_follows_from():
    names = of_registry(
        "collector_unit", "guard_unit", registry_name="{{ team }}-hub", team="web", registry_port="{{ gone }}"
    )
    assert names == ["web-hub-garbage.service", "web-hub-lease.service"]
    assert "'gone' is undefined" in of_registry("address", registry_address="::", registry_port="{{ gone }}")


def test_what_a_role_knows_besides_its_variables_is_an_option():
    account = {"ansible_facts": {"getent_passwd": {"hub": ["x", "65532", "64999", "", "/", "/bin/sh"]}}}
    assert of_registry("group", options={"account": account}, registry_runtime="package") == ["64999"]
