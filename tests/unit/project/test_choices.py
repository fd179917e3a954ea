# SPDX-License-Identifier: Apache-2.0
"""Every choice that is offered has been run: the table of tests/choices.py against the specifications and the tests."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

import pytest

from tests.argument_specs import offered
from tests.choices import ADDRESSES, CHOICES, UNTESTED
from tests.playbooks import PROJECT

ROOT = PROJECT
OFFERED = sorted((option, choice) for option, choices in offered().items() for choice in choices)
FORMS = {"IPv4", "name", "IPv6", "wildcard"}
NAMED = sorted({test for table in (CHOICES, ADDRESSES) for choices in table.values() for test in choices.values()})


@pytest.mark.parametrize(("option", "choice"), OFFERED, ids=" ".join)
def test_a_choice_is_run_or_said_not_to_be(option: str, choice: str) -> None:
    run, untested = choice in CHOICES.get(option, {}), (option, choice) in UNTESTED
    assert run != untested, "tests/choices.py needs the test that runs it, or the reason why none does"


def test_nothing_is_in_the_table_that_is_not_offered() -> None:
    named = {(option, choice) for option, choices in CHOICES.items() for choice in choices}
    assert named | set(UNTESTED) == set(OFFERED)


@lru_cache
def functions_of(file: Path) -> set[str]:
    """The test functions of a file."""
    return {node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("test", NAMED)
def test_a_named_test_is_there(test: str) -> None:
    file, _, function = test.partition("::")
    assert function.startswith("test_") and function in functions_of(ROOT / "tests" / file)


@pytest.mark.parametrize("option", ADDRESSES)
def test_every_form_of_an_address_has_a_test(option: str) -> None:
    assert set(ADDRESSES[option]) == FORMS


@pytest.mark.parametrize(("option", "choice"), sorted(UNTESTED), ids=" ".join)
def test_what_no_test_runs_is_in_the_documentation(option: str, choice: str) -> None:
    lines = (ROOT / "docs" / "choices.md").read_text().splitlines()
    assert any(f"`{option.split()[-1]}`" in line and f"`{choice}`" in line for line in lines)
