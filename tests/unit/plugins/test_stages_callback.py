# SPDX-License-Identifier: Apache-2.0
"""The stdout callback `stages`, in real runs of ansible-playbook: a line for each stage, and no failure lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.plugins.stages_site import Site, without_times

HEARTBEAT = {"RGWKIT_HEARTBEAT_INTERVAL": "1", "ANSIBLE_CALLBACKS_ENABLED": "rgwkit.ceph.heartbeat"}


RUNS = {
    "tour": lambda site: site.run("tour", "--diff"),
    "log of stages": lambda site: (site.run("tour", "--diff", "--limit", "h1"), site.log())[1],
    "log of default": lambda site: (site.run("tour", "--diff", "--limit", "h1", callback="default"), site.log())[1],
    "verbose stages": lambda site: site.run("long", "-v", "-e", "seconds=4", **HEARTBEAT),
    "verbose default": lambda site: site.run("long", "-v", "-e", "seconds=4", callback="default", **HEARTBEAT),
    "check": lambda site: site.run("tour", "--check", "--limit", "near"),
    "serial": lambda site: site.run("serial"),
    "long": lambda site: site.run("long", "-e", "seconds=4", **HEARTBEAT),
    "terminal": lambda site: site.on_a_terminal("long", "-e", "seconds=0"),
    "interrupt": lambda site: site.on_a_terminal("long", "-e", "seconds=600", interrupt=True, NO_COLOR="1"),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The outcome of one of the runs, which all begin with the first test, each in a site of its own."""
    with ThreadPoolExecutor(4) as pool:
        running = {name: pool.submit(begin, Site(tmp_path_factory.mktemp("site"))) for name, begin in RUNS.items()}
        yield lambda name: running[name].result()


@pytest.fixture(scope="module")
def tour(run):
    """The tour of two hosts, as it shows."""
    code, said = run("tour")
    assert code == 0, said
    return said


def stages(said: str) -> list[tuple[str, str]]:
    """The titles and outcomes of the stages."""
    return re.findall(r"^  (\S.*?) +(?:\d+\.\d s|-) +(\S.*)$", said, flags=re.MULTILINE)


def after(said: str, stage: str) -> list[str]:
    """The lines after the line of a stage."""
    lines = said.splitlines()
    return lines[next(number for number, line in enumerate(lines) if line.startswith(f"  {stage} ")) + 1 :]


def test_each_role_and_the_tasks_between_roles_have_a_line(tour):
    assert stages(tour) == [
        ("Set up the outer role", "1 of 2 hosts changed"),
        ("Set up the inner role", "ok"),
        ("Leave out a role", "skipped"),
        ("Work under a lock", "1 of 2 hosts changed, 1 failed, 2 ignored"),
        ("Role of the play", "ok"),
        ("Play without hosts", "no hosts matched"),
    ]


def test_what_a_role_says_comes_after_its_line_and_can_be_copied(tour):
    lines = after(tour, "Set up the outer role")
    said, rest = lines[:2], lines[2:7]
    assert sorted(said) == ["h1: said by h1", "h2: said by h2"]
    assert rest == ["", "All is well.", "", r"  copy this \x1b[31m", "and this"]


def test_failures_warnings_and_deprecations_show_below_the_name_of_their_task(tour):
    broken = tour.partition("TASK [Break] ***")[2].partition("TASK [")[0]
    assert "fatal: [h1]: FAILED! => \n" in broken and "stdout: broken" in broken and "rc: 3" in broken
    assert re.search(r"^TASK \[Warn\] \*+\n\[WARNING\]: beware of the dog\n", tour, flags=re.MULTILINE)
    assert re.search(r"^\[DEPRECATION WARNING\]: old beware of the dog", tour, flags=re.MULTILINE)
    # Ansible tells a warning once, and then only the task that was the first to say it has its name there.
    assert tour.count("beware of the dog") == 2
    assert tour.index("\nsoon it breaks\n") < tour.index("TASK [Break]")
    assert tour.count("failed: [h2] (item=2) => ") == 1 and tour.count("...ignoring") == 2
    assert re.search(r"^ok: \[h\d\] => \n    noted: true$", tour, flags=re.MULTILINE)


