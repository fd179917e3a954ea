# SPDX-License-Identifier: Apache-2.0
"""What clients of a gateway and of two registries see through the ingress, which speaks TLS to them."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import subprocess
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.host_port import near_host, url
from ansible_collections.rgwkit.ceph.plugins.modules import registry_probe, rgw_verify

from tests.certificates import write_self_signed
from tests.integration.gateway import running_gateway
from tests.playbooks import free_port, has_ipv6

from .ingress_host import ingress_host, registries

# How a service's address may be written; a host without IPv6 has fewer.
FORMS = ["127.0.0.1", "localhost", "*", *(["::1"] if has_ipv6() else [])]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return write_self_signed(tmp_path_factory.mktemp("tls") / "ingress.pem", "127.0.0.1", "storage.test")


@pytest.fixture(scope="module")
def ingress(tmp_path_factory, gateway, certificate):
    """A host whose ingress stands before the gateway and two registries; its first run."""
    with registries(tmp_path_factory.mktemp("registries"), ["a", "b"]) as ports:
        tls = {"certificate": str(certificate), "key": str(certificate), "names": ["storage.test", "127.0.0.1"]}
        local = {"address": "127.0.0.1", "tls": tls}
        replicas = [{"name": name, "address": "127.0.0.1", "port": port} for name, port in ports.items()]
        gateways = [{"name": "one", "address": gateway.host, "port": gateway.port}]
        services = [
            {"name": "registry", "type": "registry", "port": free_port(), "backends": replicas, **local},
            {"name": "rgw", "type": "rgw", "port": free_port(), "backends": gateways, **local},
            *(
                {"name": f"form-{number}", "type": "rgw", "port": free_port(), "backends": gateways, "address": address}
                for number, address in enumerate(FORMS)
            ),
        ]
        with ingress_host(tmp_path_factory.mktemp("lb"), services) as host:
            run = host.play("--diff", "-vvv")
            assert run.code == 0, run.output[-4000:]
            assert "PRIVATE KEY" not in run.output
            yield host


def test_a_second_run_changes_nothing(ingress):
    run = ingress.play()
    assert (run.code, run.count("changed")) == (0, 0), run.output[-4000:]


@pytest.mark.parametrize("address", FORMS)
def test_an_address_may_have_any_form(ingress, address):
    port = ingress.port(f"form-{FORMS.index(address)}")
    asked = url(near_host(address), port, path="/swift/healthcheck")
    assert requests.get(asked, timeout=10).status_code == 200


def test_a_registry_works_through_it_in_every_step(ingress, certificate, run_module):
    url = f"https://127.0.0.1:{ingress.port('registry')}"
    result = run_module(registry_probe, registry=url, ca_file=str(certificate), layer_sizes=[1024, 5 << 20])
    verdicts = {verdict["step"]: verdict["verdict"] for verdict in result["verdicts"]}
    # `location` looks whether uploads lead back to https and the port that the client knows.
    assert {name: verdicts[name] for name in ("push", "location", "pull", "resume", "delete")} == dict.fromkeys(
        ("push", "location", "pull", "resume", "delete"), "ok"
    ), result
    assert result["passed"]
    assert all(int(ingress.backend("registry", name)["stot"]) > 5 for name in ("a", "b"))


def test_swift_clients_are_told_the_address_that_they_know(ingress, certificate, gateway):
    url = f"https://127.0.0.1:{ingress.port('rgw')}"
    with requests.Session() as session:
        session.trust_env = False  # or its CA bundle would go before ours
        session.verify = str(certificate)
        login = {"X-Auth-User": gateway.user, "X-Auth-Key": gateway.secret}
        answer = session.get(f"{url}/auth/v1", headers=login, timeout=10)
        storage = answer.headers["X-Storage-Url"]
        assert storage == f"{url}/swift/v1"
        session.headers["X-Auth-Token"] = answer.headers["X-Auth-Token"]
        metadata = {f"X-Object-Meta-{number}": "v" * 200 for number in range(60)}
        session.put(f"{storage}/box", timeout=10).raise_for_status()
        session.put(f"{storage}/box/thing", data=b"content", headers=metadata, timeout=10).raise_for_status()
        again = session.get(f"{storage}/box/thing?temp_url_sig=canary", timeout=10)
    assert (again.content, again.headers["X-Object-Meta-59"]) == (b"content", "v" * 200)
    # What a request is signed with is no matter for a log.
    assert "/swift/v1/box/thing" in ingress.log() and "canary" not in ingress.log()
    assert gateway.secret not in ingress.log()


@pytest.fixture
def asking(ingress, certificate, gateway):
    """Begins a PUT to a container of the gateway as a client that asks before it sends the body."""
    login = {"X-Auth-User": gateway.user, "X-Auth-Key": gateway.secret}
    token = requests.get(f"{gateway.url}/auth/v1", headers=login, timeout=10).headers["X-Auth-Token"]
    requests.put(f"{gateway.url}/swift/v1/asks", headers={"X-Auth-Token": token}, timeout=10).raise_for_status()

    @contextmanager
    def ask(container):
        context = ssl.create_default_context(cafile=certificate)
        plain = socket.create_connection(("127.0.0.1", ingress.port("rgw")), timeout=10)
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as sock:
            head = f"PUT /swift/v1/{container}/thing HTTP/1.1\r\nHost: a\r\nX-Auth-Token: {token}\r\n"
            sock.sendall(f"{head}Content-Length: 4\r\nExpect: 100-continue\r\n\r\n".encode())
            yield sock

    return ask


def test_a_client_that_asks_first_is_told_to_go_on(asking):
    with asking("asks") as sock:
        assert sock.recv(4096).startswith(b"HTTP/1.1 100")
        sock.sendall(b"body")
        stored = sock.recv(4096)
    assert stored.startswith(b"HTTP/1.1 201") and b"connection: close" not in stored.lower()


def test_a_client_that_is_refused_before_its_body_is_told_to_begin_anew(asking):
    with asking("nowhere") as sock:
        refused = sock.recv(4096)
    assert refused.startswith(b"HTTP/1.1 404") and b"\r\nconnection: close\r\n" in refused.lower()


def test_a_registry_s_gateway_may_be_the_ingress(ingress, certificate, gateway, run_module):
    result = run_module(
        rgw_verify,
        endpoint=f"https://127.0.0.1:{ingress.port('rgw')}",
        ca_file=str(certificate),
        user=gateway.user,
        secret_file=str(gateway.secret_file),
        groups=["head", "registry", "limits"],
    )
    assert result["passed"], result["msg"]
    assert {verdict["probe"]: verdict["verdict"] for verdict in result["verdicts"]}["rejected-put"] == "ok"


def test_a_gateway_s_check_reads_the_cluster(ingress, gateway):
    assert ingress.backend("rgw", "one")["status"] == "UP"
    asked = gateway.logs()
    assert "GET /rgwkit-" in asked and "GET /rgwkit-ingress" in asked


def test_keys_and_the_admin_socket_are_root_s_alone(ingress):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (ingress.folder / "etc").iterdir()}
    assert set(modes.values()) == {0o600}
    assert {"haproxy.cfg", "rgw.pem", "rgw.pem.key"} <= set(modes)
    assert stat.S_IMODE(ingress.socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(os.stat(ingress.folder / "etc").st_mode) == 0o700


def test_a_client_s_word_of_where_it_comes_from_is_dropped(ingress, certificate):
    url = f"https://127.0.0.1:{ingress.port('registry')}"
    claims = {"X-Forwarded-For": "203.0.113.66", "X-Forwarded-Host": "evil.test", "X-Real-IP": "203.0.113.66"}
    claims["Forwarded"] = "for=203.0.113.66;host=evil.test;proto=http"
    begun = requests.post(f"{url}/v2/box/blobs/uploads/", headers=claims, verify=certificate, timeout=10)
    assert begun.status_code == 202 and begun.headers["Location"].startswith(f"{url}/"), begun.headers
    requests.delete(begun.headers["Location"], verify=certificate, timeout=10)


def test_the_container_has_no_rights_that_it_does_not_need(ingress):
    form = "{{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.ReadonlyRootfs}}"
    assert docker("inspect", f"--format={form}", ingress.name).split() == ["[ALL]", "[no-new-privileges]", "true"]
    # The kernel gives out numbers in a circle: a worker's may be lower than its master's.
    parents = dict(line.split() for line in docker("top", ingress.name, "-eo", "pid,ppid").splitlines()[1:])
    ((worker, master),) = ((pid, parent) for pid, parent in parents.items() if parent in parents)
    of_worker, of_master = (dict(_status(pid)) for pid in (worker, master))
    assert int(of_worker["CapEff"], 16) == 0 and of_worker["Uid"].split()[0] != "0"
    # CAP_KILL, CAP_SETGID, CAP_SETUID and CAP_NET_BIND_SERVICE.
    assert int(of_master["CapBnd"], 16) == 1 << 5 | 1 << 6 | 1 << 7 | 1 << 10
    assert of_master["NoNewPrivs"] == "1"


def _status(pid):
    return (line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())


def docker(*arguments):
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout


class Deaf:
    """A backend that passes its checks, reads each other request and hangs up without an answer."""

    def __init__(self):
        self.heard = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.hear, args=(connection,), daemon=True).start()

    def hear(self, connection):
        with connection, suppress(OSError):
            head = connection.recv(65536)
            if head.startswith(b"GET /rgwkit-"):
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            elif head:
                self.heard.append(head.split()[0].decode())


@pytest.fixture(scope="module")
def deaf(tmp_path_factory):
    """Two such backends behind an ingress."""
    backends = [Deaf(), Deaf()]
    named = [{"name": f"b{backend.port}", "address": "127.0.0.1", "port": backend.port} for backend in backends]
    service = {"name": "rgw", "type": "rgw", "address": "127.0.0.1", "port": free_port(), "backends": named}
    with ingress_host(tmp_path_factory.mktemp("deaf"), [service]) as host:
        run = host.play()
        assert run.code == 0, run.output[-4000:]
        yield host, backends


@pytest.mark.parametrize(
    ("method", "times"), [("GET", 4), ("HEAD", 4), ("PUT", 1), ("POST", 1), ("DELETE", 1), ("PATCH", 1), ("COPY", 1)]
)
def test_what_a_backend_took_is_sent_again_only_if_it_changes_nothing(deaf, method, times):
    host, backends = deaf
    for backend in backends:
        backend.heard.clear()
    body = None if method in ("GET", "HEAD") else b"body"
    answer = requests.request(method, f"http://127.0.0.1:{host.port('rgw')}/box/thing", data=body, timeout=30)
    assert answer.status_code == 502
    assert [word for backend in backends for word in backend.heard] == [method] * times


def changed(services, **changes):
    """The services, the first with other values."""
    return [{**services[0], **changes}, *services[1:]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda host: {"name": "a\n  stats uri /open"}, "names have letters, digits"),
        (lambda host: {"backends": []}, "no backends for registry"),
        (lambda host: {"port": host.port("rgw")}, "more than once"),
        (
            lambda host: {"backends": [{"name": "a", "address": "nowhere.invalid", "port": 1}]},
            "HAProxy refuses the new configuration",
        ),
    ],
    ids=["name", "no-backends", "twice", "unknown-host"],
)
def test_bad_input_is_refused_and_nothing_changes(ingress, certificate, change, said):
    before = ingress.tell("show info typed").count("\n"), (ingress.folder / "etc" / "haproxy.cfg").read_text()
    run = ingress.play(rgw_ingress_services=changed(ingress.services, **change(ingress)))
    assert run.code != 0 and said in " ".join(run.output.split()), run.output[-4000:]
    assert (ingress.tell("show info typed").count("\n"), (ingress.folder / "etc" / "haproxy.cfg").read_text()) == before
    url = f"https://127.0.0.1:{ingress.port('registry')}/v2/"
    assert requests.get(url, verify=certificate, timeout=10).status_code == 200
