# SPDX-License-Identifier: Apache-2.0
"""The main job: make demo, again, what its summary says, and away with it."""

from __future__ import annotations

import json
import re
import subprocess
import time

import pytest

from tests.faulty_gateway import FaultyGateway
from tests.playbooks import BIN, PROJECT


def shell(command: str) -> str:
    """Run a command as a user pastes it."""
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def summary_line(demo, begins: str) -> str:
    """The command of the summary that begins with these words, without a blank before it."""
    summary = (demo.directory / "summary.txt").read_text()
    found = re.search(rf"^{re.escape(begins)}.*$", summary, flags=re.MULTILINE)
    assert found, summary
    return found.group(0)


def assert_no_trial_remains(seconds: float = 60) -> None:
    """No container of a trial is left on the host; plays of other inventories may have one for the moment."""
    deadline = time.monotonic() + seconds
    while "-trial" in (names := shell("docker ps -a --format '{{.Names}}'")):
        assert time.monotonic() < deadline, names
        time.sleep(1)


def test_a_second_run_changes_nothing(demo, play):
    again = play("demo", demo)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_the_summary_says_what_was_verified(demo):
    summary = (demo.directory / "summary.txt").read_text()
    assert re.search(rf"^ +Passed: http://127.0.0.1:{demo.rgw_port} as .*: \d+ probes ok", summary, flags=re.MULTILINE)
    assert re.search(r"docker push 1\.0 MiB in [\d.]+ s, pull in [\d.]+ s, digests equal", summary)


def test_the_summary_ends_with_the_page_and_the_table_shows_once(demo_run, demo):
    summary = (demo.directory / "summary.txt").read_text()
    page = demo.directory.parent / f".report-{demo.name}" / "report.html"
    assert summary.rstrip().endswith(f"Report     {page}")
    assert f"Passed: http://127.0.0.1:{demo.rgw_port} as registry:registry-a" in page.read_text()
    before, _task, shown = demo_run[1].output.rpartition("[rgwkit.ceph.demo_report : Show the summary]")
    assert str(page) in shown
    assert re.search(r"ok +auth \d+, .*head \d+", before) and not re.search(r"ok +auth \d", shown)


def test_login_and_push_work_as_the_summary_says(demo, tmp_path):
    environment = f"export DOCKER_CONFIG={tmp_path}; "
    push = summary_line(demo, "docker tag")
    try:
        shell(environment + summary_line(demo, "docker login"))
        assert "digest: sha256:" in shell(environment + push)
    finally:
        shell(f"docker rmi {push.split()[3]}")


def test_swift_and_s3_commands_work_as_the_summary_says(demo):
    summary = (demo.directory / "summary.txt").read_text().splitlines()
    commands = [line for line in summary if "/swift.sh" in line or "/swift " in line or "/s3cmd " in line]
    assert len(commands) == 3 and commands[0].startswith(". ")
    assert "files/docker/registry/v2/" in shell(f"{commands[0]}\n{commands[1]}")
    assert "s3://registry/files/" in shell(commands[2])


def test_rclone_and_skopeo_have_their_settings(demo):
    clients = demo.directory / "clients"
    for remote in ("rgw-swift", "rgw-s3"):
        assert "files/docker" in shell(f". {clients}/rclone.sh && rclone lsf --dirs-only -R {remote}:registry")
    assert json.loads((clients / "auth.json").read_text())["auths"].keys() == {demo.registry}


def test_a_bad_configuration_leaves_the_registry_as_it_is(demo, play, tmp_path):
    started = shell(f"docker inspect --format '{{{{.State.StartedAt}}}}' {demo.name}-registry")
    wrong = tmp_path / "wrong.secret"
    wrong.touch(mode=0o600)
    wrong.write_text("not-the-key-of-the-registry")
    # Without a gateway to ask before, it is the registry itself that finds out.
    run = play("registry", demo, registry_swift_secret_file=str(wrong), registry_gateway_endpoint="")
    assert run.code != 0
    said = " ".join(run.output.split())
    assert f"the trial of the new configuration of {demo.name}-registry failed; nothing was changed" in said
    assert "swift authentication failed: Authorization Failed. The swift key is not" in said
    assert wrong.read_text() not in run.output
    assert shell(f"docker inspect --format '{{{{.State.StartedAt}}}}' {demo.name}-registry") == started
    assert_no_trial_remains()
    assert not (demo.directory / "registry" / "trial").exists()
    again = play("registry", demo)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_a_gateway_with_the_head_bug_gets_no_registry(demo, play):
    started = shell(f"docker inspect --format '{{{{.State.StartedAt}}}}' {demo.name}-registry")
    with FaultyGateway("127.0.0.1", demo.rgw_port, "head-no-status-line") as proxy:
        run = play("registry", demo, registry_gateway_endpoint=proxy.url)
    assert run.code != 0
    assert "head-empty-manifest: no-status-line" in run.output
    assert "Upgrade Ceph" in run.output
    assert shell(f"docker inspect --format '{{{{.State.StartedAt}}}}' {demo.name}-registry") == started


