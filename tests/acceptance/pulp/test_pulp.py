# SPDX-License-Identifier: Apache-2.0
"""Pulp on a Debian host with its content in a bucket of a real gateway: files are synced, images pushed and pulled."""

from __future__ import annotations

import hashlib
import json
from typing import Iterator

import pytest

from tests.integration.gateway import Gateway
from tests.integration.processes import command_lines
from tests.playbooks import Run

from .image_layout import LAYOUT, layer_digests
from .pulp_site import ADMIN_PASSWORD, API, BUCKET, CONTENT, S3_KEY, PulpHost, keys_in_bucket, pulp_site

UNITS = [f"rgwkit-pulp-{name}" for name in ("postgresql", "redis", "api", "content", "worker-1", "worker-2")]
INSTALL = "export DEBIAN_FRONTEND=noninteractive; apt-get update -q && apt-get install -q -y --no-install-recommends "
SECRETS = "/etc/rgwkit/rgwkit-pulp/secrets"
# A repository of files: each with a digest of its own in the bucket.
FILES = {f"file-{number}.txt": f"file {number}\n" * 1000 for number in range(3)}
SOURCE_PORT = 8123
# Prints where the content comes from, and its digest.
FETCH = """
import hashlib, sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as answer:
    print(answer.url, hashlib.sha256(answer.read()).hexdigest())
"""
REGISTRY = API.partition("//")[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PulpHost, Gateway]]:
    with pulp_site(tmp_path_factory.mktemp("pulp")) as (host, gateway):
        for playbook in ("users", "buckets"):
            done = host.play(playbook)
            assert done.code == 0, done.output[-4000:]
        yield host, gateway


@pytest.fixture
def host(site: tuple[PulpHost, Gateway]) -> PulpHost:
    return site[0]


@pytest.fixture
def gateway(site: tuple[PulpHost, Gateway]) -> Gateway:
    return site[1]


def traces(host: PulpHost) -> str:
    return host.tell("sh", "-c", "find /etc /var/lib /run -name '*rgwkit-pulp*'; grep rgwkit-pulp /etc/passwd")


def refused(host: PulpHost, **variables: object) -> str:
    """What a run says that changed nothing."""
    run = host.play("pulp", **variables)
    assert run.code != 0 and run.count("changed") == 0 and traces(host) == "", run.output[-4000:]
    return " ".join(run.output.split())


def artifact(digest: str) -> str:
    """The key under which Pulp stores the content with this SHA-256."""
    return f"artifact/{digest[:2]}/{digest[2:]}"


@pytest.mark.parametrize(
    "variables, said",
    [
        (
            {"pulp_s3_endpoint": "rgw.example.com:8080"},
            "pulp_s3_endpoint is 'rgw.example.com:8080', which has no scheme",
        ),
        ({"pulp_s3_bucket": "nowhere"}, "Could not find the bucket 'nowhere': HTTP 404"),
        (
            {"pulp_database_host": "127.0.0.1", "pulp_database_port": 5999, "pulp_database_password_file": S3_KEY},
            "Could not connect to PostgreSQL at 127.0.0.1:5999: connection refused",
        ),
    ],
    ids=["endpoint-without-scheme", "bucket-missing", "postgresql-unreachable"],
)
def test_bad_input_changes_nothing(host: PulpHost, variables: dict[str, object], said: str) -> None:
    assert said in refused(host, **variables)


def test_check_mode_changes_nothing(host: PulpHost) -> None:
    run = host.play("pulp", "--check", "--diff")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert traces(host) == ""


def test_a_first_run_shows_no_secret(host: PulpHost) -> None:
    # Processes on the host are processes of this machine, too.
    with command_lines() as seen:
        run = host.play("pulp", "-vv", "--diff")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    for path in (S3_KEY, ADMIN_PASSWORD, f"{SECRETS}/django.key", f"{SECRETS}/fields.key"):
        secret = host.tell("cat", path)
        assert len(secret) > 16 and secret not in run.output
        assert not [line for line in seen if secret.encode() in line]
    assert any(b"pulpcore-manager" in line for line in seen)


def test_a_second_run_changes_nothing(host: PulpHost) -> None:
    run: Run = host.play("pulp")
    assert (run.code, run.count("changed")) == (0, 0), run.output[-4000:]


def test_secrets_are_in_files_of_root_alone(host: PulpHost) -> None:
    shown = host.tell("sh", "-c", f"stat -c '%a %U' {SECRETS}/*").splitlines()
    assert len(shown) == 5 and set(shown) == {"600 root"}
    secrets = [host.tell("cat", path) for path in (S3_KEY, f"{SECRETS}/django.key", f"{SECRETS}/fields.key")]
    everywhere = host.tell("sh", "-c", "cat /etc/systemd/system/rgwkit-pulp-* /etc/rgwkit/rgwkit-pulp/* 2>/dev/null")
    environment = "".join(
        host.tell("sh", "-c", f"tr '\\0' '\\n' </proc/{host.shown('MainPID', unit)}/environ") for unit in UNITS
    )
    assert "PULP_SETTINGS=" in environment and "CREDENTIALS_DIRECTORY=" in environment
    assert not [secret for secret in secrets if secret in everywhere or secret in environment]


