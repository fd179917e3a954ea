# SPDX-License-Identifier: Apache-2.0
"""Devices as RGW keeps them, and their keys in the forms that programs take."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.mfa.device import (
    Device,
    new_seed,
    read_device,
    seed_bytes,
    text_of,
)

SEED = b"12345678901234567890"
# As Ceph 20.2.4 gives one (GET /admin/metadata/otp).
RECORD = {
    "type": 2,
    "id": "one",
    "seed": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "seed_type": "base32",
    "time_ofs": 0,
    "step_size": 30,
    "window": 2,
}


def test_a_record_is_a_device_and_the_same_again():
    device = read_device(RECORD)
    assert device == Device("one", SEED, 30, 2)
    assert device.record() == RECORD
    assert SEED.decode() not in repr(device)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "base32"),
        ("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", "base32"),
        ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====", "base32"),
        (SEED.hex(), "hex"),
        (SEED.hex().upper(), "hex"),
    ],
)
def test_a_key_in_the_forms_that_people_write(text, kind):
    assert seed_bytes(Secret(text), kind) == SEED


@pytest.mark.parametrize(("text", "kind"), [("0189", "base32"), ("xyz", "hex"), ("abc", "hex")])
def test_what_is_no_key_is_not_shown(text, kind):
    with pytest.raises(InputError, match=f"not {kind}") as error:
        seed_bytes(Secret(text), kind)
    assert text not in str(error.value)


def test_a_new_key_is_long_enough_and_comes_back():
    seed = new_seed()
    assert len(seed) == 20 and seed != new_seed()
    assert seed_bytes(Secret(text_of(seed)), "base32") == seed


@pytest.mark.parametrize("odd", [{}, {**RECORD, "seed": "!"}, {**RECORD, "step_size": "x"}, {**RECORD, "seed": 5}])
def test_a_record_in_an_unknown_form(odd):
    with pytest.raises((InputError, AttributeError)):
        read_device(odd)
