# SPDX-License-Identifier: Apache-2.0
"""The file for podman, and files of others that speak of the same registry."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.mirrors.registries_conf import drop_in, refuse_others
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.mirrors.spec import HUB, Mirror

tomllib = pytest.importorskip("tomllib")
ONE, TWO = Mirror(HUB, "http", "one:5000"), Mirror(HUB, "https", "two.example")
WIDE = Mirror("*.example.com/team", "https", "two.example")


def test_the_file_is_toml_with_one_table_for_each_registry():
    tables = tomllib.loads(drop_in([ONE, WIDE, TWO], 'odd "home"\nx = 1'))
    hub = {"prefix": HUB, "location": HUB}
    assert tables == {
        "registry": [
            {**hub, "mirror": [{"location": "one:5000", "insecure": True}, {"location": "two.example"}]},
            {"prefix": WIDE.registry, "mirror": [{"location": "two.example"}]},
        ]
    }


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", False),
        ('unqualified-search-registries = ["docker.io"]\n', False),
        ('[[registry]]\nlocation = "docker.io"\nblocked = true\n', True),
        ("[[registry]]\n  prefix='docker.io'\n", True),
        ('[[registry]]\nprefix = "docker.io/library"\nlocation = "docker.io"\n', False),
        ('[[registry]]\nprefix = "quay.io"\n[[registry.mirror]]\nlocation = "docker.io"\n', False),
        ('# [[registry]]\n# prefix = "docker.io"\n', False),
        ('[aliases]\nlocation = "docker.io"\n', False),
    ],
)
def test_a_registry_that_another_file_has_is_refused(text, refused, tmp_path):
    folder = tmp_path / "registries.conf.d"
    folder.mkdir()
    own = folder / "rgwkit-mirrors.conf"
    own.write_text('[[registry]]\nprefix = "docker.io"\n')
    other = folder / "other.conf"
    for path in (tmp_path / "registries.conf", other):
        path.write_text(text)
        if refused:
            with pytest.raises(ToolError, match=r"settings for docker\.io"):
                refuse_others([ONE], str(tmp_path / "registries.conf"), str(folder), str(own))
        else:
            refuse_others([ONE], str(tmp_path / "registries.conf"), str(folder), str(own))
        path.unlink()
