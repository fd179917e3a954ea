# SPDX-License-Identifier: Apache-2.0
"""The table of faults."""

from __future__ import annotations

from .faults_auth import AUTH_FAULTS
from .faults_http import HTTP_FAULTS
from .faults_manifest import MANIFEST_FAULTS
from .faults_s3 import S3_FAULTS
from .faults_storage import STORAGE_FAULTS

FAULTS = {fault.name: fault for fault in (*MANIFEST_FAULTS, *HTTP_FAULTS, *STORAGE_FAULTS, *AUTH_FAULTS, *S3_FAULTS)}
