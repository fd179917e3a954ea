# SPDX-License-Identifier: Apache-2.0
"""Names of projects and buckets, checked before any back-end sees them."""

from __future__ import annotations

import re

from module_utils.base.errors import InputError
from module_utils.base.words import shortened
from module_utils.rgw.buckets.names import bucket_key, problem_with_new_name

from .problems import NotFound, Unusable

# A project is a part of a user's name in each back-end.
_PROJECT = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
_PROJECT_RULE = "A project's name has 3 to 40 lower-case letters, digits and '-', a letter first and no '-' last."


def new_project(name: str) -> str:
    """The name of a project that is to be created. Raises Unusable."""
    if not _PROJECT.fullmatch(name):
        raise Unusable(f"'{shortened(name)}': {_PROJECT_RULE}")
    return name


def new_bucket(name: str) -> str:
    """The name of a bucket that is to be created. Raises Unusable."""
    try:
        problem = problem_with_new_name(bucket_key(name, None))
    except InputError as error:
        problem = str(error)
    if problem:
        raise Unusable(f"'{shortened(name)}': {problem}")
    return name


def existing_bucket(name: str) -> str:
    """The name of a bucket that may exist. Raises NotFound for one that none can have."""
    try:
        bucket_key(name, None)
    except InputError:
        raise NotFound("There is no bucket of this name in the project.") from None
    if name in (".", ".."):
        raise NotFound("There is no bucket of this name in the project.")
    return name
