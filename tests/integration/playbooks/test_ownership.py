# SPDX-License-Identifier: Apache-2.0
"""What another inventory or somebody else has on this host is refused and stays; a demo of another name is its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.playbooks import BIN, PROJECT, free_port, run_playbook

OTHER = "/srv/first/inventories/demo"
NAME = "rgwkit-test-owner"
IMAGE = "rgwkit/registry:2.8"


def docker(*arguments):
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def things():
    """Every container, volume and network of these tests' names, with its id or time of creation."""
    named = ["--filter", f"name={NAME}"]
    containers = docker("ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Names}}", *named)
    networks = docker("network", "ls", "--no-trunc", "--format", "{{.ID}} {{.Name}}", *named)
    volumes = docker("volume", "ls", "--format", "{{.Name}}", *named).split()
    return [
        containers,
        networks,
        [(name, docker("volume", "inspect", "-f", "{{.CreatedAt}}", name)) for name in volumes],
    ]


@pytest.fixture
def stub():
    """Makes containers (not started), volumes and networks with a role's labels, and removes them in the end."""
    made = []

    def make(kind, name, role=None, value=NAME, home=OTHER):
        labels = [f"--label=io.rgwkit.{role}={value}", f"--label=io.rgwkit.home={home}"] if role else []
        last = [IMAGE] if kind == "container" else []
        docker(kind, "create", *labels, *(["--name", name] if kind == "container" else [name]), *last)
        made.append((kind, name))

    yield make
    for kind, name in made:
        subprocess.run(["docker", kind, "rm", name], capture_output=True)


@pytest.fixture
def inventory(tmp_path):
    """A copy of the demo's inventory, without what the demo has written there."""
    folder = tmp_path / "second"
    shutil.copytree(PROJECT / "inventories" / "demo", folder, ignore=shutil.ignore_patterns(".credentials*"))
    return folder


@pytest.fixture
def roles(tmp_path, inventory):
    """Runs roles one after the other, whatever becomes of each; returns the message that each failed with, or None."""

    def run(*cases):
        tasks = []
        for number, (role, variables) in enumerate(cases):
            name, _, entry = role.partition("/")
            which = {"name": f"rgwkit.ceph.{name}", "tasks_from": entry or "main"}
            include = {"ansible.builtin.include_role": which, "vars": variables}
            note = {"ansible.builtin.set_fact": {f"said_{number}": "{{ ansible_failed_result.msg }}"}}
            tasks.append({"block": [include], "rescue": [note]})
        noted = "hostvars[inventory_hostname] | dict2items | selectattr('key', 'match', 'said_') | items2dict"
        text = f"{{{{ {noted} | to_json }}}}"
        tasks.append({"ansible.builtin.copy": {"content": text, "dest": str(tmp_path / "said.json")}})
        (tmp_path / "play.yml").write_text(json.dumps([{"hosts": "rgws", "gather_facts": False, "tasks": tasks}]))
        done = run_playbook(tmp_path / "play.yml", "-i", inventory, demo_name=NAME)
        assert (tmp_path / "said.json").exists(), done.output[-4000:]
        said = json.loads((tmp_path / "said.json").read_text())
        return [said.get(f"said_{number}") for number in range(len(cases))]

    return run


INGRESS = {
    "rgw_ingress_name": f"{NAME}-ingress",
    "rgw_ingress_services": [
        {"name": "rgw", "type": "rgw", "port": 1, "backends": [{"name": "a", "address": "127.0.0.1", "port": 2}]}
    ],
}
GATEWAY = {"rgw_gateway_runtime": "docker", "rgw_gateway_instances": [{"name": NAME, "port": 1}]}
# The role or tasks of one, variables, what would be taken for this inventory's: kind, name and label.
CASES = [
    ("ceph_demo", {"ceph_demo_state": "present"}, ("container", f"{NAME}-demo", "demo")),
    ("ceph_demo", {"ceph_demo_name": f"{NAME}-net"}, ("network", f"{NAME}-net", "demo")),
    ("ceph_demo", {"ceph_demo_name": f"{NAME}-vol"}, ("volume", f"{NAME}-vol-data", "demo")),
    ("registry", {}, ("container", f"{NAME}-registry", "registry")),
    ("registry", {"registry_name": f"{NAME}-try"}, ("container", f"{NAME}-try-trial", "registry")),
    ("rgw_ingress", INGRESS, ("container", f"{NAME}-ingress", "ingress")),
    ("rgw_ingress", {**INGRESS, "rgw_ingress_name": f"{NAME}-lb"}, ("container", f"{NAME}-lb-once", "ingress")),
    ("rgw_gateway/preflight_services", GATEWAY, ("container", f"ceph-rgw.demo.{NAME}", "gateway")),
]


