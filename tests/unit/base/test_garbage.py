# SPDX-License-Identifier: Apache-2.0
"""The search for garbage rests in a module's run only, however that ends."""

from __future__ import annotations

import gc

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.garbage import not_searched


@pytest.fixture(params=[True, False], ids=["on before", "off before"])
def on_before(request):
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("ends", [None, SystemExit(0), OSError("full")])
def test_it_rests_and_goes_on(on_before, ends):
    try:
        with not_searched():
            assert not gc.isenabled()
            if ends:
                raise ends
    except (SystemExit, OSError):
        pass
    assert gc.isenabled() == on_before
