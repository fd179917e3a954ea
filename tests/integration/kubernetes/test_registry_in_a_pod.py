# SPDX-License-Identifier: Apache-2.0
"""What is rendered, run as a real registry on a real gateway, as confined as in Kubernetes, and probed."""

from __future__ import annotations

import socket
import subprocess
from contextlib import ExitStack

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.effective import of_chart
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import dump
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.htpasswd import plan
from ansible_collections.rgwkit.ceph.plugins.modules import registry_probe

from tests.certificates import write_self_signed
from tests.faulty_gateway.running import FaultyGateway
from tests.integration.gateway import running_gateway
from tests.unit.kubernetes.registries import pod_registry
from tests.unit.registry.variables import TLS

from .pods import container_of, mounted, running_pod, started

# A password that YAML reads as a number, and with which the registry would panic.
DIGITS = "01234567890123456789"
PASSWORD = "password-of-ci"
STEPS = ["push", "head", "pull", "index", "mount", "resume", "delete"]
SECONDS = 60


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        ready = wait_ready(Endpoint.parse(running.url), Login(running.user, running.secret), 120)
        assert ready.ok, f"{ready}\n{running.logs()[-4000:]}"
        key = f"radosgw-admin key create --uid=demo --subuser=demo:swift --key-type=swift --secret={DIGITS}"
        running.run(*key.split())
        yield running


def on(gateway, **role):
    """Variables of a registry on the gateway, which the pod reaches at the gateway's own address."""
    address = gateway.run("hostname", "-i").split()[0]
    health = {"storagedriver": {"enabled": True, "interval": "1s", "threshold": 2}}
    return {
        "storage": "swift",
        "swift_authurl": f"http://{address}:8080/auth/v1",
        "swift_username": gateway.user,
        "swift_container": "in-a-pod",
        "health": health,
        "users": [{"name": "ci", "password_file": "/ci"}],
        **role,
    }


def registry_on(gateway, role=None, files=None):
    users = {"htpasswd": plan(None, {"ci": PASSWORD}, 5).text}
    return pod_registry(on(gateway, **(role or {})), {"storage.swift.password": DIGITS}, {**users, **(files or {})})


def probe(run_module, pod, **options):
    """Push, pull and delete by the registry's API."""
    login = {"username": "ci", "password": PASSWORD}
    seen = run_module(registry_probe, registry=pod.url, **login, steps=STEPS, layer_sizes=[1024], **options)
    assert seen["passed"] and len(seen["verdicts"]) > len(STEPS), f"{seen['printed']}\n{pod.log()}"


def test_the_manifests_run_as_they_are(gateway, tmp_path, run_module):
    with running_pod(registry_on(gateway), tmp_path) as pod:
        pod.wait_for(200, SECONDS)
        probe(run_module, pod)
        assert "Ignoring unrecognized environment variable" not in pod.log() and "warning" not in pod.log()
        assert requests.get(f"{pod.url}/v2/", timeout=10).status_code == 401


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_with_tls_the_kubelet_s_probes_go_on(gateway, tmp_path, run_module):
    pair = write_self_signed(tmp_path / "pair.pem").read_text()
    key, begin, certificate = pair.partition("-----BEGIN CERTIFICATE-----")
    registry = registry_on(gateway, TLS, {"certificate.pem": begin + certificate, "key.pem": key})
    with running_pod(registry, tmp_path) as pod:
        pod.wait_for(200, SECONDS)
        probe(run_module, pod, validate_certs=False)


def test_what_the_chart_makes_of_the_values_runs(gateway, tmp_path, run_module):
    registry = registry_on(gateway)
    seen = of_chart(registry)
    group = registry.uid
    config = mounted(tmp_path / "config", {"config.yml": dump(seen.config)}, group, 0o440)
    auth = mounted(tmp_path / "auth", {"htpasswd": registry.files["htpasswd"]}, group, 0o440)
    volumes = [f"--volume={config}:/etc/docker/registry:ro", f"--volume={auth}:/auth:ro"]
    pod, container, _environment, _files = container_of(registry)
    with started(pod, container, seen.environment, tmp_path, volumes, tls=False) as running:
        running.wait_for(200, SECONDS)
        probe(run_module, running)


def test_the_same_password_without_quotes_ends_the_registry(gateway, tmp_path):
    """The trap that the quotes are for: a number where the driver wants a text."""
    registry = registry_on(gateway)
    pod, container, environment, files = container_of(registry)
    assert environment["REGISTRY_STORAGE_SWIFT_PASSWORD"] == f'"{DIGITS}"'
    volume = mounted(tmp_path / "files", files, registry.uid, 0o440)
    spoilt = {**environment, "REGISTRY_STORAGE_SWIFT_PASSWORD": DIGITS}
    mount = [f"--volume={volume}:/etc/docker/registry:ro"]
    with started(pod, container, spoilt, tmp_path, mount, tls=False) as running:
        subprocess.run(["docker", "wait", running.container], check=True, capture_output=True, timeout=SECONDS)
        assert running.inspect()["State"]["ExitCode"] == 2 and "password" in running.log().lower()


def test_another_service_s_variables_would_end_it_and_are_turned_off(tmp_path):
    """enableServiceLinks: a Service registry-storage in the namespace."""
    registry = pod_registry({"storage": "inmemory"})
    pod, container, environment, files = container_of(registry)
    assert pod["enableServiceLinks"] is False
    volume = mounted(tmp_path / "files", files, registry.uid, 0o440)
    spoilt = {**environment, "REGISTRY_STORAGE_PORT": "tcp://10.0.0.1:5000"}
    mount = [f"--volume={volume}:/etc/docker/registry:ro"]
    with started(pod, container, spoilt, tmp_path, mount, tls=False) as running:
        subprocess.run(["docker", "wait", running.container], check=True, capture_output=True, timeout=SECONDS)
        assert running.inspect()["State"]["ExitCode"] == 1 and "configuration.Parameters" in running.log()


def test_an_outage_of_the_gateway_takes_the_pod_from_the_service_and_does_not_kill_it(gateway, tmp_path):
    bridge = "{{(index .IPAM.Config 0).Gateway}}"
    command = ["docker", "network", "inspect", "bridge", f"--format={bridge}"]
    address = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    with ExitStack() as until_the_outage:
        between = until_the_outage.enter_context(FaultyGateway(gateway.host, gateway.port, address=address))
        registry = registry_on(gateway, {"swift_authurl": f"{between.url}/auth/v1"})
        with running_pod(registry, tmp_path) as pod:
            pod.wait_for(200, SECONDS)
            until_the_outage.close()
            pod.wait_for(503, SECONDS)
            assert pod.template["livenessProbe"]["tcpSocket"]
            host, _, port = pod.address.rpartition(":")
            with socket.create_connection((host, int(port)), timeout=5):
                assert pod.inspect()["State"]["Running"]
