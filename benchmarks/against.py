# SPDX-License-Identifier: Apache-2.0
"""A benchmark run on this tree and on a worktree of another revision, in turns, so that both meet the same machine.

Each tree runs its own copy of the benchmark, which ends in one JSON line; a benchmark may measure both itself instead,
on one gateway. The comparison's line holds, for each number that both have, the median of either tree and `ratio`, this
tree's over the other's.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

PROJECT = Path(__file__).resolve().parents[1]


class AgainstError(Exception):
    """A tree could not be made or measured; the text says which and why."""


def add_option(parser: argparse.ArgumentParser) -> None:
    """The option --against of every benchmark."""
    parser.add_argument("--against", metavar="REV", help="measure a worktree of this revision, too, in turns")


def run(script: str, revision: str, turns: int, *options: str) -> int:
    """Compare both trees, each with its own benchmark of this file name. The exit code."""
    return compare(lambda tree: _measured(tree, script, *options), revision, turns)


def compare(measure: Callable[[Path], dict[str, Any]], revision: str, turns: int) -> int:
    """Compare both trees and print the JSON line. The exit code."""
    try:
        print(json.dumps({"against": revision, "turns": turns, **compared(measure, revision, turns)}))
    except AgainstError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def compared(
    measure: Callable[[Path], dict[str, Any]],
    revision: str,
    turns: int,
    after: Callable[[Path], None] = lambda tree: None,
) -> dict[str, dict[str, float]]:
    """Measure both trees, given as their folders, and print the table; the figures of both.

    after: what is to be done with each tree in the end. Raises AgainstError.
    """
    found: dict[str, list[dict[str, Any]]] = {"here": [], revision: []}
    with _worktree(revision) as other:
        trees = ((revision, other), ("here", PROJECT))
        try:
            for turn in range(1, turns + 1):
                # Each is first in every other turn: what a machine does to a second run is nobody's merit or fault.
                for name, tree in trees[:: 1 if turn % 2 else -1]:
                    found[name].append(_numbers(measure(tree)))
                    print(f"turn {turn} of {turns}: {name}", flush=True)
        finally:
            for _name, tree in trees:
                after(tree)
    figures = _compared(found["here"], found[revision])
    for key, one in figures.items():
        print(f"  {key:32} {one['here']:>10.3f} {one['there']:>10.3f}  {one['ratio']:.2f}")
    return figures


@contextmanager
def _worktree(revision: str) -> Iterator[Path]:
    """A worktree of the revision with this tree's virtual environment; it goes at the end."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        _git("worktree", "add", "--quiet", "--detach", str(tree), revision)
        try:
            (tree / ".venv").symlink_to(PROJECT / ".venv")
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*words: str) -> None:
    done = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AgainstError(f"git {' '.join(words)}: {done.stderr.strip()}")


def _measured(tree: Path, script: str, *options: str) -> dict[str, Any]:
    command = [sys.executable, f"benchmarks/{script}", *options]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    try:
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        raise AgainstError(f"{script} in {tree} ended with {done.returncode}: {done.stderr.strip()[-2000:]}") from None
    return found


def _numbers(found: dict[str, Any], above: str = "") -> dict[str, Any]:
    """All numbers of a result by their dotted keys."""
    numbers: dict[str, Any] = {}
    for key, value in found.items():
        if isinstance(value, dict):
            numbers |= _numbers(value, f"{above}{key}.")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            numbers[f"{above}{key}"] = value
    return numbers


def _compared(here: list[dict[str, Any]], there: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """For each number of both trees: the medians, and this tree's over the other's (0 where that is 0)."""
    compared = {}
    for key in here[0]:
        if all(key in one for one in (*here, *there)):
            medians = [statistics.median(one[key] for one in side) for side in (here, there)]
            compared[key] = {
                "here": medians[0],
                "there": medians[1],
                "ratio": round(medians[0] / medians[1], 3) if medians[1] else 0.0,
            }
    return compared