def test_a_file_repository_is_synced_to_the_bucket(host: PulpHost, gateway: Gateway) -> None:
    digests = {name: hashlib.sha256(content.encode()).hexdigest() for name, content in FILES.items()}
    manifest = "".join(f"{name},{digests[name]},{len(content)}\n" for name, content in FILES.items())
    for name, content in {**FILES, "PULP_MANIFEST": manifest}.items():
        host.write(f"/srv/source/{name}", content)
    server = f"python3 -m http.server {SOURCE_PORT} --directory /srv/source"
    host.tell("systemd-run", "--quiet", "--unit=source", *server.split())
    url = f"http://127.0.0.1:{SOURCE_PORT}/PULP_MANIFEST"
    remote = host.ask("POST", "/pulp/api/v3/remotes/file/file/", name="source", url=url)
    repository = host.ask("POST", "/pulp/api/v3/repositories/file/file/", name="files", remote=remote["pulp_href"])
    host.finish(host.ask("POST", f"{repository['pulp_href']}sync/", remote=remote["pulp_href"]))
    version = host.ask("GET", repository["pulp_href"])["latest_version_href"]
    published = host.finish(host.ask("POST", "/pulp/api/v3/publications/file/file/", repository_version=version))
    given = {"name": "files", "base_path": "files", "publication": published["created_resources"][0]}
    host.finish(host.ask("POST", "/pulp/api/v3/distributions/file/file/", **given))
    host.tell("systemctl", "stop", "source")
    stored = keys_in_bucket(gateway)
    for name, digest in digests.items():
        assert artifact(digest) in stored
        address, received = host.tell("python3", "-c", FETCH, f"{CONTENT}/pulp/content/files/{name}").split()
        # A redirect leads to the gateway.
        assert received == digest and f"/{BUCKET}/{artifact(digest)}" in address


def test_an_image_is_pushed_and_pulled(host: PulpHost, gateway: Gateway) -> None:
    installed = host.tell("sh", "-c", f"{INSTALL} skopeo")
    assert "skopeo" in host.tell("skopeo", "--version"), installed[-2000:]
    host.tell("python3", "-c", LAYOUT, "/srv/image")
    login = f"skopeo login --tls-verify=false --authfile=/root/auth.json --username=admin --password-stdin {REGISTRY}"
    assert "Login Succeeded" in host.tell("sh", "-c", f"umask 077; {login} <{ADMIN_PASSWORD}")
    there = f"docker://{REGISTRY}/tests/app:1"
    copy = ["skopeo", "--insecure-policy", "copy", "--authfile=/root/auth.json"]
    pushed = host.tell(*copy, "--dest-tls-verify=false", "oci:/srv/image:1", there)
    pulled = host.tell(*copy, "--src-tls-verify=false", there, "oci:/srv/pulled:1")
    digests = layer_digests(host, "/srv/image")
    assert digests and digests == layer_digests(host, "/srv/pulled"), f"{pushed}\n{pulled}"
    stored = keys_in_bucket(gateway)
    assert not [digest for digest in digests if artifact(digest) not in stored]


def test_a_push_without_a_login_is_refused(host: PulpHost) -> None:
    said = host.tell(
        *("skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", "oci:/srv/image:1"),
        f"docker://{REGISTRY}/tests/other:1",
    )
    assert "unauthorized" in said or "denied" in said, said
    listed = json.dumps(host.ask("GET", "/pulp/api/v3/distributions/container/container/"))
    assert "tests/app" in listed and "tests/other" not in listed


def test_services_come_back_after_a_boot(host: PulpHost) -> None:
    host.boot()
    status: dict = {}

    def all_there() -> bool:
        said = host.tell(
            "python3",
            "-c",
            "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())",
            f"{API}/pulp/api/v3/status/",
        )
        if said.startswith("{"):
            status.update(json.loads(said))
        return bool(status.get("online_content_apps")) and len(status["online_workers"]) >= 2

    host.wait_for(all_there, "Pulp after a boot", 180)
    assert status["database_connection"]["connected"] and status["redis_connection"]["connected"]
    assert {host.shown("ActiveState", unit) for unit in UNITS} == {"active"}


def test_teardown_leaves_the_objects_only(host: PulpHost, gateway: Gateway) -> None:
    stored = keys_in_bucket(gateway)
    run = host.play("pulp", pulp_state="absent", pulp_remove_data=True)
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert traces(host) == ""
    assert {host.shown("LoadState", unit) for unit in UNITS} == {"not-found"}
    assert len(stored) > 0 and keys_in_bucket(gateway) == stored
