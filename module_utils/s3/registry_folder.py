# SPDX-License-Identifier: Apache-2.0
"""Where Docker registries keep their images in a bucket, below their root directory.

Source: distribution 2.8 registry/storage/paths.go, and the same in 3.0.
"""

from __future__ import annotations

REGISTRY_FOLDER = "docker/registry/v2/"
