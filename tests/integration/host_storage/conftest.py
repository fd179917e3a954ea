# SPDX-License-Identifier: Apache-2.0
"""Images of a module's tests, and the modules' own main() on the real docker daemon."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import host_folders, image_owner

from tests.integration.host_storage.images import Images, images

HOME = "/srv/inventories/one"


@pytest.fixture(scope="module")
def images_made() -> Iterator[Images]:
    with images() as made:
        yield made


@pytest.fixture(scope="module")
def app(images_made: Images) -> str:
    """An image whose user is app (1234:2345, and 3456)."""
    return images_made.with_users("app")


@pytest.fixture(scope="module")
def second(images_made: Images) -> str:
    """An image whose user is second (1235:2346)."""
    return images_made.with_users("second:2346")


@pytest.fixture
def owner(run_module):
    """The one owner that image_owner finds."""

    def find(image: str, user: str = ""):
        result = run_module(image_owner, containers=[{"image": image, "user": user}])
        return result["owners"][0] if "owners" in result else result

    return find


@pytest.fixture
def folders(run_module, tmp_path):
    """Runs host_folders for a folder below tmp_path."""

    def run(folders, containers=(), check=False, name="own", **params):
        given = {"path": str(tmp_path / name), "home": HOME, "containers": list(containers), "folders": folders}
        return run_module(host_folders, check=check, **{**given, **params})

    return run
