# SPDX-License-Identifier: Apache-2.0
"""The units of a service, and the text that systemd reads."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.services.definition import complete
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.unit import (
    drop_in_text,
    labels_of,
    transient_words,
    unit_file,
    unit_name,
    unit_text,
)

from .definitions import given

RESTARTS = ["Restart=always", "RestartSec=2"]


def of(**changes):
    return complete(given(**changes))


def test_podman_s_unit_has_the_container_its_end_and_its_reload():
    lines = unit_text(of(runtime="podman", reload_signal="HUP", stop_timeout=130)).splitlines()
    assert lines[0] == "# Written by the role registry: changes made here by hand are lost."
    assert "Description=Registry (hub) (rgwkit: /inventory)" in lines
    assert {"ExecStart=podman run \\", "ExecReload=podman kill --signal=HUP hub", "TimeoutStopSec=140"} <= set(lines)
    assert {"ExecStop=podman stop --ignore --time=130 hub", "WantedBy=multi-user.target", *RESTARTS} <= set(lines)
    assert {f"{word}=network-online.target time-sync.target" for word in ("After", "Wants")} <= set(lines)
    assert '    "--cap-drop=all" \\' in lines and '    "/etc/config.yml"' in lines


def test_a_package_s_unit_has_its_properties_and_its_command():
    lines = unit_text(of(runtime="package", command=["serve", "a b", "$HOME", "50%"])).splitlines()
    assert 'ExecStart=registry serve "a b" "$$HOME" "50%%"' in lines
    assert {"Type=notify", "User=65532", "Environment=SSL_CERT_FILE=/ca.pem", "TimeoutStopSec=30"} <= set(lines)


def test_a_character_of_any_size_stays_as_it_is():
    for runtime in ("podman", "package"):
        assert 'NAME=Zoë \U0001f433"' in unit_text(of(runtime=runtime, environment={"NAME": "Zoë \U0001f433"}))


def test_the_order_of_labels_and_environment_is_no_difference():
    """A record does not keep that order."""
    names = ("b", "a")
    for runtime in ("podman", "package"):
        texts = set()
        for order in (names, names[::-1]):
            values = dict.fromkeys(order, "x")
            definition = of(runtime=runtime, labels=values, environment=values)
            texts.add((unit_text(definition), *transient_words(definition, "u.service")))
        assert len(texts) == 1


def test_labels_can_be_read_from_a_unit():
    for runtime in ("podman", "package"):
        assert labels_of(unit_text(of(runtime=runtime))) == given()["labels"]
    assert labels_of("[Service]\nExecStart=x\n") == {}


def test_a_service_that_nothing_restarts_is_not_started_at_boot():
    text = unit_text(of(runtime="podman", restart="no"))
    assert "Restart=no\n" in text and "[Install]" not in text


def test_a_unit_of_the_distribution_gets_a_drop_in():
    definition = of(runtime="package", unit="ceph-radosgw@rgw.a.service")
    assert unit_name(definition) == "ceph-radosgw@rgw.a.service"
    assert unit_name({**definition, "runtime": "podman"}) == "hub.service"
    text = drop_in_text(definition)
    assert "StartLimitIntervalSec=0\n" in text and "ExecStart" not in text


def test_a_transient_unit_has_the_confinement_and_nothing_of_the_service():
    words = transient_words(of(runtime="package", command=["$x"]), "hub-garbage.service", "--wait")
    assert words[:5] == ["systemd-run", "--quiet", "--wait", "--unit=hub-garbage.service", words[4]]
    assert words[4] == "--description=Registry (hub) (rgwkit: /inventory)"
    assert "--property=User=65532" in words and "--setenv=SSL_CERT_FILE=/ca.pem" in words
    assert not {"--property=Type=notify", "--property=KillMode=mixed"} & set(words)
    assert words[-2:] == ["registry", "$$x"]
    podman = transient_words(of(runtime="podman"), "hub-trial.service")
    assert {"--property=Type=notify", "--property=Delegate=yes", "podman", "--sdnotify=conmon"} <= set(podman)


def test_a_transient_unit_takes_no_longer_to_stop_than_the_service():
    """systemd itself waits for 90 s."""
    for runtime, limit in (("package", 5), ("podman", 15)):
        words = transient_words(of(runtime=runtime, stop_timeout=5), "hub-trial.service")
        assert f"--property=TimeoutStopSec={limit}" in words
        assert f"TimeoutStopSec={limit}\n" in unit_text(of(runtime=runtime, stop_timeout=5))


def test_a_user_s_unit_is_their_own_manager_s():
    definition = of(runtime="podman", scope="user")
    lines = unit_text(definition).splitlines()
    assert unit_file(definition) == "~/.config/systemd/user/hub.service"
    assert "WantedBy=default.target" in lines and '    "--cgroups=no-conmon" \\' in lines
    # A user's manager has none of these.
    assert not [line for line in lines if "network-online" in line or "multi-user" in line]


def test_the_system_s_unit_divides_its_cgroup():
    definition = of(runtime="podman")
    assert unit_file(definition) == "/etc/systemd/system/hub.service"
    assert '    "--cgroups=split" \\' in unit_text(definition).splitlines()
    assert unit_file(of(runtime="package", unit="hub@1.service")).endswith("/hub@1.service.d/rgwkit.conf")


def test_a_user_s_transient_unit_is_their_own_manager_s():
    words = transient_words(of(runtime="podman", scope="user"), "u.service")
    assert words[:4] == ["systemd-run", "--user", "--quiet", "--unit=u.service"] and "--cgroups=no-conmon" in words


def test_a_unit_may_have_to_start_before_others():
    lines = unit_text(of(runtime="package", before=["docker.service", "a.service"])).splitlines()
    assert lines.index("Before=docker.service a.service") < lines.index("[Service]")
    assert not [line for line in unit_text(of(runtime="package")).splitlines() if line.startswith("Before=")]
