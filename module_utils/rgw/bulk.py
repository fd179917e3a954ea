# SPDX-License-Identifier: Apache-2.0
"""What runs over many users and over many buckets have in common: all is planned before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..base.errors import ToolError
from ..base.parallel import Client, Item, Result, work_through
from .unfinished_run import UnfinishedRun

Plan = TypeVar("Plan")


def clients_for(connect: Callable[[], Client], items: Sequence[Item], parallel: int) -> list[Client]:
    """A client for each item that is worked on at once."""
    return [connect() for _client in range(min(parallel, len(items)))]


def all_of(clients: Sequence[Client], items: Sequence[Item], work: Callable[[Client, Item], Result]) -> list[Result]:
    """The results of reading or checking each item, in their order. Raises the first InputError or ToolError."""
    done = work_through(clients, items, work)
    error = done.first_error()
    if error:
        raise error
    return [done.results[index] for index in range(len(items))]


def apply_all(
    clients: Sequence[Client],
    plans: Sequence[Plan],
    apply: Callable[[Client, Plan], Result],
    name: Callable[[Plan], str],
    nouns: str,
) -> list[Result]:
    """The results of applying each plan, in their order. Raises UnfinishedRun, which names what is done and what not.

    nouns: what the plans are about, "users".
    """
    done = work_through(clients, plans, apply)
    error = done.first_error()
    if isinstance(error, ToolError):
        names = [name(plan) for plan in plans]
        finished = [each for index, each in enumerate(names) if index in done.results]
        left = [each for index, each in enumerate(names) if index not in done.results]
        raise UnfinishedRun(error, finished, left, nouns) from error
    if error:
        raise error
    return [done.results[index] for index in range(len(plans))]
