# SPDX-License-Identifier: Apache-2.0
"""A volume goes from release to release of Ceph, and neither back nor too far."""

from __future__ import annotations

import json
import secrets
import subprocess

import pytest

from .demo import docker

RELEASES = {14: "nautilus", 16: "pacific", 18: "reef", 20: "tentacle"}
STATE = "/var/lib/ceph/rgwkit/state.json"


def image_of(number: int) -> str:
    """The image of a release; a skip where nobody has made it (`make matrix` makes all)."""
    image = f"rgwkit/ceph:{number}"
    if subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode:
        pytest.skip(f"no image {image}")
    return image


def test_a_volume_goes_through_all_releases_up_to_this_one(run_image, volume, user, secret, release, image):
    path = [number for number in RELEASES if number <= release]
    if len(path) < 2:
        pytest.skip(f"no image of a release before {release}")
    images = {number: image if number == release else image_of(number) for number in path}
    mount, kept = f"--volume={volume()}:/var/lib/ceph", secrets.token_bytes(5000)
    for number in path:
        demo = run_image(images[number], mount, **user).ready(secret)
        if number == path[0]:
            assert demo.swift("PUT", "/kept", secret).status_code == 201
        else:
            before = RELEASES[path[path.index(number) - 1]]
            assert f"data upgraded from Ceph {before} to {RELEASES[number]}" in demo.logs()
        assert demo.swift("PUT", f"/kept/of-{number}", secret, data=kept).status_code == 201
        for written in path[: path.index(number) + 1]:
            assert demo.swift("GET", f"/kept/of-{written}", secret).content == kept
        assert json.loads(demo.run("ceph", "osd", "dump", "-f", "json"))["require_osd_release"] == RELEASES[number]
        docker("kill", demo.container)
        demo.remove()
    # Again: nothing is left to upgrade. Then back, which is refused before anything is written.
    demo = run_image(image, mount, **user).ready(secret)
    assert "upgraded" not in demo.logs()
    demo.remove()
    refused = run_image(images[path[-2]], mount, **user).ended()
    assert f"holds data of Ceph {release}, and this image has Ceph {path[-2]}: Ceph has no way back" in refused
    assert run_image(image, mount, **user).ready(secret).swift("GET", f"/kept/of-{release}", secret).content == kept


@pytest.mark.parametrize(
    ("distance", "refusal"), [(-3, "an upgrade passes over one release at most"), (1, "no way back")]
)
def test_a_release_too_far_away_is_refused_and_changes_nothing(
    run, volume, user, secret, release, image, distance, refusal
):
    name = volume()
    demo = run(f"--volume={name}:/var/lib/ceph", **user).ready(secret)
    facts = json.loads(demo.run("cat", STATE))
    assert facts["release"] == release
    written = json.dumps({**facts, "release": release + distance})
    demo.run("python3", "-c", f"open({STATE!r}, 'w').write({written!r})")
    docker("kill", demo.container)
    demo.remove()

    ended = run(f"--volume={name}:/var/lib/ceph", **user)

    assert refusal in ended.ended()
    mount = f"--volume={name}:/var/lib/ceph"
    assert docker("run", "--rm", mount, "--entrypoint=cat", image, STATE) == written
