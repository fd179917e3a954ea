# SPDX-License-Identifier: Apache-2.0
"""Bluestore's way around a runtime that denies io_pgetevents: real filters, each in a process of its own."""

from __future__ import annotations

import errno
import platform
import subprocess
import sys

import pytest

from tests.playbooks import PROJECT

sys.path.insert(0, str(PROJECT / "images" / "ceph-demo"))

from ceph_demo import aio

IMAGE = PROJECT / "images" / "ceph-demo"
pytestmark = pytest.mark.skipif(platform.machine() not in aio.CALLS, reason="unknown architecture")


def said(script: str) -> str:
    """What a script prints that has the module."""
    code = f"import sys; sys.path.insert(0, {str(IMAGE)!r}); from ceph_demo import aio; {script}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_call_that_is_denied_fails_as_one_that_the_kernel_lacks():
    script = f"aio.refuse({errno.EPERM}); print(aio.denial(), aio.let_libaio_fall_back(), aio.denial())"
    assert said(script) == f"{errno.EPERM} True {errno.ENOSYS}"


def test_children_have_the_filter():
    child = "subprocess.run([sys.executable, '-c', 'from ceph_demo import aio; print(aio.denial())'], env=env)"
    script = f"import os, subprocess; env = {{**os.environ, 'PYTHONPATH': {str(IMAGE)!r}}}; "
    assert said(f"{script} aio.refuse({errno.EPERM}); aio.let_libaio_fall_back(); {child}") == str(errno.ENOSYS)


def test_a_call_that_is_allowed_stays_as_it_is():
    # The kernel's own answer to a context that does not exist.
    assert said("print(aio.let_libaio_fall_back(), aio.denial())") == f"False {errno.EINVAL}"


def test_other_calls_work():
    script = f"import os; aio.refuse({errno.EPERM}); aio.let_libaio_fall_back(); print(os.listdir('/') != [])"
    assert said(script) == "True"


def test_an_unknown_architecture_is_left_alone(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert (aio.denial(), aio.let_libaio_fall_back()) == (0, False)
