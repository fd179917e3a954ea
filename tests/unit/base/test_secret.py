# SPDX-License-Identifier: Apache-2.0
"""What a secret has to be, and what is shown of one."""

from __future__ import annotations

import string

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import (
    Marks,
    Secret,
    generate_secret,
    problem_with,
)

CANARY = "canary-9d27e5b1c4a80f36"


@pytest.mark.parametrize(
    "value, allow_weak, says",
    [
        ("", True, "empty"),
        ("", False, "empty"),
        ("x" * 15, False, "shorter than 16"),
        ("x" * 15, True, ""),
        ("q", True, ""),
        ("x" * 16, False, ""),
        ("x" * 16 + " ", True, "printable ASCII"),
        ("x" * 16 + "\n", False, "printable ASCII"),
        ("x" * 16 + "é", False, "printable ASCII"),
        ("x" * 16 + "\x7f", False, "printable ASCII"),
        ("!~/+=$:&?#%\"'\\<>", False, ""),
    ],
)
def test_what_is_wrong_with_a_secret(value, allow_weak, says):
    problem = problem_with(Secret(value), allow_weak)
    assert says in problem if says else problem == ""


def test_generated_secrets():
    values = {generate_secret().value for _ in range(50)}
    assert len(values) == 50
    assert all(len(value) == 64 and set(value) <= set(string.hexdigits.lower()) for value in values)


def test_a_secret_does_not_print():
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]} %s" % secret


def test_marks():
    marks, other_run, other_admin = Marks("admin"), Marks("admin"), Marks("nimda")
    assert marks.mark(Secret(CANARY)) == other_run.mark(Secret(CANARY))
    assert marks.mark(Secret(CANARY)) != marks.mark(Secret("another"))
    assert marks.mark(Secret(CANARY)) != other_admin.mark(Secret(CANARY))
    assert marks.mark(Secret("")) == "(empty)"
    assert len(marks.mark(Secret(CANARY))) == len("hmac-sha256:1a2b3c4d")
