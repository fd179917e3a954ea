# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role registry for the service that it runs."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.service import RegistryService

from tests.unit.registry.variables import DEFAULTS, TLS

ACCOUNT = {"ansible_facts": {"getent_passwd": {"rgwkit-65532": ["x", "65532", "64999", "", "/nonexistent", "/bin/sh"]}}}
# What getent returns for an id that nobody has (fail_key=false).
NO_ACCOUNT = {"ansible_facts": {"getent_passwd": {"65532": None}}}


def service(home="", account=None, collecting=False, **changes):
    return RegistryService({**DEFAULTS, **changes}, home, account, collecting)


def named(things):
    return [f"{thing['kind']}/{thing['name']}" for thing in things]


def test_a_container_and_a_unit_have_names_of_their_own_and_one_guard():
    assert named(service().things) == ["container/hub", "container/hub-trial", "unit/hub-lease.service"]
    units = service(runtime="package").things
    assert named(units) == ["unit/hub.service", "unit/hub-trial.service", "unit/hub-lease.service"]
    assert {thing["folder"] for thing in units} == {"/etc/rgwkit/hub"}


def test_labels_name_the_inventory_and_the_port_as_text():
    labels = service(home="cluster one", port=5001).labels
    assert labels["io.rgwkit.home"] == "cluster one" and labels["io.rgwkit.port"] == "5001"


def test_a_removal_needs_no_image_and_no_systemd():
    assert service().images == [
        {"name": "rgwkit/registry:2.8", "source": "auto", "pull": "docker.io/library/registry:2.8.3"}
    ]
    assert (service().commands, service(runtime="package").commands) == (["docker"], ["systemctl"])
    gone = service(runtime="package", state="absent")
    assert (gone.commands, gone.images, service(state="absent").images) == ([], [], [])


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
    [("container", ACCOUNT, 65532), ("package", ACCOUNT, "64999"), ("package", NO_ACCOUNT, 0), ("package", None, 0)],
)
def test_the_group_on_the_host_is_that_of_the_account(runtime, account, group):
    assert service(account=account, runtime=runtime).group == group


def test_only_the_filesystem_driver_gets_a_writable_mount():
    assert [mount.get("read_only") for mount in service().mounts] == [True]
    data = service(storage="filesystem", filesystem_rootdirectory="/blobs").mounts[1]
    assert data == {"type": "bind", "source": "/etc/rgwkit/hub/data", "target": "/blobs"}


def test_a_port_is_published_on_a_docker_network_only():
    assert service().published_ports == []
    assert service(network="ceph", address="::1", port=5001).published_ports == ["[::1]:5001:5000"]


def test_the_trial_runs_as_a_unit_on_its_own_files():
    command = service(home="cluster one", runtime="package").trial_program
    assert command[:2] == ["systemd-run", "--quiet"] and "--unit=hub-trial" in command
    assert "--description=Trial of hub (rgwkit: cluster one)" in command
    assert command[-3:] == ["docker-registry", "serve", "/etc/docker/registry/trial/config.yml"]


def test_the_collector_has_the_properties_and_the_environment_of_the_service():
    hub = service(runtime="package", gateway_ca_file="/tls/gateway.pem")
    command = hub.collector_program
    assert {"--pipe", "--wait", "--collect", "--unit=hub-garbage.service"} <= set(command)
    assert [f"--property={one}" for one in hub.properties] == [one for one in command if one.startswith("--property=")]
    assert command[-2:] == ["--setenv=SSL_CERT_FILE=/etc/docker/registry/gateway-ca.pem", "docker-registry"]


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


def test_the_record_names_what_runs_and_every_file_that_the_role_reads():
    users = [{"name": "ci", "password_file": "/root/ci"}]
    hub = service(users=users, swift_secret_file="/root/swift", **TLS).record
    assert hub["container"] == "hub" and hub["image"] and "unit" not in hub
    assert {"/root/ci", "/root/swift", "/etc/rgwkit/hub/http.secret", *TLS.values()} <= set(hub["managed_files"])
    # What an interrupted run leaves behind is not there after a run that ended.
    assert {"/etc/rgwkit/hub/lease/lease", "/etc/rgwkit/hub/previous/config.yml"} <= set(hub["managed_files"])
    unit = service(runtime="package").record
    assert unit["unit"] == "hub.service" and not {"container", "image"} & set(unit)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"log_level": "debug"}, "managed"),
        ({"readonly": True}, "managed"),
        ({"users": [{"name": "other", "password_file": "/x"}]}, "managed"),
        ({"memory": "1g"}, "definition"),
        ({"network": "n"}, "definition"),
    ],
)
def test_a_changed_variable_makes_another_record(changes, part):
    assert service(**changes).record[part] != service().record[part]


def test_a_registry_that_is_to_be_removed_is_not_planned():
    assert service().is_planned and not service(state="absent").is_planned
