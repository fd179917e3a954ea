# SPDX-License-Identifier: Apache-2.0
"""An image with a release of Ceph that the demo's data cannot go to is refused before the demo is touched."""

from __future__ import annotations

import json
import secrets
import subprocess
from collections.abc import Iterator
from typing import Callable

import pytest

from tests.ceph import IMAGE, RELEASE


def docker(*arguments: str, data: str | None = None) -> str:
    return subprocess.run(["docker", *arguments], input=data, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def image_of() -> Iterator[Callable[[int], str]]:
    """Makes images whose monitor says that it is of another release."""
    names: list[str] = []

    def make(release: int) -> str:
        version = f"ceph version {release}.2.0 (0123456789abcdef) other (stable)"
        names.append(f"rgwkit-test/ceph-{secrets.token_hex(4)}:{release}")
        recipe = f"FROM {IMAGE}\nRUN printf '#!/bin/sh\\necho \"{version}\"\\n' > /usr/bin/ceph-mon\n"
        docker("build", "--quiet", "--tag", names[-1], "-", data=recipe)
        return names[-1]

    yield make
    for name in names:
        docker("rmi", "--force", name)


@pytest.mark.parametrize(
    ("distance", "refusal", "next_step"),
    [
        (-2, "Ceph has no way back to an older release", f"Next: stay with Ceph {RELEASE} (CEPH={RELEASE} for make"),
        (
            3,
            "an upgrade passes over one release at most",
            f"Next: upgrade first to Ceph {RELEASE + 2} (CEPH={RELEASE + 2} for make",
        ),
    ],
)
@pytest.mark.parametrize("options", [(), ("--check",)], ids=["run", "check"])
def test_a_release_out_of_reach_is_refused(demo, play, image_of, options, distance, refusal, next_step):
    before = json.loads(docker("inspect", demo.name))[0]
    choices = (demo.directory / "choices.yml").read_text()
    image = image_of(RELEASE + distance)

    run = play("demo", demo, *options, ceph_demo_image=image, ceph_demo_storage="persistent")

    said = " ".join(run.output.split())
    assert run.code != 0
    assert f"{demo.name} keeps data of Ceph {RELEASE}, and {image} has Ceph {RELEASE + distance}: {refusal}" in said
    assert next_step in said
    after = json.loads(docker("inspect", demo.name))[0]
    assert (after["Id"], after["State"]["StartedAt"]) == (before["Id"], before["State"]["StartedAt"])
    assert (demo.directory / "choices.yml").read_text() == choices
