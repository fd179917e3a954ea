# SPDX-License-Identifier: Apache-2.0
"""Actions."""

from __future__ import annotations

ACTIONS = ("s3:GetObject",)
