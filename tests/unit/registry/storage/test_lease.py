# SPDX-License-Identifier: Apache-2.0
"""A registry becomes writable when nobody gives a sign of life, and never while somebody does.

The guard is the real one, a process of its own. docker and systemctl are programs that note how they are called.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage import guard as registry_guard
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage import lease as engine
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.collector import given_up_after
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.guard import (
    Terms,
    locked,
    make_writable,
    watch,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.lease import Keeper, hold, release, renew
from ansible_collections.rgwkit.ceph.plugins.module_utils.services import record as service_record
from ansible_collections.rgwkit.ceph.plugins.modules import registry_lease

READ_ONLY, PUSHABLE = "read-only", "writable"


class Site:
    """A registry's folder, with what goes into the lease's folder before it is taken, and doubles of programs."""

    def __init__(self, folder):
        self.folder = folder / "registry"
        self.config, self.lease = self.folder / "config.yml", self.folder / "lease"
        self.record = self.folder / "loaded"
        self.calls, self.programs = folder / "calls", folder / "bin"
        self.programs.mkdir()
        self.folder.mkdir()
        self.config.write_text(READ_ONLY)
        self.prepare()
        self.program("docker", 'case "$1" in ps) echo 4711 ;; esac')
        self.program("systemctl", "")

    def prepare(self):
        self.lease.mkdir(mode=0o700, exist_ok=True)
        (self.lease / "writable.yml").write_text(PUSHABLE)
        (self.lease / "writable.yml").chmod(0o640)

    def program(self, name, *lines):
        """A program that notes its words and the configuration of that moment, and then does this."""
        path = self.programs / name
        said = f'echo "{name} $* ($(cat {self.config}))" >> {self.calls}'
        path.write_text("\n".join(["#!/bin/sh", said, *lines]) + "\n")
        path.chmod(0o755)

    def called(self):
        return self.calls.read_text().splitlines() if self.calls.exists() else []

    def terms(self, seconds=60.0, **more):
        return Terms(seconds, str(self.config), record=str(self.record), **(more or {"container": "hub"}))

    def loaded(self):
        """The record of a registry that has loaded the present configuration."""
        content = service_record.Content({}, [str(self.config)])
        return service_record.Record("container", service_record.digests(content))

    def guards(self):
        """The processes that guard this folder."""
        done = subprocess.run(["pgrep", "-f", f"{self.lease}/guard.py {self.lease}"], stdout=subprocess.PIPE, text=True)
        return [int(line) for line in done.stdout.split() if not _is_zombie(int(line))]

    def age(self, seconds):
        then = time.time() - seconds
        os.utime(self.lease / "lease", (then, then))


def _is_zombie(pid):
    """The test is its parent and does not wait for it; on a host the parent is gone, and init does."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def site(tmp_path, monkeypatch):
    site = Site(tmp_path)
    monkeypatch.setenv("PATH", f"{site.programs}:{os.environ['PATH']}")
    monkeypatch.setattr(engine, "_GUARD_SECONDS", 10.0)
    yield site
    for pid in site.guards():
        os.kill(pid, signal.SIGKILL)


def wait_until(condition, seconds=15):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_without_a_sign_of_life_the_registry_becomes_writable_and_nothing_is_left(site):
    access = os.stat(site.lease / "writable.yml")
    hold(str(site.lease), site.terms(1))
    assert len(site.guards()) == 1
    assert stat.S_IMODE(os.stat(site.lease / "lease").st_mode) == 0o600
    assert site.config.read_text() == READ_ONLY
    wait_until(lambda: not site.lease.exists())
    assert site.config.read_text() == PUSHABLE
    seen = os.stat(site.config)
    assert (seen.st_mode, seen.st_uid, seen.st_gid) == (access.st_mode, access.st_uid, access.st_gid)
    assert site.called()[-1] == f"docker restart hub ({PUSHABLE})"
    assert os.listdir(site.folder) == ["config.yml"]
    wait_until(lambda: not site.guards())


def test_while_there_are_signs_of_life_nothing_happens(site):
    hold(str(site.lease), site.terms(2))
    with Keeper(str(site.lease)) as keeper:
        time.sleep(4)
        keeper.check()
    assert (site.config.read_text(), site.called()) == (READ_ONLY, [])
    wait_until(lambda: not site.lease.exists())
    assert site.config.read_text() == PUSHABLE


def test_who_keeps_it_and_is_killed_keeps_it_no_longer(site):
    hold(str(site.lease), site.terms(1))
    program = (
        "import sys, time\n"
        "from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.storage.lease import Keeper\n"
        "with Keeper(sys.argv[1]):\n    print('kept', flush=True)\n    time.sleep(600)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", program, str(site.lease)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment) as keeper:
        assert keeper.stdout.readline() == b"kept\n"
        time.sleep(3)
        assert site.config.read_text() == READ_ONLY
        keeper.kill()
    wait_until(lambda: not site.lease.exists())
    assert site.config.read_text() == PUSHABLE


