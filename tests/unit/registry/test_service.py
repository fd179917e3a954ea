# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role registry for the service that it runs."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.service import RegistryService
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.container import docker_options, run_words
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.definition import complete
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.unit import unit_text

from tests.unit.registry.variables import DEFAULTS, TLS

ACCOUNT = {"ansible_facts": {"getent_passwd": {"rgwkit-65532": ["x", "65532", "64999", "", "/nonexistent", "/bin/sh"]}}}
# What getent returns for an id that nobody has (fail_key=false).
RUNTIMES = ("docker", "podman", "package")
NO_ACCOUNT = {"ansible_facts": {"getent_passwd": {"65532": None}}}


def service(home="cluster one", account=None, collecting=False, **changes):
    return RegistryService({**DEFAULTS, **changes}, home, account, collecting, layer="/roles/registry/files/registry")


def named(things):
    return {f"{thing['kind']}/{thing['name']}" for thing in things}


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_registry_its_trial_and_its_guard_have_names_of_their_own(runtime):
    things = service(runtime=runtime).things
    kinds = {"docker": ["container"], "podman": ["container", "unit"], "package": ["unit"]}[runtime]
    wanted = {"unit/hub-lease.service"}
    wanted |= {"container/hub", "container/hub-trial"} if "container" in kinds else set()
    wanted |= {"unit/hub.service", "unit/hub-trial.service"} if "unit" in kinds else set()
    assert wanted <= named(things) and ("container/hub" in named(things)) is ("container" in kinds)
    assert {(thing["folder"], thing["variable"]) for thing in things} == {("/etc/rgwkit/hub", "registry_name")}


def test_labels_name_the_inventory_and_the_port_as_text():
    labels = service(port=5001).service["labels"]
    assert labels["io.rgwkit.home"] == "cluster one" and labels["io.rgwkit.port"] == "5001"
    assert labels["io.rgwkit.registry"] == "hub"


@pytest.mark.parametrize(
    ("proxy", "mirror"), [({}, False), ({"username": "ci"}, False), ({"remoteurl": "https://h"}, True)]
)
def test_a_registry_with_a_remote_url_is_a_mirror(proxy, mirror):
    assert service(proxy=proxy).is_mirror is mirror


def test_a_removal_needs_no_image_and_no_systemd():
    image = {"name": "rgwkit/registry:2.8", "source": "auto", "pull": "docker.io/library/registry:2.8.3"}
    for runtime, command in (("docker", "docker"), ("podman", "podman"), ("package", "systemctl")):
        needs = service(runtime=runtime).needs
        assert command in needs["commands"] and bool(needs["images"]) is (runtime != "package")
        assert all(image.items() <= one.items() for one in needs["images"])
        gone = service(runtime=runtime, state="absent").needs
        assert "systemctl" not in gone["commands"] and gone["images"] == []


def test_names_on_a_network_of_podman_s_are_a_need():
    assert service(runtime="podman", network="front").needs["podman_network"]
    assert not service(runtime="podman").needs["podman_network"]
    assert not service(network="front").needs["podman_network"]


@pytest.mark.parametrize("runtime", ["docker", "podman"])
def test_a_container_has_no_rights_but_a_port_and_writes_to_its_blobs_alone(runtime):
    hub = complete(service(runtime=runtime, memory="1g").service)
    assert hub["user"] == "65532:65532" and hub["confined"] and hub["capabilities"] == ["NET_BIND_SERVICE"]
    assert hub["tmpfs"] == ["/tmp"] and (hub["pids_limit"], hub["memory"]) == (4096, "1g")
    assert hub["network"] == "host" and hub["restart"] == "unless-stopped" and hub["stop_timeout"] == 30
    assert hub["image_options"]["layer"] == "/roles/registry/files/registry"
    words, options = run_words(hub), docker_options(hub)
    assert {"--cap-drop=all", "--cap-add=NET_BIND_SERVICE", "--read-only", "--user=65532:65532"} <= set(words)
    assert options["cap_drop"] == ["ALL"] and options["security_opts"] == ["no-new-privileges"] and options["read_only"]
    assert words[-2:] == options["command"] == ["serve", "/etc/docker/registry/config.yml"]


def test_a_unit_runs_the_same_command_confined():
    text = unit_text(complete(service(runtime="package", gateway_ca_file="/tls/gateway.pem").service)).splitlines()
    assert "Description=Docker registry (hub) (rgwkit: cluster one)" in text
    assert "ExecStart=docker-registry serve /etc/docker/registry/config.yml" in text
    assert {"User=65532", "ProtectSystem=strict", "Restart=always", "StartLimitIntervalSec=0"} <= set(text)
    assert "Environment=SSL_CERT_FILE=/etc/docker/registry/gateway-ca.pem" in text
    assert "Label=io.rgwkit.port=5000" in text and "TimeoutStopSec=30" in text


