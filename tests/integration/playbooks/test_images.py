# SPDX-License-Identifier: Apache-2.0
"""Where an image can come from: a registry, a base image, Debian packages; and what is said of it."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import needs
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.debian_image import Recipe
from ansible_collections.rgwkit.ceph.plugins.modules import host_preflight

from tests.playbooks import BIN, PROJECT, free_port

APT_UPGRADE = "apt-get -q update && apt-get -s upgrade"
CLOSED = "auth: {htpasswd: {realm: closed, path: /etc/docker/registry/htpasswd}}\n"
CONFIG = 'version: "0.1"\nstorage: {inmemory: {}}\nhttp: {addr: ":5000"}\n'


def docker(*arguments, data=None):
    return subprocess.run(["docker", *arguments], input=data, check=True, capture_output=True).stdout.decode()


@contextmanager
def running_registry(folder, content):
    """The address of a registry with this configuration."""
    (folder / "config.yml").write_text(content)
    address = f"127.0.0.1:{free_port()}"
    mount = f"{folder}:/etc/docker/registry:ro"
    container = docker("run", "-d", "-p", f"{address}:5000", "-v", mount, "rgwkit/registry:2.8").strip()
    try:
        wait_for(f"http://{address}/v2/")
        yield address
    finally:
        docker("rm", "-f", "-v", container)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """The address of a registry without a login, which has the image tiny:1."""
    with running_registry(tmp_path_factory.mktemp("registry"), CONFIG) as address:
        layer = io.BytesIO()
        with tarfile.open(fileobj=layer, mode="w") as archive:
            archive.addfile(tarfile.TarInfo("tiny"))
        docker("import", "-", f"{address}/tiny:1", data=layer.getvalue())
        docker("push", f"{address}/tiny:1")
        docker("rmi", f"{address}/tiny:1")
        yield address


@pytest.fixture
def closed_registry(tmp_path):
    """The address of a registry that wants a login, which nobody has."""
    (tmp_path / "htpasswd").touch()
    with running_registry(tmp_path, f"{CONFIG}{CLOSED}") as address:
        yield address


def wait_for(url):
    for _attempt in range(50):
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except urllib.error.HTTPError:
            return  # it answers, if only that it wants a login
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


@pytest.fixture
def make(tmp_path):
    """Runs the role container_image with some variables; removes the images that it made."""
    images = []

    def run(name, *options, **variables):
        images.extend([name, name.replace(":", "-base:")])
        tasks = [{"name": "Image", "ansible.builtin.include_role": {"name": "rgwkit.ceph.container_image"}}]
        (tmp_path / "play.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
        extra = {f"container_image_{key}": value for key, value in {"name": name, **variables}.items()}
        command = [str(BIN / "ansible-playbook"), str(tmp_path / "play.yml"), "-e", json.dumps(extra), *options]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
        output = " ".join((done.stdout + done.stderr).split())
        return SimpleNamespace(ok=done.returncode == 0, output=output, unchanged="changed=0 " in output)

    yield run
    for image in images:
        subprocess.run(["docker", "rmi", "-f", image], capture_output=True)


def test_pulled(make, registry):
    wanted = {"source": "pull", "pull": f"{registry}/tiny:1"}
    first, second = make("rgwkit-test/pulled:1", **wanted), make("rgwkit-test/pulled:1", **wanted)
    docker("rmi", f"{registry}/tiny:1")
    assert first.ok and f"rgwkit-test/pulled:1: pulled {registry}/tiny:1" in first.output
    assert second.ok and second.unchanged and "rgwkit-test/pulled:1: already there" in second.output


def test_pulling_what_is_not_there_fails_with_the_registry_s_words(make, registry):
    failed = make("rgwkit-test/none:1", source="pull", pull=f"{registry}/none:1")
    assert not failed.ok and "manifest unknown" in failed.output


@pytest.mark.long
def test_auto_goes_to_debian_when_the_registry_fails_and_says_why(make, registry):
    wanted = {"pull": f"{registry}/none:1", "suite": "bookworm", "packages": ["hostname"]}
    first, second = make("rgwkit-test/auto:1", **wanted), make("rgwkit-test/auto:1", **wanted)
    assert first.ok, first.output
    assert f"created from Debian bookworm packages, since {registry}/none:1 could not be pulled" in first.output
    assert docker("run", "--rm", "rgwkit-test/auto:1", "hostname", "-s").strip()
    assert second.ok and second.unchanged
    # Nothing to renew right after; and nothing inside that Debian has a newer version of.
    renewed = make("rgwkit-test/auto:1", renew=True, **wanted)
    assert renewed.ok and renewed.unchanged and "already there, and nothing newer is available" in renewed.output
    upgrade = docker("run", "--rm", "--network=host", "rgwkit-test/auto:1", "sh", "-c", APT_UPGRADE)
    assert "0 upgraded, 0 newly installed, 0 to remove" in upgrade, upgrade


# What a program in an image of unpacked packages finds: the registry, names, authorities, accounts, no setuid, no apt.
UNPACKED = r"""
set -e
docker-registry --version
[ "$(id -un)" = nobody ]
[[ "$(</etc/nsswitch.conf)" =~ hosts:\ *files\ dns ]]
[ "$(sort -u /etc/ssl/certs/ca-certificates.crt | wc -l)" -gt 1000 ]
[[ "$(</var/lib/dpkg/status.d/docker-registry)" =~ Version: ]]
[ -L /bin ]
[ -L /lib ]
touch /tmp/written
if command -v apt-get || command -v dpkg; then exit 1; fi
for file in /bin/* /sbin/* /usr/lib/*; do [ ! -u "$file" ]; done
"""


@pytest.mark.long
def test_packages_that_are_unpacked_alone_make_a_small_image_that_runs(make):
    name = "rgwkit-test/unpacked:1"
    wanted = {"source": "bootstrap", "packages": ["docker-registry", "ca-certificates"], "configure": False}
    made = make(name, **wanted)
    assert made.ok and "created from Debian bookworm packages" in made.output, made.output
    run = ["docker", "run", "--rm", "--user=65534:65534", "--entrypoint=bash", name, "-c", UNPACKED]
    done = subprocess.run(run, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(docker("inspect", "--format={{.Size}}", name)) < 70 << 20
    # An image of installed packages is another one.
    assert make(name, **wanted).unchanged and not make(name, renew=True, **{**wanted, "configure": True}).unchanged


@pytest.mark.long
def test_an_old_image_is_warned_of_and_renewed_on_demand(make, tmp_path):
    name, wanted = (
        "rgwkit-test/old:1",
        {"source": "bootstrap", "packages": ["hostname"], "layer": str(tmp_path / "layer")},
    )
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer" / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nENV LAYER=1\n")
    recipe = Recipe("bookworm", ["hostname"], None, None, False).digest()
    labels = (
        f"io.rgwkit.recipe={recipe} io.rgwkit.made=2026-01-02T03:04:05Z io.rgwkit.releases=bookworm=2026-01-02T02:00Z"
    )
    docker("import", f"--change=LABEL {labels}", "-", "rgwkit-test/old-base:1", data=b"")
    made = make(name, **wanted)
    assert made.ok and not made.unchanged, made.output
    # The layer of today makes nothing in it younger.
    old = make(name, **wanted)
    assert old.unchanged and "is from 2026-01-02 and older than 30 days" in old.output, old.output
    assert "again with -e container_image_renew=true" in old.output
    assert "WARNING" not in make(name, max_age=0, **wanted).output
    before = docker("inspect", "--format={{.Id}}", name)
    # As -e on a command line has it.
    checked = make(name, "--check", renew="true", **wanted)
    assert checked.ok and not checked.unchanged and before == docker("inspect", "--format={{.Id}}", name)
    renewed = make(name, renew="true", **wanted)
    assert renewed.ok and not renewed.unchanged and "WARNING" not in renewed.output, renewed.output
    assert docker("inspect", "--format={{.Id}}", name) != before
    assert docker("run", "--rm", name, "printenv", "LAYER").strip() == "1"
    assert make(name, renew="false", **wanted).unchanged


def test_an_image_of_before_security_updates_is_warned_of(make):
    docker("import", "--change=LABEL io.rgwkit.recipe=abc", "-", "rgwkit-test/before:1", data=b"")
    assert "was created without the security updates of Debian" in make("rgwkit-test/before:1").output


def test_a_pulled_image_is_renewed_from_its_registry(make, registry):
    wanted = {"source": "pull", "pull": f"{registry}/changing:1"}
    for content in ("one", "two"):
        docker("import", f"--change=ENV CONTENT={content}", "-", f"{registry}/changing:1", data=b"")
        docker("push", f"{registry}/changing:1")
        docker("rmi", f"{registry}/changing:1")
        renewed = make("rgwkit-test/pulled:2", renew=True, **wanted)
        assert renewed.ok and not renewed.unchanged, renewed.output
        assert f"CONTENT={content}" in docker("inspect", "--format={{.Config.Env}}", "rgwkit-test/pulled:2")
    assert make("rgwkit-test/pulled:2", renew=True, **wanted).unchanged
    docker("rmi", f"{registry}/changing:1")


def test_somebody_s_own_image_is_not_renewed(make, registry):
    docker("import", "-", "rgwkit-test/own:1", data=b"")
    kept = make("rgwkit-test/own:1", source="pull", pull=f"{registry}/tiny:1", renew=True)
    assert kept.unchanged and "created elsewhere and therefore not renewed" in kept.output


def test_built_on_a_base_image(make):
    built = make("rgwkit-test/built:1", source="build", build_base="rgwkit/haproxy-base:2.6", packages=["hostname"])
    assert built.ok and "built on rgwkit/haproxy-base:2.6" in built.output, built.output
    assert docker("run", "--rm", "rgwkit-test/built:1", "hostname", "-s").strip()


def test_a_changed_layer_is_a_changed_image(make, registry, tmp_path):
    layer = tmp_path / "layer"
    layer.mkdir()
    (layer / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nCOPY content /content\n")
    (layer / "content").write_text("one")
    wanted = {"source": "pull", "pull": f"{registry}/tiny:1", "layer": str(layer)}
    assert not make("rgwkit-test/layered:1", **wanted).unchanged
    assert make("rgwkit-test/layered:1", **wanted).unchanged
    (layer / "content").write_text("two")
    assert not make("rgwkit-test/layered:1", **wanted).unchanged
    docker("rmi", f"{registry}/tiny:1")


@pytest.mark.parametrize(
    ("source", "image", "said"),
    [
        ("auto", "tiny:1", None),
        ("auto", "none:1", "cannot pull {registry}/none:1 (manifest unknown"),
        ("bootstrap", "tiny:1", "the command mmdebstrap is missing"),
        ("pull", "none:1", None),
        ("build", "none:1", None),
    ],
)
def test_a_host_without_mmdebstrap_is_fine_where_docker_can_pull(
    run_module, monkeypatch, tmp_path, registry, source, image, said
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(needs, "_MORE_FOLDERS", ())
    wanted = {"name": "rgwkit-test/absent:1", "source": source, "pull": f"{registry}/{image}"}
    result = run_module(host_preflight, root=False, docker=True, images=[wanted])
    if said is None:
        assert result["findings"] == []
    else:
        (finding,) = result["findings"]
        assert said.format(registry=registry) in finding["what"], finding


def test_a_registry_that_wants_a_login_may_give_the_image_to_the_pull(closed_registry, run_module, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(needs, "_MORE_FOLDERS", ())
    wanted = {"name": "rgwkit-test/absent:1", "pull": f"{closed_registry}/mine:1"}
    assert run_module(host_preflight, root=False, docker=True, images=[wanted])["findings"] == []


def test_an_unknown_suite_is_a_readable_failure(make):
    failed = make("rgwkit-test/x:1", source="bootstrap", suite="nosuchsuite", packages=["hostname"])
    assert not failed.ok
    assert "Could not find Debian nosuchsuite on http" in failed.output and "has no such suite" in failed.output
