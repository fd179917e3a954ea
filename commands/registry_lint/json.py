# SPDX-License-Identifier: Apache-2.0
"""The findings for programs: one JSON document, described in docs/registry-config.md."""

from __future__ import annotations

import json
from typing import Any, Dict, List

from module_utils.base.findings import ERROR

from .judgement import Judgement

# Raised by a change that could break a reader.
SCHEMA = 1


def render(judgements: List[Judgement], version: str) -> str:
    """The document."""
    return json.dumps(
        {"schema": SCHEMA, "registry": version, "files": [_file(judgement) for judgement in judgements]}, indent=2
    )


def _file(judgement: Judgement) -> Dict[str, Any]:
    errors = sum(finding.severity == ERROR for finding in judgement.findings)
    return {
        "file": judgement.path,
        "problem": judgement.problem or None,
        "errors": errors,
        "warnings": len(judgement.findings) - errors,
        "findings": [one.as_dict() for one in judgement.located],
    }