def test_what_another_inventory_made_is_refused_and_untouched(roles, stub):
    for _role, _variables, thing in CASES:
        stub(*thing)
    absent = {f"{role}_state": "absent" for role in ("ceph_demo", "registry", "rgw_ingress")}
    absent.update(ceph_demo_remove_data=True, registry_remove_data=True)
    # The volume of a demo to be removed is found by its label, which names the demo.
    removals = [
        (role, {**variables, **absent, **({"ceph_demo_name": NAME} if thing[0] == "volume" else {})})
        for role, variables, thing in CASES[:-1]
    ]
    one = {**GATEWAY, "__rgw_gateway_one": "{{ lookup('rgwkit.ceph.rgw_gateway', 'instances') | first }}"}
    removals.append(("rgw_gateway/absent_instance", one))
    before = things()
    said = roles(*[(role, variables) for role, variables, _thing in CASES], *removals)
    for message, (_role, _variables, (kind, name, _label)) in zip(said, CASES + CASES):
        assert message and f"{kind} named {name} exists that is of {OTHER}" in message, said
        assert "run this there, choose another" in message and "rgwkit_takeover=true" in message
    assert things() == before


def test_what_somebody_made_is_refused_and_untouched(roles, stub):
    for _role, _variables, (kind, name, _label) in CASES:
        stub(kind, name)
    before = things()
    said = roles(*[(role, variables) for role, variables, _thing in CASES])
    for message, (_role, _variables, (kind, name, _label)) in zip(said, CASES):
        assert message and f"{kind} named {name} exists that this toolkit did not make" in message, said
    assert things() == before
    # Removal leaves it, and has no reason to fail.
    absent = {"ceph_demo_state": "absent", "ceph_demo_remove_data": True}
    gone = roles(("ceph_demo", absent), ("registry", {"registry_state": "absent"}))
    assert gone == [None, None] and things() == before


def test_teardown_from_a_copied_inventory_touches_nothing_of_the_first(inventory, stub):
    stub("container", f"{NAME}-demo", "demo")
    stub("volume", f"{NAME}-demo-data", "demo", f"{NAME}-demo")
    stub("container", f"{NAME}-registry", "registry")
    before = things()
    run = run_playbook("teardown", "-i", inventory, demo_name=NAME, remove_data=True)
    assert run.code != 0 and f"is of {OTHER}" in " ".join(run.output.split()), run.output[-2000:]
    assert things() == before
    # Unless that is what is wanted.
    run = run_playbook("teardown", "-i", inventory, demo_name=NAME, remove_data=True, rgwkit_takeover=True)
    assert run.code == 0, run.output[-2000:]
    assert things() == ["", "", []]


def test_what_an_interrupted_run_left_is_removed(roles, stub, inventory):
    stub("container", f"{NAME}-registry-trial", "registry", home=inventory)
    stub("container", f"{NAME}-ingress-once", "ingress", home=inventory)
    gone = roles(
        ("registry", {"registry_state": "absent"}), ("rgw_ingress", {**INGRESS, "rgw_ingress_state": "absent"})
    )
    assert gone == [None, None] and things() == ["", "", []]


def tree(folder: Path):
    return {str(path): (path.lstat().st_mode, path.lstat().st_uid) for path in [folder, *folder.rglob("*")]}


