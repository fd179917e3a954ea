# SPDX-License-Identifier: Apache-2.0
"""Hosts with each Debian release, reached by SSH as an ordinary user whom sudo asks for a password."""

from __future__ import annotations

import stat
from typing import Iterator

import pytest

from tests.integration.processes import command_lines
from tests.playbooks import Run

from .debian_target import INGRESS_PORT, REGISTRY_PORT, RELEASES, Target, debian_target

UNIT = "/etc/systemd/system/rgwkit-registry.service"
RECORD = "/etc/rgwkit/rgwkit-registry/loaded"


@pytest.fixture(scope="module", params=RELEASES, ids=lambda release: release.name)
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with debian_target(tmp_path_factory.mktemp(request.param.name), request.param) as target:
        yield target


def words(run: Run) -> str:
    """What a run that failed before it changed anything says, without line breaks."""
    assert run.code != 0 and run.count("changed") == 0, run.output[-4000:]
    return " ".join(run.output.split())


def untouched(target: Target) -> None:
    assert (target.traces(), target.packages()) == ("", "")


def test_the_host_has_the_python_of_its_release(target: Target) -> None:
    version = target.host.tell("python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
    assert version == target.release.python


def test_a_user_without_become_gets_one_message(target: Target) -> None:
    said = words(target.play(target.server.by_key(target.operator)))
    assert f"fatal: [{target.release.name}]" in said and "this host is not ready" in said, said
    assert "the tasks run as the user operator (id " in said and "run the play with become" in said, said
    untouched(target)


def test_a_user_whom_sudo_refuses_gets_one_message(target: Target) -> None:
    said = words(target.play(target.server.by_key(target.visitor), *target.visitor.become))
    assert f"fatal: [{target.release.name}]" in said and "this host is not ready" in said, said
    assert "visitor is not in the sudoers file" in said and "remedy: " in said, said
    assert f"as root on {target.release.name}" in said and "ansible_user" in said, said
    assert target.visitor.password not in said
    untouched(target)


def test_a_missing_sudo_password_is_named(target: Target) -> None:
    said = words(target.play(target.server.by_key(target.operator), "--become"))
    assert f"fatal: [{target.release.name}]" in said and "Missing sudo password" in said, said
    untouched(target)


def test_a_runtime_that_the_host_lacks_gets_one_message(target: Target) -> None:
    remedies = {"docker": target.release.docker, "podman": "podman"}
    for runtime, package in remedies.items():
        options = (*target.operator.become, "-e", f"registry_runtime={runtime}")
        said = words(target.play(target.server.by_key(target.operator), *options))
        assert f"this host is not ready: - the command {runtime} is missing remedy: apt install {package}" in said, said
        too_old = "the runtime podman needs podman 4.3 or later, and this host would get 3.0" in said
        assert too_old is (runtime == "podman" and not target.release.podman), said
    untouched(target)


def test_a_unit_of_somebody_else_stays(target: Target) -> None:
    target.host.write(UNIT, (text := "[Service]\nExecStart=/bin/true"))
    try:
        said = words(target.play(target.server.by_key(target.operator), *target.operator.become))
        assert "a unit named rgwkit-registry.service exists that this toolkit did not make" in said, said
        assert "choose another registry_name" in said and target.host.tell("cat", UNIT) == text
    finally:
        target.host.tell("rm", UNIT)
    untouched(target)


def test_an_ingress_runs_where_haproxy_knows_its_configuration(target: Target) -> None:
    login = target.server.by_key(target.operator)
    run = target.play(login, *target.operator.become, "--check", playbook="ingress", ingress=True)
    if target.release.ingress:
        assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    else:
        assert "the ingress needs haproxy 2.4 or later" in (said := words(run)), said
        assert "rgw_ingress_runtime=docker" in said, said
    untouched(target)


def test_a_portal_runs_where_python_is_new_enough(target: Target) -> None:
    login = target.server.by_key(target.operator)
    said = words(target.play(login, *target.operator.become, playbook="portal"))
    if target.release.python == "3.9":
        assert "the portal needs python3 3.11 or later, and this host has 3.9" in said, said
        assert "rgw_portal_runtime=docker" in said, said
    else:
        assert "rgw_portal_backends is empty" in said, said
    untouched(target)


def test_check_mode_changes_nothing(target: Target) -> None:
    run = target.play(target.server.by_password(target.operator), *target.operator.become, "--check", "--diff")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    untouched(target)


def test_a_first_run_shows_no_password(target: Target) -> None:
    operator = target.operator
    assert stat.S_IMODE(operator.password_file.stat().st_mode) == 0o600
    # Processes on the host are processes of this machine, too.
    with command_lines() as seen:
        run = target.play(target.server.by_password(operator), *operator.become, "-vvv", "--diff")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert any(b"docker-registry" in line for line in seen)
    assert operator.password not in run.output
    assert not [line for line in seen if operator.password.encode() in line]


def test_the_registry_answers_who_may_log_in(target: Target) -> None:
    for port in (REGISTRY_PORT, INGRESS_PORT) if target.release.ingress else (REGISTRY_PORT,):
        assert target.answer(port) == "registry/2.0"
        assert "HTTP Error 401" in target.host.header("Docker-Distribution-Api-Version", port)


def test_a_second_run_changes_nothing(target: Target) -> None:
    run = target.play(target.server.by_key(target.operator), *target.operator.become)
    assert (run.code, run.count("changed")) == (0, 0), run.output[-4000:]


def test_leftovers_of_two_runtimes_get_one_message(target: Target) -> None:
    """A record of docker, which the host does not have, and the unit of the package. The teardown then removes both."""
    target.host.tell("sed", "-i", r's/\("runtime": \)"package"$/\1"docker"/', RECORD)
    assert '"runtime": "docker"' in target.host.tell("cat", RECORD)
    said = words(target.play(target.server.by_key(target.operator), *target.operator.become))
    assert f"port {REGISTRY_PORT}, wanted for the registry, is taken by docker-registry (process " in said, said
    assert target.host.shown("ActiveState", "rgwkit-registry") == "active"


def test_teardown_leaves_nothing(target: Target) -> None:
    options = (*target.operator.become, "-e", "remove_data=yes")
    run = target.play(target.server.by_key(target.operator), *options, playbook="teardown")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert target.traces() == ""
    for unit in ("rgwkit-registry", "rgwkit-ingress"):
        assert target.host.shown("LoadState", unit) == "not-found"
