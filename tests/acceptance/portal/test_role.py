# SPDX-License-Identifier: Apache-2.0
"""The role rgw_portal on a Debian host: first run, second run, change, boot, teardown, with a real gateway."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import document, now, run_of, to_json

from tests.acceptance.portal.portal_site import PORT, PROXY_SECRET, RGW_SECRET, UNIT, PortalHost, portal_site
from tests.integration.gateway import Gateway
from tests.integration.processes import command_lines
from tests.playbooks import Run
from tests.report_sample import healthy

CANARY = f"canary-{secrets.token_hex(16)}"
CONFIG = f"/etc/rgwkit/{UNIT}/portal.json"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PortalHost, Gateway]]:
    with portal_site(tmp_path_factory.mktemp("portal"), CANARY) as (host, gateway):
        done = host.play("users")
        assert done.code == 0, done.output[-4000:]
        yield host, gateway


@pytest.fixture
def host(site: tuple[PortalHost, Gateway]) -> PortalHost:
    return site[0]


@pytest.fixture
def gateway(site: tuple[PortalHost, Gateway]) -> Gateway:
    return site[1]


@pytest.fixture(scope="module")
def play_with_copy(site: tuple[PortalHost, Gateway]) -> Callable[..., Run]:
    """Runs playbooks/portal.yml where the gateway's host alone has the portal's key, until a run copies the key."""
    host, gateway = site
    replace(host, name=gateway.container).write(RGW_SECRET, host.tell("cat", RGW_SECRET))
    host.tell("rm", RGW_SECRET)
    source = {"ansible_connection": "community.docker.docker", "ansible_host": gateway.container}
    inventory = host.folder / "gateway.json"
    inventory.write_text(json.dumps({"all": {"hosts": {"gateway": source}}}))
    files = [{"path": RGW_SECRET}]

    def play(*options: str) -> Run:
        options = ("-i", str(inventory), *options)
        return host.play("portal", *options, shared_secrets_source="gateway", shared_secrets_files=files)

    return play


def traces(host: PortalHost) -> str:
    return host.tell("sh", "-c", f"find /etc /var/lib -name '*{UNIT}*'; grep {UNIT} /etc/passwd")


def refused(host: PortalHost, **variables: object) -> str:
    """What a run says that changed nothing."""
    run = host.play("portal", **variables)
    assert run.code != 0 and run.count("changed") == 0 and traces(host) == "", run.output[-4000:]
    return " ".join(run.output.split())


def ask(host: PortalHost, method: str, path: str, group: str, **options: object) -> requests.Response:
    """A request as the proxy would send it for somebody in a group."""
    proxy = {"X-Portal-Proxy-Secret": CANARY, "X-Forwarded-User": "ann", "X-Forwarded-Groups": group}
    return requests.request(method, host.url + path, headers=proxy, timeout=30, **options)


@pytest.mark.parametrize(
    "variables, said",
    [
        ({"rgw_portal_backends": []}, "rgw_portal_backends is empty"),
        ({"rgw_portal_proxy_addresses": []}, "so nobody could sign in"),
        ({"rgw_portal_proxy_secret_file": "/etc/nowhere"}, "/etc/nowhere on one: not a file that root alone owns"),
        ({"rgw_portal_name": "Portal"}, "cannot be the name of a user"),
    ],
    ids=["no-backend", "nobody-could-sign-in", "secret-missing", "name"],
)
def test_bad_input_changes_nothing(host: PortalHost, variables: dict[str, object], said: str) -> None:
    assert said in refused(host, **variables)


def test_a_secret_that_others_can_read_changes_nothing(host: PortalHost) -> None:
    host.tell("chmod", "0644", PROXY_SECRET)
    try:
        assert f"{PROXY_SECRET} on one: not a file that root alone owns" in refused(host)
    finally:
        host.tell("chmod", "0600", PROXY_SECRET)


def test_a_unit_of_somebody_else_stays(host: PortalHost) -> None:
    path, text = f"/etc/systemd/system/{UNIT}.service", "[Service]\nExecStart=/bin/true"
    host.write(path, text)
    try:
        run = host.play("portal")
        assert run.code != 0 and run.count("changed") == 0, run.output[-4000:]
        assert "choose another rgw_portal_name" in " ".join(run.output.split()) and host.tell("cat", path) == text
    finally:
        host.tell("rm", path)


@pytest.mark.parametrize("comment, offers", [("Portal (rgwkit= other)", True), ("somebody", False)])
def test_a_user_of_somebody_else_stays(host: PortalHost, comment: str, offers: bool) -> None:
    host.tell("useradd", "--system", "--no-create-home", "--comment", comment, UNIT)
    try:
        run = host.play("portal")
        said = " ".join(run.output.split())
        assert run.code != 0 and run.count("changed") == 0 and f"the comment is '{comment}'" in said, said[-4000:]
        assert ("take the user over with -e rgwkit_takeover=true" in said) == offers, said[-4000:]
    finally:
        host.tell("userdel", UNIT)


def test_check_mode_changes_nothing(host: PortalHost) -> None:
    run = host.play("portal", "--check", "--diff")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert traces(host) == ""


def test_check_mode_goes_on_where_a_run_copies_the_key_first(
    host: PortalHost, play_with_copy: Callable[..., Run]
) -> None:
    run = play_with_copy("--check", "--diff")
    assert run.code == 0, run.output[-4000:]
    assert re.search(r"Write the secrets\] \*+\nchanged: \[one\]", run.output), run.output[-4000:]
    assert f"{RGW_SECRET} on one: missing now" in " ".join(run.output.split()), run.output[-4000:]
    assert traces(host) == "" and "portal.rgw.secret" not in host.tell("ls", str(Path(RGW_SECRET).parent)).split()


def test_a_first_run_shows_no_secret(host: PortalHost, gateway: Gateway, play_with_copy: Callable[..., Run]) -> None:
    # Processes on the host are processes of this machine, too.
    with command_lines() as seen:
        run = play_with_copy("-vv", "--diff")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert host.tell("cat", RGW_SECRET) == gateway.run("cat", RGW_SECRET)
    assert host.tell("stat", "-c", "%a %U", RGW_SECRET) == "600 root"
    for secret in (CANARY, host.tell("cat", RGW_SECRET)):
        assert len(secret) > 16 and secret not in run.output
        assert not [line for line in seen if secret.encode() in line]
    assert any(b"services.portal" in line for line in seen)


def test_a_second_run_changes_nothing(play_with_copy: Callable[..., Run]) -> None:
    run = play_with_copy()
    assert (run.code, run.count("changed")) == (0, 0), run.output[-4000:]


def test_secrets_are_in_files_of_root_alone(host: PortalHost) -> None:
    assert host.tell("stat", "-c", "%a %U", CONFIG) == "600 root"
    shown = host.tell("sh", "-c", f"cat /etc/systemd/system/{UNIT}* /etc/rgwkit/{UNIT}/*")
    process = host.shown("MainPID", UNIT)
    environment = host.tell("sh", "-c", f"tr '\\0' '\\n' </proc/{process}/environ")
    state = host.tell("sh", "-c", f"cat /var/lib/rgwkit/{UNIT}/state/* | strings 2>/dev/null || true")
    assert "services.portal" in shown and "CREDENTIALS_DIRECTORY" in environment
    for secret in (CANARY, host.tell("cat", RGW_SECRET)):
        assert secret not in shown + environment + state
    assert host.tell("stat", "-c", "%a %U", f"/var/lib/rgwkit/{UNIT}/state/portal.db") == f"600 {UNIT}"
    assert host.tell("stat", "-c", "%U", f"/proc/{process}") == UNIT


def test_a_project_gets_a_bucket_on_the_gateway(host: PortalHost, gateway: Gateway) -> None:
    made = ask(host, "POST", "/v1/projects", "admins", json={"name": "genomes", "groups": ["users"]})
    assert made.status_code == 201, made.text
    bucket = ask(host, "POST", "/v1/rgw/projects/genomes/buckets", "users", json={"name": "genomes-raw"})
    assert bucket.status_code == 201, bucket.text
    assert '"portal-genomes"' in gateway.run("radosgw-admin", "bucket", "stats", "--bucket=genomes-raw")


def test_metrics_are_for_the_host_itself(host: PortalHost) -> None:
    assert requests.get(f"{host.url}/metrics", timeout=30).status_code == 403
    read = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{PORT}/metrics').read().decode())"
    assert 'rgwkit_portal_backend_up{backend="rgw"} 1.0' in host.tell("python3", "-c", read)


def test_a_changed_variable_restarts_the_portal_once(host: PortalHost) -> None:
    before = host.shown("MainPID", UNIT)
    backends = [*host.variables["rgw_portal_backends"], {"name": "memory", "kind": "dummy"}]
    changed = {"rgw_portal_admin_groups": ["admins", "others"], "rgw_portal_backends": backends}
    run = host.play("portal", **changed)
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert host.shown("MainPID", UNIT) != before
    assert ask(host, "GET", "/v1/projects/genomes", "others").status_code == 200
    assert ask(host, "GET", "/v1/memory/projects/genomes/usage", "others").status_code == 200
    again = host.play("portal", **changed)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


SWIFT = {
    **{"name": "swift", "kind": "swift", "endpoint": "https://127.0.0.1:9", "keystone_url": "https://127.0.0.1:9/v2.0"},
    **{"user": "portal", "password_file": PROXY_SECRET, "project": "service", "domain": "storage"},
}


# What the preflight cannot judge: a file on the host, and what Keystone takes.
@pytest.mark.parametrize(
    "variables, said",
    [
        (
            {"rgw_portal_oidc_issuer": "https://127.0.0.1:9", "rgw_portal_oidc_ca_file": "/etc/nowhere.pem"},
            "the CA file /etc/nowhere.pem cannot be used",
        ),
        ({"rgw_portal_backends": [SWIFT]}, "which Keystone has not had since release Queens"),
    ],
    ids=["issuer", "swift"],
)
def test_a_value_that_the_portal_refuses_leaves_the_running_portal_alone(
    host: PortalHost, variables: dict[str, object], said: str
) -> None:
    names = f"find /etc/rgwkit/{UNIT} /var/lib/rgwkit/{UNIT} -name 'portal.*' -not -path '*/state/*'"
    before = host.shown("MainPID", UNIT), host.tell("sh", "-c", f"{names} -exec sha256sum {{}} +")
    run = host.play("portal", **variables)
    output = " ".join(run.output.split())
    assert run.code != 0 and said in output and "a running portal continues as before" in output, output[-4000:]
    assert CANARY not in output
    assert (host.shown("MainPID", UNIT), host.tell("sh", "-c", f"{names} -exec sha256sum {{}} +")) == before
    assert "trial" not in host.tell("ls", f"/etc/rgwkit/{UNIT}").split()
    assert ask(host, "GET", "/v1/projects/genomes", "users").status_code == 200


def test_after_refused_values_a_run_has_nothing_to_do(host: PortalHost) -> None:
    # The run before had other groups and back-ends.
    assert host.play("portal").code == 0
    again = host.play("portal")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_a_registry_and_a_verdict_reach_the_portal(host: PortalHost) -> None:
    password = "/etc/rgwkit-test/registry.password"
    host.write(password, f"{CANARY}-of-the-registry")
    host.write("/var/lib/rgwkit/report.json", to_json(document([run_of("one", healthy(when=now()))])))
    host.tell("chmod", "0644", "/var/lib/rgwkit/report.json")
    registry = {"name": "registry", "url": "http://127.0.0.1:9", "username": "portal", "password_file": password}
    backends = [{**host.variables["rgw_portal_backends"][0], "verdict_file": "/var/lib/rgwkit/report.json"}]
    run = host.play("portal", rgw_portal_registries=[registry], rgw_portal_backends=backends)
    assert run.code == 0 and CANARY not in run.output, run.output[-4000:]
    verdict = ask(host, "GET", "/v1/rgw/verdict", "users").json()
    assert (verdict["state"], verdict["passed"]) == ("current", True)
    listed = ask(host, "GET", "/v1/registries", "users").json()["items"]
    assert listed == [{"name": "registry", "url": "http://127.0.0.1:9"}]
    path = "/v1/registries/registry/projects/genomes/repositories"
    assert ask(host, "GET", path, "users").status_code == 503
    assert ask(host, "GET", "/v1/rgw/projects/genomes/buckets", "users").status_code == 200
    assert CANARY not in host.tell("sh", "-c", f"cat /etc/systemd/system/{UNIT}* /etc/rgwkit/{UNIT}/*")
    host.tell("rm", "/var/lib/rgwkit/report.json")
    assert host.play("portal").code == 0


def test_a_wrong_key_of_the_gateway_is_said(host: PortalHost) -> None:
    host.write("/etc/rgwkit-test/wrong", "canary-wrong-secret")
    backends = [{**host.variables["rgw_portal_backends"][0], "secret_key_file": "/etc/rgwkit-test/wrong"}]
    run = host.play("portal", rgw_portal_backends=backends)
    said = " ".join(run.output.split())
    assert run.code != 0 and "runs and does not reach rgw of rgw_portal_backends" in said, said[-4000:]
    assert "canary-wrong-secret" not in said
    assert host.play("portal").code == 0


def test_the_portal_comes_back_after_a_boot(host: PortalHost) -> None:
    host.boot()

    def answers() -> bool:
        try:
            return ask(host, "GET", "/v1/projects/genomes", "users").status_code == 200
        except requests.ConnectionError:
            return False

    host.wait_for(answers, "the portal after a boot", 120)


def test_teardown_leaves_the_buckets_only(host: PortalHost, gateway: Gateway) -> None:
    kept = host.play("portal", rgw_portal_state="absent")
    assert kept.code == 0 and kept.count("changed") > 0, kept.output[-4000:]
    assert host.shown("LoadState", UNIT) == "not-found"
    assert host.tell("ls", f"/var/lib/rgwkit/{UNIT}/state").split() == ["portal.db"]
    run = host.play("portal", rgw_portal_state="absent", rgw_portal_remove_data=True)
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert traces(host) == ""
    assert "genomes-raw" in gateway.run("radosgw-admin", "bucket", "list")
    again = host.play("portal", rgw_portal_state="absent", rgw_portal_remove_data=True)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