def test_a_diff_shows_with_its_host(tour):
    assert re.search(r"^\+one of h1\n\nchanged: \[h1\]$", tour, flags=re.MULTILINE)
    assert tour.count("TASK [outer : Write a file]") == 1


def test_nothing_else_of_the_tasks_shows(tour):
    shown = re.findall(r"^TASK \[(.*?)\]", tour, flags=re.MULTILINE)
    assert shown == ["outer : Write a file", "Warn", "Show a variable", "Break", "Fail for some items"]
    assert "hunter2" not in tour and "skipping" not in tour and "included" not in tour and "\x1b" not in tour
    recap = tour.rpartition("PLAY RECAP")[2]
    assert re.search(r"^h1 +: ok=\d+ +changed=\d+ +unreachable=0 +failed=0 .*rescued=1 +ignored=1", recap, re.MULTILINE)


def test_the_log_has_each_line_of_the_default_callback(run):
    log = run("log of stages")
    assert log == run("log of default")
    assert any("TASK [inner : Say no secret]" in line for line in log) and "hunter2" not in "".join(log)


def test_verbose_shows_what_the_default_callback_shows_and_one_heartbeat(run):
    def shown(name: str) -> list[str]:
        said = run(name)[1]
        assert said.count("    ... 2 s: Take long\n") == 1, said
        lines = [without_times(line) for line in said.splitlines() if "    ... " not in line]
        return [line for line in lines if "elapsed: " not in line]

    assert shown("verbose stages") == shown("verbose default")


def test_check_mode_is_told_and_tells_what_would_change(run):
    code, said = run("check")
    assert code == 0, said
    assert said.startswith("Check mode: this run changes nothing.")
    assert said.rstrip().partition("PLAY RECAP")[2].splitlines()[-2].startswith("Check mode: nothing was changed.")
    assert ("Set up the outer role", "2 of 2 hosts would change") in stages(said)


def test_hosts_that_take_turns_are_named(run):
    assert stages(run("serial")[1])[:2] == [("Each in turn", "2 changed  (h1)"), ("Each in turn", "2 changed  (h2)")]


def test_stages_of_the_strategy_free_come_together(run):
    assert stages(run("serial")[1])[2:4] == [("outer", "1 of 2 hosts changed"), ("inner", "ok")]


def test_an_unreachable_host_shows_in_full(run):
    code, said = run("serial")
    assert code == 4
    assert re.search(r"^TASK \[Reach the host\] \*+\n\[ERROR\]: .*port 1: Connection refused", said, flags=re.MULTILINE)
    assert "fatal: [w1]: UNREACHABLE! => " in said
    assert stages(said)[-1] == ("Far away", "1 unreachable  (w1)")


def test_a_long_task_is_alive_and_told_once(run):
    code, said = run("long")
    assert code == 0 and said.count("    ... 2 s: Take long\n") == 1, said


def test_a_terminal_shows_the_title_of_a_running_stage_in_color(run):
    said = run("terminal")
    assert re.match(r"  Long {43} +\d+\.\d s  \x1b\[0;33m1 changed\x1b\[0m\r\n", said), said
    assert "\r" not in said.replace("\r\n", "")


def test_an_interrupted_run_tells_the_stage_that_was_not_finished_without_color(run):
    said = run("interrupt")
    assert "\x1b" not in said
    # The title of the stage stood there already.
    assert re.match(r"  Long +\S", said) and said.count("  Long ") == 2, said
    assert "[ERROR]: User interrupted execution" in said
    assert stages(said.replace("\r\n", "\n")) == [("Long", "not finished, 1 changed")], said
