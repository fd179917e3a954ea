# SPDX-License-Identifier: Apache-2.0
"""The demo of an ordinary user with podman, without root anywhere: from one message through a reboot to nothing."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.demo.podman_demo import NAME, REGISTRY, REGISTRY_IMAGE
from tests.acceptance.demo.rootless_demo import DIRECTORY, rootless_demo
from tests.hosts.rootless import USER, USER_ID

REGISTRY_NAME = "rgwkit-registry"
# A Python for which the kernel forbids user namespaces: a user namespace may limit those below it (user_namespaces(7)).
FORBIDDEN = r"""#!/bin/sh
limit='echo 0 > /proc/sys/user/max_user_namespaces && exec /usr/bin/python3 "$@"'
exec unshare --user --map-current-user --keep-caps sh -c "$limit" sh "$@"
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The demo, as the first run has left it."""
    with rootless_demo(tmp_path_factory.mktemp("demo")) as site:
        checked = site.play("demo", "--check", "--diff")
        assert checked.code == 0, checked.output[-4000:]
        assert checked.count("changed") >= 5
        assert site.things() == ""
        first = site.play("demo", "-vvvv", "--diff")
        assert first.code == 0, first.output[-4000:]
        site.told = first.output
        yield site


def started(site):
    return site.do(f"podman inspect --format '{{{{.Id}}}}' {NAME} {REGISTRY_NAME}")


def summary_line(site, begins):
    found = re.search(rf"^{re.escape(begins)}.*$", site.do(f"cat {DIRECTORY}/summary.txt"), flags=re.MULTILINE)
    assert found, begins
    return found.group(0)


def test_the_user_is_not_root_and_cannot_become_root(site):
    assert site.do("id --user").strip() == str(USER_ID)
    assert "root" not in site.do("id --name --groups").split() and site.do("command -v sudo || true") == ""


def test_root_runs_nothing_of_the_demo(site):
    for name in (NAME, REGISTRY_NAME):
        pid = site.do(f"podman inspect --format '{{{{.State.Pid}}}}' {name}").strip()
        lines = site.do(f"cat /proc/{pid}/status").splitlines()
        status = dict(line.split(":", 1) for line in lines)
        assert status["Uid"].split()[0] == str(USER_ID) and status["NoNewPrivs"].strip() == "1"
    assert site.tell("podman", "ps", "--all", "--quiet") == ""
    assert site.tell("sh", "-c", "ls /etc/systemd/system/rgwkit* /run/rgwkit 2>/dev/null") == ""


def test_all_files_are_the_user_s(site):
    assert site.do(f"find {DIRECTORY} ~/.config/systemd ! -user {USER}") == ""
    assert site.do(f"find {DIRECTORY} -type f -perm /o+r").split() == []


def test_a_second_run_changes_nothing(site):
    before = started(site)
    again = site.play("demo")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert "nothing differs, and the gateway works" in again.output and started(site) == before


def test_login_push_and_pull_work_as_the_summary_says(site):
    site.do(summary_line(site, "podman login"))
    site.do(summary_line(site, "podman tag"))
    site.do(f"podman rmi {REGISTRY}/hello && podman pull --quiet --tls-verify=false {REGISTRY}/hello")
    assert "podman push 1.0 MiB" in site.do(f"cat {DIRECTORY}/summary.txt")
    assert "health: HEALTH_" in site.do(summary_line(site, "podman exec"))


def test_another_configuration_is_tried_and_taken(site):
    moved = site.play("demo", registry_log_level="debug")
    assert moved.code == 0, moved.output[-4000:]
    assert 'level: "debug"' in site.do(f"cat {DIRECTORY}/registry/config.yml")


def test_a_configuration_that_fails_is_taken_back(site):
    before = site.do(f"cat {DIRECTORY}/registry/config.yml")
    failed = site.play("registry", registry_swift_username="registry:nobody")
    assert failed.code != 0
    assert site.do(f"cat {DIRECTORY}/registry/config.yml") == before
    again = site.play("demo")
    assert again.code == 0, again.output[-4000:]


def test_the_registry_survives_a_restart_of_the_gateway(site):
    """Networks of a user share one way out and one server of names, which must not go with the unit that began them."""
    site.do(f"systemctl --user restart {NAME}")
    site.wait_for(lambda: site.as_user(f"podman pull --quiet --tls-verify=false {REGISTRY}/hello").code == 0, "a pull")


def test_a_host_that_boots_again_has_its_demo(site):
    stored = site.do(f"podman exec {NAME} radosgw-admin bucket list")
    site.reboot()
    ask = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/swift/healthcheck', timeout=10)"
    site.wait_for(lambda: site.tell("python3", "-c", ask) == "", "the gateway")
    assert site.do(f"podman exec {NAME} radosgw-admin bucket list") == stored
    again = site.play("demo")
    assert again.code == 0, again.output[-4000:]


def test_an_image_is_made_from_packages(site):
    wanted = {"name": "rgwkit-test/made:1", "source": "bootstrap", "packages": ["hostname"]}
    wanted["allow_expired_release"] = True
    made = site.image_role(**wanted)
    assert made.code == 0 and made.count("changed") > 0, made.output[-4000:]
    assert site.do("podman run --rm --network=none rgwkit-test/made:1 cat /etc/debian_version").startswith("12")


@pytest.mark.parametrize(
    ("change", "undo", "said"),
    [
        ("mv /usr/bin/newuidmap /root/", "mv /root/newuidmap /usr/bin/", "apt install uidmap"),
        ("mv /usr/bin/slirp4netns /root/", "mv /root/slirp4netns /usr/bin/", "apt install slirp4netns"),
        (
            f"rm /var/lib/systemd/linger/{USER}",
            f"touch /var/lib/systemd/linger/{USER}",
            f"loginctl enable-linger {USER}",
        ),
    ],
)
def test_what_is_missing_is_one_message_with_the_command(site, change, undo, said):
    before = started(site)
    site.tell("sh", "-c", change)
    try:
        refused = site.play("demo", "--check", ceph_demo_memory="4g")
    finally:
        site.tell("sh", "-c", undo)
    words = " ".join(refused.output.split())
    assert refused.code != 0 and "this host is not ready" in words and said in words, refused.output[-4000:]
    assert started(site) == before


def test_a_kernel_that_forbids_user_namespaces_is_named_by_its_setting(site):
    site.do(f"cat > forbidden <<'END'\n{FORBIDDEN}END\nchmod +x forbidden")
    assert site.as_user('./forbidden -c \'import os; os.execlp(*["unshare"] * 2, "-U", "true")\'').code != 0
    before = started(site)
    python = {"ansible_python_interpreter": f"/home/{USER}/forbidden"}
    refused = site.play("demo", "--check", host=python, ceph_demo_memory="4g")
    words = " ".join(refused.output.split())
    assert refused.code != 0 and "user.max_user_namespaces is 0" in words, refused.output[-4000:]
    assert "as root: sysctl -w user.max_user_namespaces=" in words and started(site) == before


def test_no_login_is_one_message(site):
    refused = site.play("demo", "--check", host={"ansible_docker_extra_env": {}}, ceph_demo_memory="4g")
    words = " ".join(refused.output.split())
    assert refused.code != 0 and "XDG_RUNTIME_DIR is not set" in words and "machinectl shell ada@" in words


def test_root_is_told_whose_demo_this_is(site):
    refused = site.play("demo", "--check", host={"ansible_user": "root"}, ceph_demo_memory="4g")
    words = " ".join(refused.output.split())
    assert refused.code != 0 and "the tasks run as root" in words and "ceph_demo_scope=system" in words


def test_garbage_collection_is_refused_before_anything_is_changed(site):
    before = started(site)
    refused = site.play("registry_gc")
    words = " ".join(refused.output.split())
    assert refused.code != 0 and "is an ordinary user's" in words and "registry_scope=system" in words
    assert started(site) == before


def test_teardown_keeps_data_until_told_and_leaves_nothing(site):
    kept = site.play("teardown", remove_data=False)
    assert kept.code == 0, kept.output[-4000:]
    assert f"{NAME}-data" in site.do("podman volume ls --quiet").split()
    assert site.do("podman ps --all --quiet") == ""
    gone = site.play("teardown", remove_data=True)
    assert gone.code == 0, gone.output[-4000:]
    assert site.things() == ""
    assert REGISTRY_IMAGE in site.do("podman images --format '{{.Repository}}:{{.Tag}}'")
    again = site.play("teardown", remove_data=True)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
