# SPDX-License-Identifier: Apache-2.0
"""Every program stores and fetches with its settings as they were written, and nothing else in its environment."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import bcrypt
import pytest
import requests

from tests.integration.clients.programs import shell

pytestmark = pytest.mark.long

CONTENT = os.urandom(300_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
# Printable, and full of what some program takes for a quote, a comment, a substitution or an interpolation.
HOSTILE = "k'e\"y$(id)`id`\\n%x%(;#&|<>*?~!{}[]^=,"


@pytest.fixture
def box() -> str:
    """The name of a bucket that no other test has."""
    return f"box-{secrets.token_hex(4)}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "one.bin").write_bytes(CONTENT)
    return tmp_path / "one.bin"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_swift(site, endpoint, box, settings, programs, file, tmp_path):
    own = settings(**endpoint, **site.new_user(), programs=["swift"])
    source = f". {own}/swift.sh"
    shell(source, f"swift upload --object-name one {box} {file}", path=programs, OS_STORAGE_URL="http://127.0.0.1:1")
    shell(source, f"swift download {box} one --output {tmp_path}/back", path=programs)
    assert digest(tmp_path / "back") == DIGEST


@pytest.mark.parametrize("remote", ["rgw-swift", "rgw-s3"])
def test_rclone(site, endpoint, box, settings, file, tmp_path, remote):
    own = settings(**endpoint, **site.new_user(), programs=["rclone"])
    said = shell(
        f". {own}/rclone.sh",
        f"rclone mkdir {remote}:{box}",
        f"rclone copy {file} {remote}:{box}",
        f"rclone copyto {remote}:{box}/one.bin {tmp_path}/back",
        # What a person has for Amazon's own S3.
        AWS_CA_BUNDLE="/etc/ssl/certs/ca-certificates.crt",
    )
    assert digest(tmp_path / "back") == DIGEST and "NOTICE" not in said


def test_s3cmd(site, endpoint, box, settings, programs, file, tmp_path):
    own = settings(**endpoint, **site.new_user(), programs=["s3cmd"])
    commands = [f"s3cmd mb s3://{box}", f"s3cmd put {file} s3://{box}/one", f"s3cmd get s3://{box}/one {tmp_path}/back"]
    shell(f". {own}/s3cmd.sh", *commands, path=programs)
    assert digest(tmp_path / "back") == DIGEST


def test_aws(site, endpoint, box, settings, aws, file, tmp_path):
    own = settings(**endpoint, **site.new_user(), programs=["aws"])
    commands = [
        f"aws s3 mb s3://{box}",
        f"aws s3 cp {file} s3://{box}/one",
        f"aws s3 cp s3://{box}/one {tmp_path}/back",
    ]
    # What a person has for Amazon's own S3.
    others = {"AWS_ACCESS_KEY_ID": "AKIAOTHER", "AWS_SESSION_TOKEN": "other", "AWS_PROFILE": "work"}
    others["AWS_CA_BUNDLE"] = "/nonexistent"
    shell(f". {own}/aws.sh", *commands, path=aws, **others)
    assert digest(tmp_path / "back") == DIGEST


def test_restic(site, endpoint, box, settings, programs, file, tmp_path):
    backup = {"bucket": box, "path": "laptop", "password": "correct horse"}
    own = settings(**endpoint, **site.new_user(), backup=backup, programs=["restic"])
    commands = ["restic init", f"restic backup {file}", f"restic restore latest --target {tmp_path}/back"]
    shell(f". {own}/restic.sh", *commands, path=programs, HOME=str(tmp_path), RESTIC_PASSWORD="wrong")
    assert digest(Path(f"{tmp_path}/back{file}")) == DIGEST


def test_duplicity(site, endpoint, box, settings, duplicity, file, tmp_path):
    backup = {"bucket": box, "password": "correct horse"}
    own = settings(**endpoint, **site.new_user(), backup=backup, programs=["duplicity"])
    source = tmp_path / "source"
    source.mkdir()
    file.rename(source / "one.bin")
    commands = [f"duplicity full {source} $DUPLICITY_TARGET", f"duplicity restore $DUPLICITY_TARGET {tmp_path}/back"]
    shell(f". {own}/duplicity.sh", *commands, path=duplicity, HOME=str(tmp_path))
    assert digest(tmp_path / "back" / "one.bin") == DIGEST


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """A registry with one user, in memory; its address."""
    entry = bcrypt.hashpw(b"push:word", bcrypt.gensalt(4)).decode()
    (tmp_path / "htpasswd").write_text(f"ada:{entry}\n")
    options = [f"--volume={tmp_path}/htpasswd:/htpasswd:ro", "--env=REGISTRY_STORAGE=inmemory"]
    options += [f"--env=REGISTRY_AUTH_HTPASSWD_{name}" for name in ("REALM=test", "PATH=/htpasswd")]
    options += ["--env=REGISTRY_AUTH=htpasswd", "--env=REGISTRY_HTTP_ADDR=:5000", "--publish=127.0.0.1::5000"]
    command = ["docker", "run", "--detach", *options, "rgwkit/registry:2.8"]
    container = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    try:
        published = ["docker", "port", container, "5000"]
        address = subprocess.run(published, capture_output=True, text=True, check=True).stdout.split()[0]
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(requests.RequestException):
                assert requests.get(f"http://{address}/v2/", timeout=2).status_code == 401
                break
            time.sleep(0.1)
        yield address
    finally:
        subprocess.run(["docker", "rm", "--force", "--volumes", container], check=True, capture_output=True)


@pytest.fixture
def image(file: Path) -> Iterator[str]:
    """A small image in the docker daemon; its name."""
    name = f"rgwkit-test/clients-{secrets.token_hex(4)}:1"
    with tarfile.open(file.parent / "image.tar", "w") as archive:
        archive.add(file, arcname="one.bin")
    subprocess.run(["docker", "import", file.parent / "image.tar", name], check=True, capture_output=True)
    yield name
    subprocess.run(["docker", "rmi", name], check=True, capture_output=True)


def test_skopeo(registry, settings, image):
    login = {"address": registry, "user": "ada", "password": "push:word"}
    own = settings(registries=[login])
    source, target = f". {own}/containers.sh", f"docker://{registry}/one:v1"
    assert "ada" in shell(source, f"skopeo login --get-login {registry}")
    shell(source, f"skopeo copy --dest-tls-verify=false docker-daemon:{image} {target}")
    assert '"v1"' in shell(source, f"skopeo list-tags --tls-verify=false docker://{registry}/one")
    refused = shell(f"skopeo list-tags --tls-verify=false docker://{registry}/one", code=1)
    assert "unauthorized" in refused or "authentication required" in refused
    assert not settings(registries=[login]).joinpath("rclone.conf").exists()


def test_every_program_reads_a_secret_to_the_byte(settings, programs, aws):
    """Without a gateway: what the programs have read, by their own commands."""
    own = settings(
        endpoint="http://127.0.0.1:1",
        swift={"user": "ada:swift", "key": HOSTILE},
        s3={"access_key": "ADA", "secret_key": HOSTILE},
    )
    remotes = json.loads(shell(f". {own}/rclone.sh", "rclone config dump"))
    assert (remotes["rgw-swift"]["key"], remotes["rgw-s3"]["secret_access_key"]) == (HOSTILE, HOSTILE)
    # With --dump-config, s3cmd hides nothing.
    dumped = shell(f". {own}/s3cmd.sh", "s3cmd --dump-config", path=programs)
    assert f"secret_key = {HOSTILE}\n" in dumped
    for source in (f". {own}/aws.sh", f". {own}/aws.sh; unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"):
        assert shell(source, "aws configure get aws_secret_access_key", path=aws) == f"{HOSTILE}\n"


def test_a_secret_with_every_sign_reaches_the_gateway(site, settings, programs, aws):
    """The same secret at a real gateway, by S3 and by swift."""
    user = site.new_user(key=HOSTILE, secret_key=HOSTILE)
    own = settings(endpoint=site.plain_url, **user)
    for name, command in {
        "swift": "swift stat",
        "rclone": "rclone lsd rgw-swift: && rclone lsd rgw-s3:",
        "s3cmd": "s3cmd ls",
        "aws": "aws s3 ls",
    }.items():
        shell(f". {own}/{name}.sh", command, path=aws if name == "aws" else programs)


def test_rotation_and_removal(site, settings, run_module, programs):
    user = site.new_user()
    own = settings(endpoint=site.plain_url, **user, programs=["swift", "rclone"])
    stat = (f". {own}/swift.sh", "swift stat", f". {own}/rclone.sh", "rclone lsd rgw-swift:")
    shell(*stat, path=programs)
    uid = user["s3"]["access_key"]
    create = ["key", "create", f"--uid={uid}", f"--subuser={uid}:swift", "--key-type=swift"]
    site.gateway.run("radosgw-admin", *create, "--secret=the-next-generation-of-keys")
    shell(*stat[:2], path=programs, code=1)
    settings(
        endpoint=site.plain_url,
        swift={**user["swift"], "key": "the-next-generation-of-keys"},
        programs=["swift", "rclone"],
    )
    shell(*stat, path=programs)


def test_a_port_that_nobody_listens_on_is_the_program_s_error_not_the_module_s(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    own = settings(endpoint=f"http://127.0.0.1:{port}", s3={"access_key": "a", "secret_key": "b" * 20})
    assert "refused" in shell(f". {own}/rclone.sh", "rclone lsd rgw-s3: --retries 1 --low-level-retries 1", code=1)