def test_no_unit_of_the_distribution_runs_beside_the_registry():
    assert service(runtime="package").service["distribution_unit"] == "docker-registry.service"


@pytest.mark.parametrize(
    ("level", "log"), [("debug", "listening on"), ("info", "listening on"), ("warn", ""), ("error", "")]
)
def test_a_registry_that_logs_no_start_is_awaited_at_its_port(level, log):
    hub = service(log_level=level, address="0.0.0.0").service
    assert hub["ready_log"] == log and hub["ready_port"] == {"address": "127.0.0.1", "port": 5000}


def test_only_a_certificate_that_is_given_is_checked_and_copied():
    assert service().certificate_pairs == [] and service().certificates == {}
    secured = service(**TLS, gateway_ca_file="/tls/gateway.pem")
    assert secured.certificate_pairs[0]["names"] == ["hub.example"]
    assert secured.certificates == {
        "certificate.pem": "/tls/hub.pem",
        "key.pem": "/tls/hub.key",
        "gateway-ca.pem": "/tls/gateway.pem",
    }


def test_a_removal_of_the_folder_knows_the_secrets_in_it_and_no_others():
    users = [{"name": "ci", "password_file": "/etc/rgwkit/hub/ci.password"}]
    contents = service(users=users, secrets={"a.b": "/root/elsewhere", "c.d": "/etc/rgwkit/hubs/x"}).contents
    assert {"config.yml", "http.secret", "ci.password", "data/", "lease/"} <= set(contents)
    assert not any("elsewhere" in name or name.startswith(("/", "x")) for name in contents)


@pytest.mark.parametrize(
    ("runtime", "account", "group"),
    [
        ("docker", ACCOUNT, 65532),
        ("podman", ACCOUNT, 65532),
        ("package", ACCOUNT, "64999"),
        ("package", NO_ACCOUNT, 0),
        ("package", None, 0),
    ],
)
def test_the_group_on_the_host_is_that_of_the_account(runtime, account, group):
    assert service(account=account, runtime=runtime).group == group


def test_only_the_filesystem_driver_gets_a_writable_mount():
    assert [mount.get("read_only") for mount in service().service["mounts"]] == [True]
    data = service(storage="filesystem", filesystem_rootdirectory="/blobs").service["mounts"][1]
    assert data == {"type": "bind", "source": "/etc/rgwkit/hub/data", "target": "/blobs", "relabel": "shared"}


def test_a_port_is_published_on_a_network_of_containers_only():
    assert service().service["publish_ports"] == []
    hub = service(network="ceph", address="::1", port=5001).service
    assert (hub["publish_ports"], hub["network"]) == (["[::1]:5001:5000"], "ceph")


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_trial_has_its_own_files_and_no_port_of_the_registry_s(runtime):
    trial = service(runtime=runtime, network="" if runtime == "package" else "ceph").trial
    assert trial["command"] == ["serve", "/etc/docker/registry/trial/config.yml"]
    assert trial["publish_ports"] == [] and trial["ready_log"] == "listening on"
    assert trial["environment"]["REGISTRY_HTTP_ADDR"].endswith(':0"')


def test_a_package_s_collector_has_the_properties_and_the_environment_of_the_service():
    hub = service(runtime="package", gateway_ca_file="/tls/gateway.pem")
    command = hub.collector["program"]
    assert {"--pipe", "--wait", "--collect", "--unit=hub-garbage.service"} <= set(command)
    given = [f"--property={one}" for one in (*hub.service["properties"], "TimeoutStopSec=30")]
    assert given == [one for one in command if one.startswith("--property=")]
    assert command[-2:] == ["--setenv=SSL_CERT_FILE=/etc/docker/registry/gateway-ca.pem", "docker-registry"]


def test_a_container_s_collector_runs_in_the_container():
    assert service(runtime="podman").collector == {"container": "hub", "runtime": "podman"}
    assert service().collector == {"container": "hub", "runtime": "docker"}


def test_the_guard_restarts_what_runs_and_ends_a_collector_that_goes_on():
    assert service().restarted == {"container": "hub"}
    assert service(runtime="podman").restarted == {"unit": "hub.service"}
    assert service(runtime="package").restarted == {"unit": "hub.service", "collector": "hub-garbage.service"}


