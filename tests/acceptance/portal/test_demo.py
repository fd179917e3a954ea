# SPDX-License-Identifier: Apache-2.0
"""make demo PORTAL=yes: a login that works, sample projects, a second run, and nothing left at the end."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.canaille import Provider
from tests.playbooks import Demo, Run, free_port, new_demo, run_playbook
from tests.portal_pages import Person, signed_in

Play = Callable[..., Run]


def shell(command: str) -> str:
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def things(name: str) -> list[str]:
    """Containers, networks and volumes whose names begin with this one."""
    listed = "docker ps -a --format '{{.Names}}'; docker volume ls -q; docker network ls --format '{{.Name}}'"
    return [found for found in shell(listed).split() if found.startswith(name)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return new_demo("portal", tmp_path_factory.mktemp("portal") / "demo")


@pytest.fixture(scope="module")
def play(demo: Demo) -> Iterator[Play]:
    """Runs a playbook for the demo, and removes the demo at the end. The sign-in has the port after the portal's."""
    port = free_port() // 2 * 2

    def run(playbook: str, *options: str, **variables: object) -> Run:
        given = {"rgw_portal_port": port, "demo_with_portal": True, **demo.variables(), **variables}
        return run_playbook(playbook, *options, **given)

    yield run
    run("teardown", remove_data=True)


@pytest.fixture(scope="module")
def first(play: Play) -> Run:
    run = play("demo", "-vv", "--diff")
    assert run.code == 0, run.output[-6000:]
    return run


@pytest.fixture
def person(demo: Demo, first: Run) -> Callable[[str], Person]:
    """Signs somebody in, with what the summary says."""
    summary = (demo.directory / "summary.txt").read_text()
    (url,) = re.findall(r"^Portal +(\S+)/web, for ada, ben, eve$", summary, flags=re.MULTILINE)
    login = f"http://127.0.0.1:{int(url.rpartition(':')[2]) + 1}"

    def sign_in(name: str) -> Person:
        (show,) = re.findall(rf"^(cat \S+) +# {name}, of ", summary, flags=re.MULTILINE)
        return signed_in(url, Provider(login, "portal", "", {name: shell(show).strip()}), name)

    return sign_in


def test_an_ordinary_user_s_demo_has_no_portal(demo: Demo, play: Play) -> None:
    refused = play("demo", ceph_demo_scope="user", ceph_demo_runtime="podman")
    assert refused.code != 0 and "the portal of a demo needs root" in " ".join(refused.output.split())
    assert not demo.directory.exists() and things(demo.name) == []


def test_people_sign_in_as_the_summary_says(person: Callable[[str], Person]) -> None:
    ada, eve = person("ada"), person("eve")
    assert "Astronomy" in ada.page and "Biology" not in ada.page
    assert "astronomy-images" in ada.open("/web/rgw/astronomy").text
    assert "Astronomy" in eve.page and "Biology" in eve.page and "Create a project" in eve.page


def test_a_second_run_changes_nothing(play: Play, first: Run) -> None:
    again = play("demo")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-6000:]


def test_no_secret_is_seen_anywhere(demo: Demo, first: Run) -> None:
    secrets = demo.secrets()
    containers = [f"{demo.name}-portal", f"{demo.name}-login"]
    shown = first.output + shell(f"docker inspect {' '.join(containers)}")
    shown += "".join(shell(f"docker logs {name} 2>&1; docker top {name} -o pid,args") for name in containers)
    assert len(secrets) == 11 and not [secret for secret in secrets if secret in shown]
    everybody = rf"find {demo.directory} -type f -perm /007 -not -path '*/verify/*'"
    assert shell(everybody) == ""


def test_the_portal_s_user_has_the_caps_of_the_documentation_alone(demo: Demo, first: Run) -> None:
    user = json.loads(shell(f"docker exec {demo.name} radosgw-admin user info --uid=portaladmin"))
    assert {(cap["type"], cap["perm"]) for cap in user["caps"]} == {
        (name, "*") for name in ("users", "buckets", "metadata")
    }


def test_the_portal_goes_without_the_demo_when_it_is_not_wanted(demo: Demo, play: Play, first: Run) -> None:
    # The choices of make are stored; a test's are given with each run.
    (demo.directory / "choices.yml").write_text("demo_with_portal: true\n")
    run = play("demo", demo_with_portal=False)
    assert run.code == 0 and run.count("changed") > 0, run.output[-6000:]
    assert sorted(things(demo.name)) == sorted([demo.name, demo.name, f"{demo.name}-registry"])
    assert "Portal " not in (demo.directory / "summary.txt").read_text()


def test_teardown_leaves_nothing(demo: Demo, play: Play, first: Run) -> None:
    back = play("demo")
    assert back.code == 0 and f"{demo.name}-portal" in things(demo.name), back.output[-6000:]
    kept = play("teardown")
    assert kept.code == 0 and things(demo.name) == [], kept.output[-6000:]
    assert (demo.directory / "portal-data" / "state" / "portal.db").exists()
    for changes in (True, False):
        run = play("teardown", remove_data=True)
        assert run.code == 0 and (run.count("changed") > 0) is changes, run.output[-6000:]
    assert not demo.directory.exists() and things(demo.name) == []
