# SPDX-License-Identifier: Apache-2.0
"""Where a fault does not stop the registry: that it does what the finding says, seen from outside."""

from __future__ import annotations

import hashlib
import json
import socket
import time

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import dump
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.yaml import parse

from tests.faulty_gateway.running import FaultyGateway

from .cases import GONE, PLAIN, TWO, changed, swift
from .registries import VERSION, Run, running
from .test_behaviour import needs_swift

BLOB = b"a blob"
DIGEST = f"sha256:{hashlib.sha256(BLOB).hexdigest()}"
# In a moment this long, a check every 10 s happens not at all, and one every 10 ns as often as the gateway answers.
MOMENT_SECONDS = 0.5


def paths(text: str, with_files: bool = False) -> list[str]:
    return [finding.place for finding in lint(text, VERSION, with_files)]


def push(run: Run) -> None:
    upload = run.ask("POST", "/v2/r/blobs/uploads/").headers["Location"]
    pushed = run.ask("PUT", f"{upload}&digest={DIGEST}", BLOB, **{"Content-Type": "application/octet-stream"})
    assert pushed.status == 201, pushed.data


def test_a_quoted_true_leaves_deletion_off(tmp_path):
    on, off = dump(PLAIN), dump(changed(PLAIN, {"storage.delete.enabled": "true"}))
    assert (paths(on), paths(off)) == ([], ["storage.delete.enabled"])
    with running(tmp_path / "runs", {"on": on, "off": off}) as runs:
        for run in runs.values():
            push(run)
        assert runs["on"].ask("DELETE", f"/v2/r/blobs/{DIGEST}").status == 202
        assert runs["off"].ask("DELETE", f"/v2/r/blobs/{DIGEST}").status == 405


@needs_swift
def test_an_interval_of_10_is_10_nanoseconds(tmp_path, gateway):
    asked = {}
    for interval in ("10s", 10):
        with FaultyGateway(gateway.host, gateway.port) as counting:
            health = {"health": {"storagedriver": {"enabled": True, "interval": interval}}}
            config = dump(changed(swift(counting.url, gateway.secret), health))
            with running(tmp_path / "runs", {"one": config}):
                started = len(counting.requests)
                time.sleep(MOMENT_SECONDS)
                asked[interval] = len(counting.requests) - started
    assert asked["10s"] == 0
    assert asked[10] > 4


def test_the_last_of_two_keys_holds(tmp_path):
    text = dump(PLAIN) + 'redis: {}\nlog: {"level": "info"}\nlog: {"formatter": "json"}\n'
    assert paths(text) == [f"line {len(text.splitlines())}"]
    with running(tmp_path / "runs", {"one": text}) as runs:
        assert json.loads(runs["one"].first_line)["level"]


def test_tabs_are_no_indentation(tmp_path):
    text = dump(PLAIN) + "log:\n\tlevel: info\n"
    assert paths(text) == [f"line {len(text.splitlines())}"]
    with running(tmp_path / "runs", {"one": text}) as runs:
        assert (runs["one"].exit, "configuration error" in runs["one"].out) == (1, True)


def test_a_key_without_a_certificate_is_no_tls(tmp_path):
    text = dump(changed(PLAIN, {"http.tls": {"key": "/k.pem"}}))
    assert paths(text) == ["http.tls.certificate"]
    with running(tmp_path / "runs", {"one": text}) as runs:
        assert runs["one"].ask("GET", "/v2/").status == 200


def test_without_an_address_the_port_is_any(tmp_path):
    text = dump(changed(PLAIN, {"http.addr": GONE}))
    with running(tmp_path / "runs", {"one": text, "other": text}) as runs:
        assert runs["one"].port != runs["other"].port


def test_without_a_secret_it_makes_one(tmp_path):
    text = dump(changed(PLAIN, {"http.secret": GONE}))
    assert paths(text) == ["http.secret"]
    with running(tmp_path / "runs", {"one": text}) as runs:
        assert "No HTTP secret provided" in runs["one"].out


def test_a_missing_htpasswd_is_made_and_its_password_logged(tmp_path):
    runs_folder, file = tmp_path / "runs", tmp_path / "runs" / "one" / "made" / "htpasswd"
    # The registry sees its folder under another name than this host does.
    text = dump(changed(PLAIN, {"auth": {"htpasswd": {"realm": "r", "path": "made/htpasswd"}}}))
    assert paths(text.replace("made/htpasswd", str(file)), with_files=True) == ["auth.htpasswd.path"]
    with running(runs_folder, {"one": text}) as runs:
        assert "password=" in runs["one"].out or "password:" in runs["one"].out
        assert file.read_text().startswith("docker:")
        assert paths(text.replace("made/htpasswd", str(file)), with_files=True) == []


