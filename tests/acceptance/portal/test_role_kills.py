# SPDX-License-Identifier: Apache-2.0
"""The role rgw_portal, whose play is killed after its first change, run again and killed after the next, and so on.

The end has to be that of a play that nobody interrupted.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.portal.portal_site import UNIT, PortalHost, portal_site
from tests.kills.killing import kill_after

MOST_KILLS = 60
# The one before is the play lock, of a run that is dead.
FIRST_CHANGE = 2
# Moments differ from one run to the next, and so do compiled files and what pip writes about itself.
FILES = (
    f"find /etc/rgwkit/{UNIT} /var/lib/rgwkit/{UNIT} /etc/systemd/system /run/rgwkit -not -name '*.guard' "
    "-not -name '__pycache__' -not -name '*.pyc' -not -name 'portal.db-*' -printf '%p %y %m %u %g %l\\n' | sort"
)
CONTENT = f"sha256sum /etc/rgwkit/{UNIT}/portal.json /etc/systemd/system/{UNIT}.service"
STATE = f"systemctl show --property=ActiveState,SubState,UnitFileState,NRestarts {UNIT}; grep {UNIT} /etc/passwd"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalHost]:
    with portal_site(tmp_path_factory.mktemp("portal"), f"canary-{secrets.token_hex(16)}") as (host, _gateway):
        done = host.play("users")
        assert done.code == 0, done.output[-4000:]
        yield host


def kill_on_and_on(inventory: Path) -> list[str]:
    """Kill the play after the first change of each run, until nothing is left to change; the tasks of these changes.

    A process that no run has recorded is started again by each of them, so the next kill comes one change later.
    """
    tasks: list[str] = []
    number = FIRST_CHANGE
    while len(tasks) < MOST_KILLS:
        task = kill_after(number, "portal", "-i", str(inventory))
        if task is None or "Release the play lock" in task:
            return tasks
        number = number + 1 if task in tasks else FIRST_CHANGE
        tasks.append(task)
        print(f"  killed after {task}", flush=True)
    raise AssertionError(f"the play makes no progress: {tasks}")


def seen(host: PortalHost) -> list[str]:
    return [host.tell("sh", "-c", look) for look in (FILES, CONTENT, STATE)]


def test_a_play_that_is_killed_again_and_again_ends_as_one_that_is_not(host: PortalHost) -> None:
    tasks = kill_on_and_on(host.inventory())
    assert len(tasks) > 4 and len(set(tasks)) > 4, tasks
    again = host.play("portal")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    after_kills = seen(host)
    gone = host.play("portal", rgw_portal_state="absent", rgw_portal_remove_data=True)
    assert gone.code == 0, gone.output[-4000:]
    fresh = host.play("portal")
    assert fresh.code == 0, fresh.output[-4000:]
    assert after_kills == seen(host)