def test_the_gateway_is_verified_with_the_configured_segments_up_to_a_limit():
    assert service(swift_chunksize="1048576").segment_size == 1048576
    assert service(swift_chunksize=1 << 30).segment_size == 256 << 20
    assert service(extra={"storage": {"swift": {"chunksize": 2000000}}}).segment_size == 2000000


def test_a_driver_without_settings_is_empty():
    assert service(storage="inmemory", extra={"storage": {"inmemory": None}}).driver == {}


def test_the_bucket_is_the_driver_s_own():
    hub = service(
        swift_container="c", s3_bucket="b", swift_options={"prefix": "deep"}, s3_options={"rootdirectory": "/r"}
    )
    assert hub.roots == {"swift": "deep/files", "s3": "/r"} and hub.bucket == "c"
    assert service(storage="s3", s3_bucket="b").bucket == "b"


def test_redis_is_described_by_the_configuration_and_its_secret():
    redis = {"addr": "cache:6379", "db": 3}
    assert service(redis=redis).redis == {}
    assert service(cache="redis", redis=redis, redis_password_file="/root/redis").redis == {
        "address": "cache:6379",
        "shared": False,
        "db": 3,
        "password_file": "/root/redis",
    }
    assert service(cache="redis", redis={"addr": "cache:6379"}).redis["db"] == 0


def test_a_shared_cache_is_left_out_while_the_registry_collects():
    assert "cache" in service(cache="redis").config["storage"]
    assert "cache" not in service(collecting=True, cache="redis").config["storage"]


def test_a_waiting_replica_outlasts_the_limit_and_three_leases():
    assert service(readonly_limit="7200", readonly_lease=300).waiting_seconds == 7200 + 3 * 300 + 60


@pytest.mark.parametrize(
    ("changes", "open_to_all"),
    [
        ({"address": "10.0.0.1"}, True),
        ({"address": "127.0.0.5"}, False),
        ({"address": "10.0.0.1", "users": [{"name": "ci", "password_file": "/x"}]}, False),
    ],
)
def test_everybody_gets_in_where_others_reach_a_registry_without_users(changes, open_to_all):
    assert service(**changes).lets_everybody_in is open_to_all


def test_the_record_names_every_file_that_the_role_reads():
    users = [{"name": "ci", "password_file": "/root/ci"}]
    record = service(users=users, swift_secret_file="/root/swift", **TLS).service["record"]
    managed = set(record["managed_files"])
    assert {"/root/ci", "/root/swift", "/etc/rgwkit/hub/http.secret", *TLS.values()} <= managed
    # What an interrupted run leaves behind is not there after a run that ended.
    assert {"/etc/rgwkit/hub/lease/lease", "/etc/rgwkit/hub/previous/config.yml"} <= managed
    assert {"/etc/rgwkit/hub/config.yml", "/etc/rgwkit/hub/key.pem"} <= set(record["files"])
    assert service(runtime="package").service["record"]["programs"] == ["/usr/bin/docker-registry"]


def test_another_cost_of_the_users_entries_makes_another_record():
    users = [{"name": "ci", "password_file": "/root/ci"}]
    records = [service(users=users, htpasswd_cost=cost).service["record"]["managed"] for cost in (5, 10)]
    assert records[0] != records[1]
    # Without users, there is nothing that has a cost.
    assert service(htpasswd_cost=5).service["record"] == service(htpasswd_cost=10).service["record"]


def test_the_definition_holds_no_configuration():
    extra = {"storage": {"swift": {"password": "written-into-the-inventory"}}}
    assert "written-into-the-inventory" not in json.dumps(service(extra=extra).service)


@pytest.mark.parametrize(
    "changes", [{"log_level": "debug"}, {"readonly": True}, {"users": [{"name": "other", "password_file": "/x"}]}]
)
def test_a_changed_variable_makes_another_record(changes):
    assert service(**changes).service["record"]["managed"] != service().service["record"]["managed"]


@pytest.mark.parametrize(("changes", "key"), [({"memory": "1g"}, "memory"), ({"network": "n"}, "network")])
def test_a_changed_limit_or_network_makes_another_container(changes, key):
    assert service(**changes).service[key] != service().service.get(key)


def test_a_registry_that_is_to_be_removed_is_not_planned():
    assert service().is_planned and not service(state="absent").is_planned


def test_a_user_s_registry_is_its_user_s_own_and_needs_no_root():
    registry = service(runtime="podman", scope="user")
    hub = complete(registry.service)
    # In a container of an ordinary user, root is that user.
    assert (hub["scope"], hub["user"], hub["capabilities"]) == ("user", "0:0", ["NET_BIND_SERVICE"])
    assert registry.needs["scope"] == registry.watched["scope"] == "user"
    assert service(runtime="podman").needs["scope"] == "system"
