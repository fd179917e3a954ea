# SPDX-License-Identifier: Apache-2.0
"""One container from one definition: by docker's module, and by the words of docker's and podman's commands."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.container import docker_options, run_words
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.definition import complete

from .definitions import given


def test_docker_s_options_confine_the_container():
    options = docker_options(complete(given()))
    assert (options["cap_drop"], options["capabilities"]) == (["ALL"], ["NET_BIND_SERVICE"])
    assert options["security_opts"] == ["no-new-privileges", "label=disable"] and options["read_only"] is True
    (mount,) = options["mounts"]
    assert mount == {"type": "bind", "source": "/etc/hub", "target": "/etc/registry", "read_only": True}


def test_what_is_empty_is_left_to_the_image():
    options = docker_options(complete(given(entrypoint=[], user="", capabilities=[])))
    assert not {"entrypoint", "user", "capabilities", "memory", "pids_limit", "hostname", "published_ports"} & set(
        options
    )


def test_a_container_may_be_killed_at_once():
    assert docker_options(complete(given(stop_timeout=0)))["stop_timeout"] == 0


def test_a_container_of_an_old_image_is_not_confined():
    options = docker_options(complete(given(confined=False)))
    assert "cap_drop" not in options and options["read_only"] is False
    assert not [word for word in run_words(complete(given(confined=False))) if "cap" in word or "read-only" in word]


@pytest.mark.parametrize("runtime", ["docker", "podman"])
def test_a_command_runs_the_same_container(runtime):
    limits = {"pids_limit": 9, "memory": "1g", "publish_ports": ["127.0.0.1:5000:5000"], "network": "front"}
    words = run_words(complete(given(runtime=runtime, **limits)), "--rm")
    assert words[:4] == [runtime, "run", "--name=hub", "--rm"]
    wanted = ["--pull=never", "--network=front", "--security-opt=no-new-privileges", "--read-only", "--cap-drop=all"]
    wanted += ["--cap-add=NET_BIND_SERVICE", "--user=65532:65532", "--pids-limit=9", "--memory=1g"]
    wanted += ["--publish=127.0.0.1:5000:5000", "--label=io.rgwkit.registry=hub", "--env=SSL_CERT_FILE=/ca.pem"]
    wanted += ["--mount=type=bind,source=/etc/hub,target=/etc/registry,readonly"]
    assert set(wanted) <= set(words)
    assert words[-4:] == ["--entrypoint=registry", "registry:2", "serve", "/etc/config.yml"]
    assert "--security-opt=label=disable" in words


def test_podman_has_the_folders_in_memory_that_docker_has():
    def of(**changes):
        return [word for word in run_words(complete(given(**changes))) if "tmpfs" in word]

    shared = "--tmpfs=/dev/shm:notmpcopyup,noexec,mode=1777,size=64m"
    assert of() == ["--tmpfs=/tmp"]
    assert of(runtime="podman") == ["--read-only-tmpfs=false", "--tmpfs=/tmp:notmpcopyup,noexec,mode=1777", shared]
    assert of(runtime="podman", confined=False, tmpfs=[]) == []
    mounts = [{"source": "/srv/shm", "target": "/dev/shm"}]
    assert shared not in of(runtime="podman", mounts=mounts) and shared not in of(runtime="podman", tmpfs=["/dev/shm"])


def test_more_words_of_an_entrypoint_come_before_the_command():
    words = run_words(complete(given(entrypoint=["sh", "-c"], command=["date"])))
    assert words[-4:] == ["--entrypoint=sh", "registry:2", "-c", "date"]


def test_a_path_with_a_comma_is_one_field():
    mounts = [{"source": "/a,b", "target": "/c"}]
    assert '--mount=type=bind,"source=/a,b",target=/c' in run_words(complete(given(mounts=mounts)))


SETTINGS = {"source": "/etc/hub", "target": "/etc/registry", "read_only": True, "relabel": "shared"}
BLOBS = {"source": "/srv/hub", "target": "/blobs", "relabel": "private"}
HOST_FOLDER = {"source": "/etc/ceph", "target": "/etc/ceph", "read_only": True}
VOLUME = {"type": "volume", "source": "hub", "target": "/data"}


def test_docker_labels_by_volumes_what_mounts_cannot_label():
    definition = complete(given(mounts=[SETTINGS, BLOBS, VOLUME]))
    options = docker_options(definition)
    assert options["volumes"] == ["/etc/hub:/etc/registry:ro,z", "/srv/hub:/blobs:Z"]
    assert [mount["source"] for mount in options["mounts"]] == ["hub"]
    assert options["security_opts"] == ["no-new-privileges"]
    words = run_words(definition)
    assert {"--volume=/etc/hub:/etc/registry:ro,z", "--mount=type=volume,source=hub,target=/data"} <= set(words)
    assert "--security-opt=label=disable" not in words


def test_podman_labels_by_mount():
    words = run_words(complete(given(runtime="podman", mounts=[SETTINGS, BLOBS])))
    assert "--mount=type=bind,source=/etc/hub,target=/etc/registry,readonly,relabel=shared" in words
    assert "--mount=type=bind,source=/srv/hub,target=/blobs,relabel=private" in words
    assert "--security-opt=label=disable" not in words


@pytest.mark.parametrize("runtime", ["docker", "podman"])
def test_a_container_with_a_folder_of_the_host_has_no_label(runtime):
    definition = complete(given(runtime=runtime, mounts=[SETTINGS, HOST_FOLDER]))
    assert "label=disable" in docker_options(definition)["security_opts"]
    assert "--security-opt=label=disable" in run_words(definition)


@pytest.mark.parametrize(
    ("mount", "said"),
    [
        ({**SETTINGS, "relabel": "z"}, "relabel is z, and may be shared, private, none"),
        ({**VOLUME, "relabel": "shared"}, "hub is a volume, which docker and podman label themselves"),
        ({**SETTINGS, "source": "/etc/a:b"}, "/etc/a:b has a colon"),
    ],
)
def test_a_label_that_cannot_be_meant_is_refused(mount, said):
    with pytest.raises(InputError, match=said):
        complete(given(mounts=[mount]))