def test_s3_on_a_gateway_takes_a_push_and_gives_it_back(tmp_path, gateway):
    login = {"X-Auth-User": gateway.user, "X-Auth-Key": gateway.secret}
    token = requests.get(f"{gateway.url}/auth/v1", headers=login, timeout=10).headers["X-Auth-Token"]
    bucket = f"{gateway.url}/swift/v1/registry-s3"
    assert requests.put(bucket, headers={"X-Auth-Token": token}, timeout=10).status_code == 201
    parameters = {"regionendpoint": gateway.url, "region": "default", "bucket": "registry-s3"}
    parameters.update(accesskey=gateway.access_key, secretkey=gateway.secret, v4auth=True)
    if VERSION not in TWO:
        parameters["forcepathstyle"] = True
    text = dump(changed(PLAIN, {"storage.inmemory": GONE, "storage.s3": parameters}))
    assert paths(text) == []
    with running(tmp_path / "runs", {"one": text}) as runs:
        push(runs["one"])
        pulled = runs["one"].ask("GET", f"/v2/r/blobs/{DIGEST}")
        assert (pulled.status, pulled.data) == (200, BLOB)


@pytest.mark.parametrize(("secure", "first"), [(None, 0x16), (True, 0x16), (False, ord("G"))])
def test_s3_without_a_scheme_speaks_https_unless_secure_is_false(tmp_path, secure, first):
    with socket.create_server(("127.0.0.1", 0)) as gateway:
        gateway.settimeout(30)
        parameters = {"regionendpoint": "127.0.0.1:{1}".format(*gateway.getsockname()), "region": "default"}
        parameters.update(bucket="registry-s3", accesskey="a", secretkey="b", v4auth=True)
        parameters.update({} if secure is None else {"secure": secure})
        parameters.update({} if VERSION in TWO else {"forcepathstyle": True})
        storage = {"storage.inmemory": GONE, "storage.s3": parameters}
        # The driver asks the gateway first for the check of its health.
        health = {"health": {"storagedriver": {"enabled": True, "interval": "100ms", "threshold": 3}}}
        text = dump(changed(PLAIN, {**storage, **health}))
        assert paths(text) == ([] if secure is False else ["storage.s3.regionendpoint"])
        with running(tmp_path / "runs", {"one": text}):
            connection, _address = gateway.accept()
            with connection:
                # A record of TLS begins with 0x16 (RFC 8446, 5.1), and a request with its method.
                assert connection.recv(1)[0] == first


@pytest.mark.skipif(VERSION in TWO, reason="registry 2 uses path style of itself")
def test_registry_3_asks_for_a_host_of_the_buckets_name(tmp_path):
    parameters = {"accesskey": "a", "secretkey": "b", "region": "default", "bucket": "the-bucket"}
    parameters["regionendpoint"] = "http://nowhere.invalid"
    text = dump(changed(PLAIN, {"storage.inmemory": GONE, "storage.s3": parameters}))
    assert paths(text) == ["storage.s3.forcepathstyle"]
    with running(tmp_path / "runs", {"one": text}) as runs:
        runs["one"].ask("GET", "/v2/r/tags/list")
        said = (tmp_path / "runs" / "one" / "out").read_text()
        assert "the-bucket.nowhere.invalid" in said


SCALARS = [
    *(
        "1e3",
        "12e5",
        "1.5e-3",
        ".5",
        "1.",
        "08",
        "0123",
        "0b101",
        "0x1F",
        "1_000",
        "-7",
        "+7",
        "0",
        "-0",
        "1:30",
        "0o17",
    ),
    *(
        "y",
        "Y",
        "n",
        "N",
        "yes",
        "No",
        "ON",
        "off",
        "true",
        "FALSE",
        "~",
        "null",
        "NULL",
        "nUll",
        "2026-01-01",
        "1234567890",
    ),
    *("1e", "0x", "e3", "_1", "1_"),
]


@pytest.mark.skipif(VERSION == "2.7", reason="2.7 has an older yaml.v2, which takes 1e3 for a string")
def test_plain_scalars_are_read_as_the_registry_reads_them(tmp_path):
    fields = "".join(f"    s{number}: {scalar}\n" for number, scalar in enumerate(SCALARS))
    text = dump(PLAIN) + f"log:\n  formatter: json\n  fields:\n{fields}"
    with running(tmp_path / "runs", {"one": text}) as runs:
        logged = json.loads(runs["one"].first_line)
    for name, ours in parse(text).config["log"]["fields"].items():
        theirs = logged.get(name)  # The log leaves out what is null.
        assert (name, type(ours) is bool, ours) == (name, type(theirs) is bool, theirs)