def test_no_secret_is_seen_anywhere(demo_run, demo):
    secrets = demo.secrets()
    assert len(secrets) == 5 and all(len(secret) >= 40 for secret in secrets)
    containers = f"{demo.name} {demo.name}-registry"
    seen = {
        "output at -vvvv with --diff": demo_run[1].output,
        "container settings": shell(f"docker inspect {containers}"),
        "container logs": "".join(shell(f"docker logs {name} 2>&1") for name in containers.split()),
        "command lines": "".join(shell(f"docker top {name} -o pid,args") for name in containers.split()),
    }
    assert not [where for where, text in seen.items() for secret in secrets if secret in text]


def test_files_with_secrets_are_for_root_and_the_registry_only(demo):
    # A report has none, and is for everyone whom the folder lets in. The registry reads by its group.
    others = "-type f -perm /077 -not -path '*/verify/*' -not ( -path '*/registry/*' -perm 640 -gid 65532 )"
    assert shell(f"find {demo.directory} {others}".replace("(", r"\(").replace(")", r"\)")) == ""


def test_docker_labels_the_host_s_folders_for_the_containers(demo):
    """As far as a test without SELinux gets: docker has the letters, and the containers keep their own labels."""
    form = '{{range .Mounts}}{{if eq .Type "bind"}}{{.Mode}} {{end}}{{end}}{{.HostConfig.SecurityOpt}}'
    shown = shell(f"docker inspect --format '{form}' {demo.name} {demo.name}-registry").splitlines()
    assert shown == ["ro,z [no-new-privileges]"] * 2


def test_credentials_below_the_inventory_are_no_hosts():
    # Ansible reads every file below an inventory folder, but for hidden ones.
    credentials = PROJECT / "inventories" / "demo" / ".credentials" / "test-canary"
    credentials.mkdir(parents=True, exist_ok=True)
    try:
        (credentials / "canary.secret").write_text("canary-that-is-no-host\n")
        listed = json.loads(shell(f"cd {PROJECT} && {BIN}/ansible-inventory --list"))
    finally:
        (credentials / "canary.secret").unlink()
        credentials.rmdir()
    assert list(listed["_meta"]["hostvars"]) == ["demo"]


@pytest.mark.long
def test_teardown_keeps_data_until_told_and_may_run_twice(make_demo, play):
    demo = make_demo("teardown")
    assert play("demo", demo, ceph_demo_storage="persistent").code == 0
    kept = play("teardown", demo)
    assert kept.code == 0 and kept.count("changed") > 0
    assert demo.directory.is_dir()
    assert f"{demo.name}-data" in shell("docker volume ls -q")
    assert demo.name not in shell("docker ps -a --format '{{.Names}}'; docker network ls --format '{{.Name}}'")
    removed = play("teardown", demo, remove_data=True)
    assert removed.code == 0 and removed.count("changed") > 0
    assert not demo.directory.exists()
    assert demo.name not in shell("docker volume ls -q")
    again = play("teardown", demo, remove_data=True)
    assert (again.code, again.count("changed")) == (0, 0)


@pytest.mark.long
def test_on_the_host_s_network(make_demo, play):
    demo = make_demo("host")
    try:
        run = play("demo", demo, ceph_demo_network_mode="host")
        assert run.code == 0, run.output[-4000:]
        mode = "docker inspect --format '{{.HostConfig.NetworkMode}}' "
        assert shell(mode + f"{demo.name} {demo.name}-registry").split() == ["host", "host"]
    finally:
        play("teardown", demo, remove_data=True, ceph_demo_network_mode="host")


def test_check_mode_on_a_first_run_says_all_and_does_nothing(make_demo, play):
    demo = make_demo("check")
    images = {"ceph_image_name": "rgwkit-test/ceph:18", "ceph_demo_image": "rgwkit-test/ceph:18"}
    run = play("demo", demo, "--check", "--diff", registry_image="rgwkit-test/registry:2.8", **images)
    assert run.code == 0, run.output[-4000:]
    assert run.count("changed") >= 10
    words = " ".join(run.output.split())
    assert f"There is no gateway at http://127.0.0.1:{demo.rgw_port} yet" in words and "would be created" in words
    assert "+ registry:" in words and "A real run would create the gateway, verify it" in words
    assert not demo.directory.exists()
    names = "docker ps -a --format '{{.Names}}'; docker volume ls -q; docker network ls --format '{{.Name}}'"
    assert demo.name not in shell(names)
    assert shell("docker images -q rgwkit-test/ceph; docker images -q rgwkit-test/registry") == ""
