# SPDX-License-Identifier: Apache-2.0
"""The Ceph of tests that need one: the demo's default release, or another by the environment (scripts/matrix)."""

from __future__ import annotations

import os

RELEASE = int(os.environ.get("RGWKIT_CEPH_RELEASE", "18"))
IMAGE = os.environ.get("RGWKIT_CEPH_IMAGE", f"rgwkit/ceph:{RELEASE}")
