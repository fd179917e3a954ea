# SPDX-License-Identifier: Apache-2.0
"""A demo with a portal on a host that has podman and no docker, and the portal as a unit that becomes a container."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.acceptance.demo.podman_demo import DIRECTORY, PodmanDemo, podman_demo
from tests.acceptance.portal.portal_site import PIP
from tests.playbooks import Run

PORTAL, LOGIN = "rgwkit-portal", "rgwkit-login"
# Folders that the user of a unit reaches; that of the demo is root's alone.
FOLDERS = {"rgw_portal_dir": "/srv/portal", "rgw_portal_data_dir": "/srv/portal-data"}
# Asks as the proxy that the demo is for its portal, with the secret from the file and not from the command line.
ASK = (
    "import json, sys, urllib.request\n"
    f"secret = open('{DIRECTORY}/users/portal.proxy.secret').read().strip()\n"
    "groups = 'people,' + sys.argv[1]\n"
    "headers = {'X-Portal-Proxy-Secret': secret, 'X-Forwarded-User': 'x', 'X-Forwarded-Groups': groups}\n"
    "request = urllib.request.Request('http://127.0.0.1:8088' + sys.argv[2], headers=headers)\n"
    "print(urllib.request.urlopen(request, timeout=20).read().decode())\n"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PodmanDemo]:
    """The host with a demo, as the first run has left it."""
    with podman_demo(tmp_path_factory.mktemp("podman"), *PIP) as site:
        first = play(site)
        assert first.code == 0, first.output[-6000:]
        yield site


def play(site: PodmanDemo, **variables: object) -> Run:
    return site.play("demo", demo_with_portal=True, **FOLDERS, **variables)


def buckets(site: PodmanDemo) -> list[str]:
    """The buckets of a sample project, as the portal tells somebody of the project."""
    said = site.tell("python3", "-c", ASK, "astronomy", "/v1/rgw/projects/astronomy/buckets")
    return [bucket["name"] for bucket in json.loads(said)["items"]]


def test_systemd_runs_the_containers_and_a_second_run_changes_nothing(site: PodmanDemo) -> None:
    assert buckets(site) == ["astronomy-images"]
    for name in (PORTAL, LOGIN):
        assert site.tell("systemctl", "is-active", name) == "active"
        assert site.tell("podman", "inspect", "--format={{.HostConfig.ReadonlyRootfs}}", name) == "true"
    again = play(site)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-6000:]


def test_no_secret_is_in_units_containers_and_journal(site: PodmanDemo) -> None:
    shown = site.do(f"podman inspect {PORTAL} {LOGIN}; cat /etc/systemd/system/rgwkit-*.service; journalctl --no-pager")
    for file in site.do(f"ls {DIRECTORY}/users/*").split():
        assert site.do(f"cat {file}").strip() not in shown


def test_the_portal_comes_back_after_a_boot(site: PodmanDemo) -> None:
    site.reboot()
    site.wait_for(
        lambda: "astronomy" in site.tell("python3", "-c", ASK, "astronomy", "/v1/projects"), "the portal", 120
    )


@pytest.mark.parametrize("runtime", ["package", "podman"])
def test_another_runtime_takes_the_database_over(site: PodmanDemo, runtime: str) -> None:
    site.do("mount --make-rshared /")  # as systemd does on a host that is no container: units get credentials
    moved = play(site, rgw_portal_runtime=runtime)
    assert moved.code == 0 and moved.count("changed") > 0, moved.output[-6000:]
    assert (PORTAL in site.tell("podman", "ps", "--format={{.Names}}").split()) is (runtime == "podman")
    copies = site.tell("ls", f"{FOLDERS['rgw_portal_dir']}/credentials")
    assert ("backend.rgw.secret" in copies.split()) is (runtime == "podman"), copies
    assert buckets(site) == ["astronomy-images"]
    again = play(site, rgw_portal_runtime=runtime)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-6000:]


def test_teardown_leaves_nothing(site: PodmanDemo) -> None:
    for changes in (True, False):
        run = site.play("teardown", demo_with_portal=True, remove_data=True, **FOLDERS)
        assert run.code == 0 and (run.count("changed") > 0) is changes, run.output[-6000:]
    assert site.things() == ""
    assert site.do(f"find {' '.join(FOLDERS.values())} 2>/dev/null || true") == ""
    images = site.do("podman images --format '{{.Repository}}'").split()
    assert images and not [name for name in images if name.endswith(("/portal", "/canaille"))]
