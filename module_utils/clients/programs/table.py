# SPDX-License-Identifier: Apache-2.0
"""All programs, by their names."""

from __future__ import annotations

from typing import Dict

from ..program import Program
from .aws import AWS
from .containers import CONTAINERS
from .duplicity import DUPLICITY
from .mc import MC
from .rclone import RCLONE
from .restic import RESTIC
from .s3cmd import S3CMD
from .sregistry import SREGISTRY
from .swift import SWIFT

__all__ = ["PROGRAMS"]

PROGRAMS: Dict[str, Program] = {
    program.name: program for program in (SWIFT, RCLONE, S3CMD, AWS, MC, RESTIC, DUPLICITY, CONTAINERS, SREGISTRY)
}
