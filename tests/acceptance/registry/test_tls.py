# SPDX-License-Identifier: Apache-2.0
"""The role registry with TLS: what clients would refuse is refused first, and a new certificate is taken up."""

from __future__ import annotations

import shutil
import socket
import ssl
from pathlib import Path

import pytest
import requests

from tests.certificates import write_self_signed

from .registry_host import registry_host


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def pair(files):
    """The role's variables for a good certificate."""
    return pair_of(write_self_signed(files / "good.pem", "127.0.0.1", "registry.test"))


@pytest.fixture(scope="module")
def host(tmp_path_factory, files, pair):
    with registry_host(tmp_path_factory.mktemp("host")) as host:
        first = host.play(**pair, **with_user(files))
        assert first.code == 0, first.output[-4000:]
        yield host


def with_user(files):
    return {"registry_users": [{"name": "ci", "password_file": str(files / "ci.password")}]}


def pair_of(certificate, key=None):
    return {
        "registry_tls_certificate_file": str(certificate),
        "registry_tls_key_file": str(key or certificate),
        "registry_tls_ca_file": str(certificate),
        "registry_names": ["registry.test", "127.0.0.1"],
    }


def serving(port):
    """The certificate that the registry shows, in PEM."""
    return ssl.get_server_certificate(("127.0.0.1", port))


def test_a_registry_speaks_tls_and_a_second_run_changes_nothing(host, files, pair):
    # As after many requests: the log has been rotated, and no longer says that the registry listens.
    Path(host.container()["LogPath"]).write_text("")
    again = host.play(**pair, **with_user(files))
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    registry = f"https://127.0.0.1:{host.port}/v2/"
    assert requests.get(registry, verify=files / "good.pem", timeout=10).status_code == 401
    login = ("ci", (files / "ci.password").read_text().strip())
    assert requests.get(registry, auth=login, verify=files / "good.pem", timeout=10).status_code == 200


def test_only_the_registry_s_user_reads_the_key(host):
    for name in ("key.pem", "certificate.pem"):
        found = (host.folder / "registry" / name).stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (0, 65532, 0o640)
    assert host.container()["Config"]["User"] == "65532:65532"


def faults(files):
    expired = write_self_signed(files / "expired.pem", "127.0.0.1", "registry.test", begins=-9, ends=-1)
    other = write_self_signed(files / "other.pem", "127.0.0.1", "other.test")
    return {
        "mismatch": (pair_of(files / "good.pem", other), "does not belong to the key"),
        "expired": (pair_of(expired), "has expired"),
        "other-name": (pair_of(other), "is not for registry.test, which clients use"),
    }


@pytest.mark.parametrize("fault", ["mismatch", "expired", "other-name"])
def test_a_certificate_that_clients_would_refuse_changes_nothing(host, files, fault):
    variables, said = faults(files)[fault]
    before, shown = host.started(), serving(host.port)
    run = host.play(**variables, **with_user(files))
    assert run.code != 0 and said in run.output, run.output[-4000:]
    assert "registry_tls_certificate_file" in run.output
    assert (host.started(), serving(host.port)) == (before, shown)


def test_a_taken_port_leaves_the_running_registry_alone(host, files, pair):
    before = host.started()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = host.play(**pair, **with_user(files), registry_port=port)
    assert run.code != 0 and f"port {port}, wanted for the registry, is taken by" in run.output
    assert host.started() == before


def test_a_renewed_certificate_is_shown_after_the_run(host, files, pair):
    old = serving(host.port)
    renewed = write_self_signed(files / "renewed.pem", "127.0.0.1", "registry.test")
    shutil.copy(renewed, files / "good.pem")
    run = host.play("-vvvv", "--diff", **pair, **with_user(files))
    assert run.code == 0, run.output[-4000:]
    assert serving(host.port) != old
    assert serving(host.port).strip() in renewed.read_text()
    assert "PRIVATE KEY" not in run.output


def test_a_registry_that_logs_errors_alone_is_waited_for(host, files, pair):
    """It does not say that it listens."""
    before = host.started()
    run = host.play(**pair, **with_user(files), registry_log_level="error")
    assert run.code == 0, run.output[-4000:]
    assert host.started() != before
