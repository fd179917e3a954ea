# SPDX-License-Identifier: Apache-2.0
"""When an image on a host has to be made, may be renewed, and is old."""

from __future__ import annotations

import hashlib
from datetime import datetime, timezone
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.container_image import ContainerImage

NAME, BASE = "rgwkit/ceph:18", "rgwkit/ceph-base:18"
ROLE = {"name": NAME, "source": "auto", "pull": "quay.io/ceph/ceph:v18", "max_age": 30}
LAYER = {"files": [{"path": "/l/Entry", "checksum": "e"}, {"path": "/l/demo", "checksum": "d"}]}
# Case does not count for the order of the files.
DIGEST = hashlib.sha256(b"de").hexdigest()
NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
OURS = {"io.rgwkit.managed": "true", "io.rgwkit.layer": DIGEST}


def image(labels: dict[str, str] | None = None, name: str = NAME, **more: Any) -> dict[str, Any]:
    return {"RepoTags": [name], "Config": {"Labels": labels}, "Created": "2026-11-28T01:02:03.456789Z", **more}


def state(*images: dict[str, Any], renew: bool = False, layer: Any = LAYER, **role: Any) -> dict[str, Any]:
    return ContainerImage({**ROLE, **role}, {"images": images}, layer, renew, NOW).state


@pytest.mark.parametrize(
    ("images", "needed"),
    [
        ([], True),
        ([image(OURS)], False),
        ([image({**OURS, "io.rgwkit.layer": "of other files"})], True),
        # Created elsewhere.
        ([image()], False),
        ([image(OURS, BASE)], True),
        ([image(OURS, RepoTags=None)], True),
    ],
)
def test_an_image_is_needed_if_it_is_absent_or_has_another_layer(images, needed):
    assert state(*images)["needed"] is needed


def test_podman_says_of_a_name_without_a_registry_that_it_is_local():
    local = image(OURS, f"localhost/{NAME}")
    assert not state(local)["needed"] and state(image(OURS, f"localhost/{BASE}"))["way"] == "bootstrap"


def test_an_image_is_wanted_from_where_the_role_s_variables_say():
    one = ContainerImage(ROLE, {"images": []}, {}, False)
    assert one.wanted == {"name": NAME, "source": "auto", "pull": "quay.io/ceph/ceph:v18"}


def test_the_layer_s_digest_is_that_of_its_files():
    assert state()["layer"] == DIGEST
    # What a task that was skipped for want of a layer has registered.
    assert state(layer={"skipped": True})["layer"] == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("found", "renewable", "said"),
    [
        (image(OURS), True, "already there, and nothing newer is available"),
        (image(RepoDigests=["quay.io/ceph/ceph@sha256:1"]), True, "already there, and nothing newer is available"),
        (image(RepoDigests=[]), False, "already there, created elsewhere and therefore not renewed"),
        # Podman has a digest for what somebody has built here, too.
        (
            image(RepoDigests=["localhost/rgwkit/ceph@sha256:1"]),
            False,
            "already there, created elsewhere and therefore not renewed",
        ),
    ],
)
def test_an_image_is_renewed_where_a_newer_one_may_come_from(found, renewable, said):
    renewed = state(found, renew=True)
    assert (renewed["renewable"], renewed["said"]) == (renewable, said)
    stays = state(found)
    assert (stays["renewable"], stays["said"]) == (False, "already there")


@pytest.mark.parametrize(
    ("images", "role", "way"),
    [
        ([], {}, "pull"),
        ([], {"pull": ""}, "bootstrap"),
        ([image(name=BASE)], {}, "bootstrap"),
        ([image(name=BASE)], {"source": "pull"}, "pull"),
        ([], {"source": "build"}, "build"),
    ],
)
def test_auto_pulls_unless_an_earlier_run_has_bootstrapped(images, role, way):
    assert state(*images, **role)["way"] == way


@pytest.mark.parametrize(
    ("found", "old"),
    [
        (image(), ""),
        (image({"io.rgwkit.made": "2026-10-30T11:00:00Z"}), ""),
        (image({"io.rgwkit.made": "2026-10-29T11:00:00Z"}), "is from 2026-10-29 and older than 30 days"),
        # The layer is newer than the content.
        (image({"io.rgwkit.made": "2025-01-01T00:00:00Z"}, Created="2026-11-28T00:00:00Z"), "is from 2025-01-01"),
        (image(Created="2024-05-06T07:08:09.1Z"), "is from 2024-05-06"),
        (image(Created="1970-01-01T00:00:00Z"), ""),
        (image({"io.rgwkit.recipe": "r"}), "was created without the security updates of Debian"),
        (image({"io.rgwkit.recipe": "r", "io.rgwkit.made": "2026-11-28T00:00:00Z"}), ""),
    ],
)
def test_an_image_is_old_by_the_date_of_its_content(found, old):
    told = state(found)["old"]
    assert told.startswith(old) and bool(told) is bool(old)
    # A number of days that came as -e container_image_max_age=0.
    assert state(found, max_age="0")["old"] == ""


def test_the_base_image_has_a_name_of_its_own():
    assert ContainerImage(ROLE, {}, {}, False).base == BASE


def test_a_change_of_the_python_packages_changes_the_image():
    other = ContainerImage(ROLE, {"images": [image(OURS)]}, LAYER, False, NOW, requirements=b"six==1.17.0").state
    assert other["needed"] and other["layer"] != DIGEST


def test_only_images_that_the_toolkit_has_made_are_its_own():
    found = {"images": [image(OURS), image(None, BASE)]}
    assert ContainerImage(ROLE, found, {}, False).own == [NAME]
    assert ContainerImage(ROLE, {"images": [image(OURS), image(OURS, BASE)]}, {}, False).own == [NAME, BASE]