def test_folders_of_somebody_are_refused_and_untouched(roles, tmp_path):
    folder, victim = tmp_path / "theirs", tmp_path / "victim"
    for place in (folder, victim):
        (place / "sub").mkdir(parents=True)
        (place / "sub" / "db").write_text("precious")
    before = tree(folder), tree(victim)
    link = tmp_path / "lane"
    link.mkdir()
    (link / "registry").symlink_to(victim)
    os.chown(link, 65532, -1)
    secrets = {"shared_secrets_source": "demo", "shared_secrets_files": [{"path": str(folder / "x"), "generate": True}]}
    said = roles(
        ("demo_report", {"demo_report_dir": str(folder)}),
        (
            "demo_report",
            {"demo_report_state": "absent", "demo_report_remove_data": True, "demo_report_dir": str(folder)},
        ),
        ("registry", {"registry_state": "absent", "registry_remove_data": True, "registry_dir": str(folder)}),
        ("rgw_ingress", {**INGRESS, "rgw_ingress_state": "absent", "rgw_ingress_dir": str(folder)}),
        (
            "rgw_gateway",
            {"rgw_gateway_state": "absent", "rgw_gateway_remove_data": True, "rgw_gateway_dir": str(folder)},
        ),
        (
            "registry",
            {"registry_state": "absent", "registry_remove_data": True, "registry_dir": str(link / "registry")},
        ),
        ("shared_secrets", {**secrets, "shared_secrets_state": "absent"}),
    )
    assert (tree(folder), tree(victim)) == before
    assert said[0] and "has content (sub) and no mark" in said[0]
    assert said[1:5] == [None] * 4 and "is a link to" in said[5], said


@pytest.mark.long
def test_a_demo_of_another_name_is_known_to_later_commands(inventory, tmp_path):
    port, registry_port = free_port(), free_port()
    play = tmp_path / "play.yml"
    prepare = {"ansible.builtin.include_role": {"name": "rgwkit.ceph.demo_report", "tasks_from": "prepare"}}
    show = {
        "ansible.builtin.debug": {
            "msg": "{{ [ceph_demo_name, registry_name, rgw_users_endpoint, demo_report_remove] }}"
        }
    }
    play.write_text(json.dumps([{"hosts": "rgws", "gather_facts": False, "tasks": [prepare, show]}]))

    def shown(**given):
        run = run_playbook(play, "-i", inventory, **given)
        assert run.code == 0, run.output[-2000:]
        return " ".join(run.output.split())

    first = shown(demo_name="two", ceph_demo_rgw_port=port, registry_port=registry_port)
    later = shown()
    for output in (first, later):
        for word in ("two-demo", "two-registry", f"http://127.0.0.1:{port}", f"INVENTORY={inventory} NAME=two"):
            assert word in output, output[-2000:]
    assert "changed=0" in later
    # Another one beside it has a folder of its own, and from then on a command has to say which it means.
    assert "one-demo" in shown(demo_name="one")
    assert (inventory / ".credentials-one").is_dir() and (inventory / ".credentials-two").is_dir()
    unclear = run_playbook(play, "-i", inventory)
    assert unclear.code != 0 and "has the demos one, two" in unclear.output, unclear.output[-2000:]
    gone = run_playbook("teardown", "-i", inventory, demo_name="one", remove_data=True)
    assert gone.code == 0 and not (inventory / ".credentials-one").exists(), gone.output[-2000:]
    assert "two-demo" in shown()


def test_make_hands_on_what_it_is_given():
    given = ["NAME=two", "PORT=8081", "REGISTRY_PORT=5001", "RUNTIME=podman", "ARGS=--check"]
    for target in ("demo", "users", "registry", "verify", "teardown"):
        said = subprocess.run(
            ["make", "-n", "-o", "setup", target, *given], cwd=PROJECT, capture_output=True, text=True
        )
        words = said.stdout.split()
        wanted = {
            "demo_name=two",
            "ceph_demo_rgw_port=8081",
            "registry_port=5001",
            "ceph_demo_runtime=podman",
            "--check",
        }
        assert wanted <= set(words), said.stdout


def test_an_inventory_that_describes_no_demo_gets_none(tmp_path):
    hosts = tmp_path / "hosts.yml"
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    hosts.write_text(
        json.dumps({"all": {"children": {group: {"hosts": {"production": host}} for group in ("rgws", "registries")}}})
    )
    command = [str(BIN / "ansible-playbook"), "-i", str(hosts), "playbooks/demo.yml"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode != 0 and "describes no demo" in " ".join(done.stdout.split())
    # Users and registries on somebody else's gateway: nobody is to be asked about gateways that were never made.
    command = [*command[:-1], "playbooks/teardown.yml", "-e", f"remove_data=yes registry_name={NAME}"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0 and "changed=0" in done.stdout, done.stdout[-2000:]
