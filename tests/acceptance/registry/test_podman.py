# SPDX-License-Identifier: Apache-2.0
"""A registry in podman's container on a host without docker: from nothing through moves to the package to nothing."""

from __future__ import annotations

import secrets

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Image
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.layout import blob_key
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.bucket import S3Bucket

from tests.integration.gateway import running_gateway
from tests.integration.processes import command_lines

from .debian_host import STORAGE_KEY
from .image_set import ImageSet, all_faults
from .podman_host import REGISTRY_IMAGE, podman_host
from .storage_site import CHUNK_BYTES
from .waiting import push_status, wait_until

IMAGES = ImageSet(repositories=2, tags=3, bases=2)
UNIT = "/etc/systemd/system/hub.service"
PACKAGE = {"registry_runtime": "package"}
PUSHED = "podman push and pull of 1.0 MiB, digests equal"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """A gateway, and the URL by which the host reaches it."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        url = f"http://{gateway.run('hostname', '-i').split()[0]}:8080"
        ready = wait_ready(Endpoint.parse(url), Login(gateway.user, gateway.secret), 60)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        yield gateway, url


@pytest.fixture(scope="module")
def host(tmp_path_factory, gateway):
    """A host with the registry that a first run has made on it."""
    with podman_host(tmp_path_factory.mktemp("podman")) as host:
        host.use_storage(*gateway)
        checked = host.play("--check", "--diff")
        assert checked.code == 0 and checked.count("changed") > 0, checked.output[-4000:]
        assert ours(host) == ""
        first = host.play("-vvvv", "--diff")
        assert first.code == 0, first.output[-4000:]
        host.told = first.output
        yield host


@pytest.fixture(scope="module")
def images(host):
    """What has to stay, whatever is done."""
    return IMAGES.push(url(host))


def test_a_second_run_changes_nothing(host):
    before = started(host)
    again = host.play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert started(host) == before and PUSHED in " ".join(again.output.split())


def test_no_secret_is_told(host):
    shown = [host.told, host.tell("cat", UNIT), host.tell("podman", "inspect", "hub")]
    shown += [host.tell("journalctl", "--no-pager", "--unit=hub")]
    shown += [host.tell("cat", f"/proc/{inspected(host, '{{.State.Pid}}')}/environ")]
    for path in (STORAGE_KEY, "/etc/rgwkit/hub/http.secret"):
        secret = host.tell("cat", path)
        assert len(secret) >= 20 and not any(secret in text for text in shown)
    assert host.tell("stat", "--format=%u %g %a", "/etc/rgwkit/hub/config.yml") == "0 65532 640"


def test_a_registry_has_no_rights_that_it_does_not_need(host):
    status = host.tell("cat", f"/proc/{inspected(host, '{{.State.Pid}}')}/status")
    found = dict(line.split(":", 1) for line in status.splitlines())
    # CAP_NET_BIND_SERVICE.
    assert (found["Uid"].split()[0], int(found["CapBnd"], 16)) == ("65532", 1 << 10)
    assert (found["NoNewPrivs"].strip(), found["Seccomp"].strip()) == ("1", "2")
    for path in ("/usr/bin/another", "/etc/docker/registry/another"):
        assert "Read-only file system" in host.tell("podman", "exec", "--user=0", "hub", "touch", path)
    assert inspected(host, "{{.HostConfig.PidsLimit}}") == "4096"
    # Without SELinux, podman has no more to show of the label than that nothing switches labels off.
    assert "label=disable" not in inspected(host, "{{.HostConfig.SecurityOpt}}")


def test_an_image_is_pushed_and_pulled(host):
    """By the role as a user of the registry, and by a person."""
    password = secrets.token_hex(16)
    host.write("/etc/rgwkit-test/ci.password", password)
    users = {"registry_users": [{"name": "ci", "password_file": "/etc/rgwkit-test/ci.password"}]}
    with command_lines() as seen:
        run = host.play("-vvvv", **users)
    assert run.code == 0 and PUSHED in " ".join(run.output.split()), run.output[-4000:]
    assert password not in run.output
    assert any(line.startswith(b"podman\0push") for line in seen), "no push was seen"
    assert not any(password.encode() in line for line in seen)
    assert host.tell("podman", "images", "--format={{.Repository}}:{{.Tag}}") == REGISTRY_IMAGE
    name, file = "127.0.0.1:5001/person/image:1", "/root/auth.json"
    login = f"podman login --authfile={file} --tls-verify=false --username=ci --password-stdin 127.0.0.1:5001"
    assert "Login Succeeded" in host.tell("sh", "-c", f"{login} < /etc/rgwkit-test/ci.password")
    podman = ["--quiet", f"--authfile={file}", "--tls-verify=false"]
    host.tell("podman", "push", *podman, REGISTRY_IMAGE, name)
    pulled = host.tell("podman", "pull", *podman, name)
    assert pulled.splitlines()[-1] == host.tell("podman", "image", "inspect", "--format={{.Id}}", REGISTRY_IMAGE)
    host.tell("podman", "image", "rm", name)
    without = host.play()
    assert without.code == 0, without.output[-4000:]


def test_killed_it_comes_back(host):
    before = started(host)
    assert host.tell("sh", "-c", f"kill -9 {inspected(host, '{{.State.Pid}}')}") == ""
    host.wait_for(lambda: started(host) != before and answers(host), "the registry")


def test_a_host_that_boots_again_has_its_registry_with_its_images(host, images):
    host.boot()
    host.wait_for(lambda: answers(host), "the registry")
    assert all_faults(url(host), images) == []
    again = host.play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_a_configuration_that_the_registry_refuses_changes_nothing(host):
    before = started(host), host.tell("sha256sum", "/etc/rgwkit/hub/config.yml", UNIT)
    words = {"realm": "https://auth.test/token", "service": "hub", "issuer": "auth.test"}
    refused = host.play(registry_token={**words, "rootcertbundle": "/etc/docker/registry/missing.pem"})
    assert refused.code != 0 and "new configuration of hub failed" in refused.output, refused.output[-4000:]
    assert "missing.pem: no such file" in refused.output
    assert (started(host), host.tell("sha256sum", "/etc/rgwkit/hub/config.yml", UNIT)) == before
    assert trial_of(host) == ""


def test_a_configuration_that_fails_in_place_gives_way_to_the_one_before(host):
    before, began = host.tell("sha256sum", "/etc/rgwkit/hub/config.yml", UNIT), started(host)
    # The trial gives the debug server a port of its own; in place it meets the registry's.
    failed = host.play(registry_http={"debug": {"addr": "127.0.0.1:5001"}}, registry_memory="512m")
    said = " ".join(failed.output.split())
    assert failed.code != 0 and "the new configuration of hub was put in place, and " in said, failed.output[-4000:]
    message = said[said.index("the new configuration of hub was put in place, and ") :]
    assert "address already in use" in message and "the registry listens on 127.0.0.1:5001 again" in message, message
    assert host.tell("sha256sum", "/etc/rgwkit/hub/config.yml", UNIT) == before
    assert started(host) != began and answers(host)
    assert host.tell("find", "/etc/rgwkit/hub", "-name", "previous") == ""
    repaired = host.play()
    assert repaired.code == 0, repaired.output[-4000:]


def test_garbage_is_collected(host, images, gateway):
    image = Image("garbage", [CHUNK_BYTES + 1])
    registry = OciRegistry(url(host))
    registry.begin(120)
    for blob in image.blobs:
        registry.push("team0/app0", blob)
    registry.put_manifest("team0/app0", "old", image.manifest)
    registry.delete("team0/app0", image.manifest)
    gone = {f"files/{blob_key(blob.digest)}" for blob in (*image.blobs, image.manifest)}
    before, began = stored(*gateway), started(host)
    assert gone <= before
    early = host.play("--check", playbook="registry_gc")
    assert early.code == 0, early.output[-4000:]
    assert (stored(*gateway), started(host)) == (before, began)
    run = host.play("-vvvv", playbook="registry_gc")
    assert run.code == 0 and host.tell("cat", STORAGE_KEY) not in run.output, run.output[-6000:]
    assert gone <= before - stored(*gateway)
    assert all_faults(url(host), images) == [] and push_status(url(host)) == 202
    again = host.play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_a_collection_that_was_killed_leaves_it_writable(host):
    with host.playing("registry_gc", registry_readonly_lease=60) as (process, said):
        wait_until(lambda: "registry : Collect the garbage]" in said.read_text(), 240, process)
    assert host.shown("ActiveState", "hub-lease") == "active"
    wait_until(lambda: push_status(url(host)) == 202, 180)
    wait_until(lambda: host.shown("LoadState", "hub-lease") == "not-found", 30)
    again = host.play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_other_work_does_not_move_it(host):
    before = started(host)
    refused = host.play(playbook="registry_gc", **PACKAGE)
    assert refused.code != 0 and "hub is run by podman, and registry_runtime is package" in said_by(refused)
    assert started(host) == before and push_status(url(host)) == 202


def test_it_moves_to_the_package_and_back(host, images):
    host.tell("apt-get", "update", "-q")
    planned = host.play("--check", **PACKAGE)
    assert planned.code == 0 and "hub differs: runtime" in said_by(planned), planned.output[-4000:]
    assert host.tell("podman", "ps", "--quiet") != ""
    moved = host.play(**PACKAGE)
    assert moved.code == 0, moved.output[-4000:]
    assert host.tell("podman", "ps", "--all", "--quiet") == "" and "ExecStart=docker-registry" in host.tell("cat", UNIT)
    assert all_faults(url(host), images) == [] and push_status(url(host)) == 202
    again = host.play(**PACKAGE)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    stayed = host.play(registry_http={"debug": {"addr": "127.0.0.1:5001"}})
    assert stayed.code != 0 and "the registry listens on 127.0.0.1:5001 again" in said_by(stayed)
    assert host.tell("podman", "ps", "--all", "--quiet") == "" and "ExecStart=docker-registry" in host.tell("cat", UNIT)
    assert all_faults(url(host), images) == []
    back = host.play()
    assert back.code == 0, back.output[-4000:]
    assert "ExecStart=podman run" in host.tell("cat", UNIT) and host.tell("podman", "ps", "--quiet") != ""
    assert all_faults(url(host), images) == []
    again = host.play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_absent_leaves_nothing(host):
    gone = host.play(registry_state="absent", registry_remove_data=True)
    assert gone.code == 0, gone.output[-4000:]
    assert ours(host) == "" and host.shown("LoadState") == "not-found"
    assert host.tell("podman", "ps", "--all", "--quiet") == ""
    assert ":5001 " not in host.tell("ss", "-Hlnt"), "something still listens"
    again = host.play(registry_state="absent", registry_remove_data=True)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def ours(host):
    """All that the role makes on a host."""
    files = host.tell("find", "/etc", "-path", "/etc/rgwkit", "-o", "-path", "/etc/systemd/system/hub*")
    return files + host.tell("podman", "ps", "--all", "--quiet")


def trial_of(host):
    units = host.tell("systemctl", "list-units", "--all", "--no-legend", "--plain", "hub-trial*")
    containers = host.tell("podman", "ps", "--all", "--quiet", "--filter=name=trial")
    return units + containers + host.tell("find", "/etc/rgwkit/hub", "-name", "trial")


def url(host):
    return f"http://{host.address}:5001"


def inspected(host, form):
    return host.tell("podman", "inspect", "--format", form, "hub")


def started(host):
    """Which container it is; each start has another."""
    return inspected(host, "{{.Id}}")


def answers(host):
    return host.header("Docker-Distribution-Api-Version") == "registry/2.0"


def said_by(run):
    return " ".join(run.output.split())


def stored(gateway, _url):
    """The keys of the registry's container, but for uploads that are under way."""
    bucket = S3Bucket(Endpoint.parse(gateway.url), Login(gateway.access_key, gateway.secret), "registry", 30)
    return {entry.key for entry in bucket.entries() if "/_uploads/" not in entry.key}