def test_released_leaves_nothing_and_restarts_nothing(site):
    hold(str(site.lease), site.terms(1))
    assert release(str(site.lease))
    assert (os.listdir(site.folder), site.called(), site.guards()) == (["config.yml"], [], [])
    time.sleep(2)
    assert site.config.read_text() == READ_ONLY
    assert not release(str(site.lease))


def test_one_that_is_over_is_never_renewed(site):
    """Whoever has been away for too long must not believe that nothing was pushed."""
    lease = str(site.lease)
    hold(lease, site.terms(600))
    for pid in site.guards():
        os.kill(pid, signal.SIGKILL)
    site.age(599)
    assert renew(lease) == 600
    site.age(601)
    for refused in (lambda: renew(lease), lambda: release(lease, required=True), Keeper(lease).__enter__):
        with pytest.raises(ToolError, match="is over"):
            refused()
    assert release(lease)
    with pytest.raises(ToolError, match="is over"):
        renew(lease)


def test_a_keeper_is_told_that_it_was_too_late(site):
    hold(str(site.lease), site.terms(600))
    with Keeper(str(site.lease)) as keeper:
        keeper.check()
        site.age(700)
        wait_until(lambda: site.config.read_text() == PUSHABLE)
        with pytest.raises(ToolError, match="is over"):
            keeper.check()


def test_a_sign_of_life_may_be_good_for_longer(site):
    hold(str(site.lease), site.terms(1))
    assert renew(str(site.lease), 600) == 600
    time.sleep(3)
    assert (site.config.read_text(), len(site.guards())) == (READ_ONLY, 1)
    assert renew(str(site.lease)) == 600


def test_of_renewing_and_ending_only_one_happens(site):
    """Both look at the same lease at the moment when it ends."""
    for _round in range(30):
        site.prepare()
        (site.lease / "lease").write_text(json.dumps(site.terms(5)._asdict()))
        site.config.write_text(READ_ONLY)
        site.age(4.95)

        def renewed():
            try:
                return bool(renew(str(site.lease)))
            except ToolError:
                return False

        def ended():
            with locked(str(site.lease)) as lease:
                if lease is not None and lease.over:
                    os.unlink(site.lease / "lease")
                    return True
            return False

        time.sleep(0.045)
        with ThreadPoolExecutor(2) as pool:
            results = [pool.submit(renewed), pool.submit(ended)]
        kept, over = (result.result() for result in results)
        assert not (kept and over)


def test_a_second_run_goes_on_with_what_the_first_has_left(site):
    hold(str(site.lease), site.terms(1))
    (guard,) = site.guards()
    site.prepare()
    hold(str(site.lease), site.terms(600))
    time.sleep(3)
    assert (site.guards(), site.config.read_text()) == ([guard], READ_ONLY)


def test_a_guard_that_was_killed_is_replaced(site):
    hold(str(site.lease), site.terms(600))
    (guard,) = site.guards()
    os.kill(guard, signal.SIGKILL)
    wait_until(lambda: not site.guards())
    hold(str(site.lease), site.terms(600))
    assert len(site.guards()) == 1 and site.guards() != [guard]


def test_without_a_guard_there_is_no_lease(site, monkeypatch):
    monkeypatch.setattr(engine, "_GUARD_SECONDS", 1.0)
    monkeypatch.setattr(engine.sys, "executable", "/bin/false")
    with pytest.raises(ToolError, match="did not start"):
        hold(str(site.lease), site.terms(600))
    assert not (site.lease / "lease").exists()


def test_without_what_the_registry_goes_back_to_there_is_no_lease(site):
    (site.lease / "writable.yml").unlink()
    with pytest.raises(ToolError, match=r"writable\.yml is not there"):
        hold(str(site.lease), site.terms(600))
    assert site.guards() == []


def test_a_restart_that_fails_is_tried_again(site, monkeypatch):
    broken = site.folder / "broken"
    broken.touch()
    site.program("docker", f"test ! -e {broken} || exit 1", "echo 4711")
    monkeypatch.setattr(registry_guard, "RETRY_SECONDS", 0.2)
    monkeypatch.setattr(registry_guard, "POLL_SECONDS", 0.2)
    before = site.loaded()
    site.record.write_text(before.text())
    (site.lease / "lease").write_text(json.dumps(site.terms(5)._asdict()))
    site.age(6)
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch, str(site.lease))
        wait_until(lambda: len(site.called()) > 2)
        # The next play sees by the record that the registry does not run on the new file yet.
        assert service_record.differences(before, site.loaded()) == [str(site.config)]
        assert service_record.read(str(site.record)) == before
        assert site.lease.exists()
        broken.unlink()
        watching.result(15)
    assert site.called()[-1].startswith("docker restart hub")
    assert not site.lease.exists()
    assert service_record.read(str(site.record)) == site.loaded() != before
    assert stat.S_IMODE(os.stat(site.record).st_mode) == 0o600


@pytest.mark.parametrize("content", [None, "", "[]", '{"loaded": []}'])
def test_what_is_no_record_stays_as_it_is(site, content):
    if content is not None:
        site.record.write_text(content)
    make_writable(str(site.lease), site.terms())
    assert site.config.read_text() == PUSHABLE
    assert (site.record.read_text() if site.record.exists() else None) == content


