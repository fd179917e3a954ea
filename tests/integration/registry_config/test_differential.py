# SPDX-License-Identifier: Apache-2.0
"""Whether a registry starts: what the lint foretells of made-up configurations against what the real one does.

RGWKIT_LINT_CASES and RGWKIT_LINT_SEED choose how many, and which.
"""

from __future__ import annotations

import os
import random
import re

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import ERROR
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint

from .cases import swift
from .generator import Made, make
from .registries import VERSION, Run, running
from .test_behaviour import needs_swift

COUNT = int(os.environ.get("RGWKIT_LINT_CASES", "60"))
SEED = int(os.environ.get("RGWKIT_LINT_SEED", "1"))
AT_ONCE = 30


@needs_swift
def test_the_lint_foretells_whether_it_starts(tmp_path, gateway):
    dice = random.Random(SEED)
    made = {f"case{number}": make(dice, swift(gateway.url, gateway.secret)) for number in range(COUNT)}
    names = list(made)
    against = []
    for first in range(0, COUNT, AT_ONCE):
        some = names[first : first + AT_ONCE]
        texts = {name: made[name].text for name in some}
        environments = {name: made[name].environment for name in some}
        with running(tmp_path / "runs", texts, environments) as runs:
            against += [told for name in some for told in disagreement(made[name], runs[name])]
    print(f"{len(against)} of {COUNT} disagree (seed {SEED})", *against, sep="\n\n")
    assert against == []


def disagreement(made: Made, run: Run) -> list[str]:
    """What was foretold and what came, where these differ."""
    findings = lint(made.text, VERSION, environment=made.environment)
    if any("another one at another start" in finding.effect for finding in findings):
        return []
    errors = [finding for finding in findings if finding.severity == ERROR]
    exits = {int(code) for error in errors for code in re.findall(r"exit (\d)", error.effect)}
    if run.exit in (exits or {None}):
        return []
    said = next((line for line in run.out.splitlines() if re.search("panic|error|fatal", line)), "")
    foretold = "\n".join(map(str, findings))
    return [f"exit {run.exit}: {said}\nforetold {exits or None}:\n{foretold}\n{made.environment}\n{made.text}"]
