# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role rgw_buckets in the project's own inventories, as Ansible evaluates them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import yaml

from tests.playbooks import PROJECT

# In a process of its own, as in test_play_process.
EVALUATE = """
import json, sys
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.template import Templar, trust_as_template
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager
inventory, role, extra, names = json.loads(sys.argv[1])
init_plugin_loader()
loader = DataLoader()
hosts = InventoryManager(loader=loader, sources=[inventory])
manager = VariableManager(loader=loader, inventory=hosts)
manager._extra_vars = extra
role = {name: trust_as_template(value) if isinstance(value, str) else value for name, value in role.items()}
given = manager.get_vars(host=hosts.groups["rgws"].get_hosts()[0])
variables = {**role, **given, "hostvars": HostVars(hosts, manager, loader)}
templar = Templar(loader=loader, variables=variables)
print(json.dumps({name: templar.template(trust_as_template("{{ " + name + " }}")) for name in names}, default=str))
"""
ROLE = {
    name: value
    for part in ("defaults", "vars")
    for name, value in yaml.safe_load((PROJECT / f"roles/rgw_buckets/{part}/main.yml").read_text()).items()
}


@pytest.fixture
def of_inventory():
    """What variables of the role are in an inventory, with extra variables."""

    def evaluate(inventory, *names, **extra):
        environment = {**os.environ, "PYTHONPATH": str(PROJECT / ".collections")}
        given = json.dumps([str(PROJECT / "inventories" / inventory), ROLE, extra, names])
        done = subprocess.run(
            [sys.executable, "-c", EVALUATE, given], env=environment, check=True, capture_output=True, text=True
        )
        found = json.loads(done.stdout)
        return found[names[0]] if len(names) == 1 else [found[name] for name in names]

    return evaluate


@pytest.mark.parametrize("inventory", ["demo", "cluster"])
def test_the_container_of_the_registries_is_declared_and_guarded(of_inventory, inventory):
    declared, guarded = of_inventory(inventory, "__rgw_buckets_declared", "rgw_buckets_registry_buckets")
    assert declared == [{"name": "registry", "owner": "registry", "api": "swift"}]
    assert guarded == ["registry"]


def test_the_connection_is_that_of_the_users(of_inventory):
    names = ("endpoint", "access_key", "secret_key_file", "ca_file")
    own, users = ([f"{role}_{name}" for name in names] for role in ("rgw_buckets", "rgw_users"))
    assert of_inventory("cluster", *own) == of_inventory("cluster", *users)
    assert of_inventory("demo", "rgw_buckets_ca_file") == ""


def test_the_bucket_of_the_s3_driver_is_declared_with_what_the_inventory_says_of_it(of_inventory):
    quota = {"name": "registry-s3", "quota": {"max_size": "1TiB"}}
    (entry,) = of_inventory("demo", "__rgw_buckets_declared", registry_storage="s3", rgw_buckets_list=[quota])
    assert entry == {
        "name": "registry-s3",
        "owner": "registry",
        "quota": {"max_size": "1TiB"},
        "lifecycle": [{"id": "registry-uploads", "abort_incomplete_multipart_upload_days": 7}],
        "lifecycle_is_default": True,
    }


def test_nothing_is_declared_of_registries_that_are_left_to_others(of_inventory):
    assert of_inventory("demo", "__rgw_buckets_declared", rgw_buckets_registries=[]) == []


def test_users_of_the_same_run_are_known_in_check_mode(of_inventory):
    users = [{"uid": "a", "tenant": "t", "state": "present"}, {"uid": "b", "tenant": "", "state": "absent"}]
    assert of_inventory("demo", "__rgw_buckets_new_users", rgw_users_result={"users": users}) == ["t$a"]
    assert of_inventory("demo", "__rgw_buckets_new_users") == []
