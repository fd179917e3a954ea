# SPDX-License-Identifier: Apache-2.0
"""What a Docker registry makes of config.yml files, before it does.

    python3 -m commands.registry_lint FILE...

From a clone; needs PyYAML and nothing else. Exit codes: 0 no errors, 1 errors, 2 a file that cannot be read, or an
argument that cannot be used.
"""

from __future__ import annotations

import sys
from json import dumps
from typing import Callable, Dict, List, Optional

from module_utils.registry.config.json_schema import json_schema
from module_utils.registry.config.yaml import NEEDS_YAML, YamlMissing

from ..output import end, say
from . import github, json, sarif, text
from .arguments import parse
from .judgement import Environment, Judgement, Unreadable, judge, read_environment

RENDER: Dict[str, Callable[[List[Judgement], str], str]] = {
    "text": text.render,
    "json": json.render,
    "sarif": sarif.render,
    "github": github.render,
}


def main(arguments: Optional[List[str]] = None) -> int:
    """The command: 0 without errors, 1 with some, 2 where a file cannot be read."""
    given = parse(arguments)
    if given.schema:
        say(dumps(json_schema(given.schema), indent=2))
        return 0
    version = given.registry_version
    try:
        environment, judgements = read_environment(given.env) if given.env else (Environment(), [])
    except Unreadable as error:
        return _complain(f"{given.env}: {error}")
    try:
        judgements += [judge(path, version, given.with_files, environment) for path in given.files]
    except YamlMissing:
        return _complain(NEEDS_YAML)
    rendered = RENDER[given.format](judgements, version)
    if rendered:
        say(rendered)
    for judgement in judgements:
        if judgement.problem:
            _complain(f"{judgement.path}: {judgement.problem}")
    return max(judgement.code(given.strict) for judgement in judgements)


def _complain(what: str) -> int:
    sys.stderr.write(f"{what}\n")
    return 2


def run() -> None:
    """The command."""
    end(main)


if __name__ == "__main__":
    run()