def test_a_registry_that_somebody_has_stopped_stays_so(site):
    site.program("docker", "")
    make_writable(str(site.lease), site.terms())
    assert (len(site.called()), site.config.read_text()) == (1, PUSHABLE)
    assert site.called()[0].startswith("docker ps --quiet --filter=status=running")


def test_a_collector_in_a_unit_ends_before_anything_is_writable(site):
    make_writable(str(site.lease), site.terms(unit="hub.service", collector="hub-garbage.service"))
    assert site.called() == [
        f"systemctl stop hub-garbage.service ({READ_ONLY})",
        f"systemctl try-restart hub.service ({PUSHABLE})",
    ]


def test_a_collector_that_does_not_end_keeps_the_registry_read_only(site):
    site.program("systemctl", "exit 1")
    with pytest.raises(OSError, match="hub-garbage"):
        make_writable(str(site.lease), site.terms(unit="hub.service", collector="hub-garbage.service"))
    assert site.config.read_text() == READ_ONLY
    site.program("systemctl", 'test "$1" != stop || exit 5')
    make_writable(str(site.lease), site.terms(unit="hub.service", collector="hub-garbage.service"))
    assert site.config.read_text() == PUSHABLE


def test_a_clock_that_is_set_back_does_not_prolong_it(site):
    (site.lease / "lease").write_text(json.dumps(site.terms(1)._asdict()))
    site.age(-86400)
    with locked(str(site.lease)) as lease:
        assert not lease.over
    assert abs(time.time() - os.stat(site.lease / "lease").st_mtime) < 5


def test_what_is_no_lease_is_named_and_can_be_removed(site):
    (site.lease / "lease").write_text("[]")
    with pytest.raises(ToolError, match="something else than a lease"):
        renew(str(site.lease))
    assert release(str(site.lease))
    assert not site.lease.exists()


def test_no_link_is_followed(site, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text(json.dumps(site.terms(1)._asdict()))
    os.symlink(victim, site.lease / "lease")
    before = os.stat(victim).st_mtime_ns
    with pytest.raises(OSError):
        renew(str(site.lease))
    assert os.stat(victim).st_mtime_ns == before


def test_where_systemd_runs_the_guard_is_a_unit_of_its_own(site, tmp_path, monkeypatch):
    units = tmp_path / "units"
    (units / "multi-user.target.wants").mkdir(parents=True)
    monkeypatch.setattr(registry_guard, "UNIT_FOLDER", str(units))
    start = f'test "$1" != restart || setsid {sys.executable} -I {site.lease}/guard.py {site.lease} >&- 2>&- &'
    site.program("systemctl", start)
    hold(str(site.lease), site.terms(600, container="hub", guard_unit="hub-lease.service"), "Makes hub writable")
    unit = (units / "hub-lease.service").read_text()
    assert f'ExecStart="{sys.executable}" -I "{site.lease}/guard.py" "{site.lease}"\n' in unit
    assert "Description=Makes hub writable\n" in unit and "WantedBy=multi-user.target" in unit
    words = [" ".join(line.split()[1:3]) for line in site.called()]
    assert words == [f"daemon-reload ({READ_ONLY})", "enable hub-lease.service", "restart hub-lease.service"]
    assert release(str(site.lease), "hub-lease.service")
    assert not (units / "hub-lease.service").exists() and not site.lease.exists()


def test_the_module_does_it_all(site, run_module, monkeypatch):
    monkeypatch.setattr(registry_lease, "SYSTEMD", "/nowhere")
    same = {"path": str(site.lease), "guard_unit": "hub-lease.service"}
    held = {**same, "seconds": 600, "config": str(site.config), "container": "hub"}
    assert run_module(registry_lease, check=True, **held)["found"]
    assert site.guards() == []
    result = run_module(registry_lease, **held)
    assert not result["changed"], result
    assert json.loads((site.lease / "lease").read_text())["seconds"] == 600
    assert not run_module(registry_lease, **same, state="renewed", seconds=300).get("failed")
    assert run_module(registry_lease, check=True, **same, state="released")["found"]
    assert site.lease.exists()
    result = run_module(registry_lease, **same, state="released", required=True)
    assert (result["found"], result["changed"]) == (True, False)
    result = run_module(registry_lease, **same, state="renewed")
    assert result["failed"] and "is over" in result["msg"]
    assert not run_module(registry_lease, **same, state="released")["found"]


@pytest.mark.parametrize("given", [{"seconds": 0}, {"seconds": float("nan")}, {}, {"seconds": 5, "container": "hub"}])
def test_a_lease_without_an_end_or_a_beginning_is_refused(site, run_module, given):
    result = run_module(registry_lease, path=str(site.lease), guard_unit="hub-lease.service", **given)
    assert result["failed"] and site.guards() == []


def test_what_takes_too_long_is_given_up_and_nothing_else():
    with pytest.raises(ToolError, match=r"more than 0\.2 s"), given_up_after(0.2):
        time.sleep(30)
    with given_up_after(0.2):
        pass
    with given_up_after(None):
        time.sleep(0.4)
