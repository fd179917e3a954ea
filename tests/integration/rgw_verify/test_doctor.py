# SPDX-License-Identifier: Apache-2.0
"""The plain command, as a person without Ansible types it: its table, its files and its exit codes."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.faulty_gateway import FaultyGateway
from tests.integration.gateway import Gateway
from tests.integration.processes import heed_interrupts

ROOT = Path(__file__).parents[3]
# -S keeps site-packages out: nothing but the standard library may be needed.
DOCTOR = (sys.executable, "-S", "-m", "commands.doctor")


def doctor(
    *arguments: str | Path, key: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DOCTOR, *map(str, arguments)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **(environment or {})},
        input=key,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_healthy_gateway_leaves_with_0(gateway: Gateway) -> None:
    done = doctor("--endpoint", gateway.url, "--user", gateway.user, "--secret-file", gateway.secret_file)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{gateway.url} as {gateway.user}, seen from ")
    assert {line.split()[0] for line in lines[1:]} == {"ok", "skip"}  # S3 and a suspended user were not given


def test_the_probes_of_s3_run_with_an_s3_key(gateway: Gateway) -> None:
    here = ["--endpoint", gateway.url, "--user", gateway.user, "--secret-file", gateway.secret_file]
    s3 = ["--s3-access-key", gateway.access_key, "--s3-secret-file", gateway.secret_file]
    done = doctor(*here, *s3, "--group", "s3")
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in done.stdout.splitlines()[1:]} == {"ok"}


def test_what_the_run_fails_for_can_be_chosen(gateway: Gateway) -> None:
    with FaultyGateway(gateway.host, gateway.port, "head-no-status-line") as proxy:
        here = ["--endpoint", proxy.url, "--user", gateway.user, "--secret-file", gateway.secret_file]
        done = doctor(*here, "--group", "head", "--fail-on", "never")
    assert done.returncode == 0 and "FAIL  head-empty-manifest" in done.stdout


@pytest.mark.parametrize("lone", ["--s3-access-key=k", "--suspended-user=a:b", "--client-key=k.pem"])
def test_an_option_without_its_other_half_is_refused(lone: str) -> None:
    done = doctor("--endpoint", "http://gw", "--user", "a:b", lone)
    assert done.returncode == 64 and "usage: " in done.stderr


def test_a_faulty_gateway_leaves_with_2_and_reports(gateway: Gateway, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("r.json", "r.xml", "r.html")]
    reports = [part for option, path in zip(("--json", "--junit", "--html"), files) for part in (option, path)]
    with FaultyGateway(gateway.host, gateway.port, "head-no-status-line") as proxy:
        done = doctor(
            *("--endpoint", proxy.url, "--user", gateway.user, "--secret-env", "KEY", "--group", "head", *reports),
            environment={"KEY": gateway.secret},
        )
    assert done.returncode == 2, done.stderr
    assert done.stdout.splitlines()[1].startswith("  FAIL  head-empty-manifest ")
    assert "  remedy:   Upgrade Ceph" in done.stdout
    assert done.stdout.splitlines()[-3:] == [f"Written: {path}" for path in files]
    run = json.loads(files[0].read_text())["runs"][0]
    assert {verdict["group"] for verdict in run["verdicts"]} == {"auth", "head"}
    assert ElementTree.parse(files[1]).getroot().attrib["failures"] == "1"
    assert "<h1" in files[2].read_text()
    assert gateway.secret not in done.stdout + "".join(path.read_text() for path in files)


def test_the_key_may_come_by_standard_input(gateway: Gateway) -> None:
    done = doctor("--endpoint", gateway.url, "--user", gateway.user, "--probe", "auth", key=gateway.secret + "\n")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)


def test_a_person_is_asked_for_the_key_and_does_not_see_it(gateway: Gateway) -> None:
    ours, terminal = pty.openpty()
    process = subprocess.Popen(
        [*DOCTOR, "--endpoint", gateway.url, "--user", gateway.user, "--probe", "auth"],
        cwd=ROOT,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    seen = b""
    while b"Swift key of demo:swift: " not in seen:
        seen += os.read(ours, 4096)
    os.write(ours, gateway.secret.encode() + b"\n")
    while b"1 ok" not in seen:
        seen += os.read(ours, 4096)
    assert process.wait(timeout=10) == 0
    os.close(ours)
    assert gateway.secret.encode() not in seen


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "--endpoint is required"),
        (["--endpoint", "http://gw"], "--user is required"),
        (["--endpoint", "gw", "--user", "a:b"], "the endpoint must be a URL like"),
        (["--endpoint", "http://gw", "--user", "a:b", "--probe", "head-empty"], "did you mean head-empty-manifest"),
        (
            ["--endpoint", "http://gw", "--user", "a:b", "--group", "heads"],
            "there is no group 'heads'; did you mean head?",
        ),
        (["--endpoint", "http://gw", "--user", "a:b", "--timeout", "soon"], "--timeout"),
        (["--endpoint", "http://gw:0", "--user", "a:b"], "with a port of 1 to 65535"),
        (["--endpoint", "http://gw", "--user", "a:b", "--segment-size", "0"], "segment_size is 0; give 1 to "),
        (["--endpoint", "http://gw", "--user", "a:b", "--container", "a/b"], "container must be the name of"),
        (["--endpoint", "http://gw", "--user", "a:b", "--secret-file", "/no/key"], "'/no/key' does not exist"),
        (["--endpoint", "http://gw", "--user", "a:b", "--secret-env", "UNSET"], "the swift key is empty"),
        (["--endpoint", "http://gw", "--user", "a:b", "--secret", "word"], "--secret"),
        (["--endpoint", "https://gw", "--user", "a:b", "--ca-file", "/no/ca"], "the CA file /no/ca cannot be used"),
    ],
)
def test_what_cannot_be_used_leaves_with_64(arguments: list[str], says: str) -> None:
    done = doctor(*arguments, key="key")
    assert (done.returncode, done.stdout) == (64, "")
    assert says in done.stderr and "Traceback" not in done.stderr


def test_a_report_that_cannot_be_written_leaves_with_73(tmp_path: Path) -> None:
    page = tmp_path / "none" / "page.html"
    done = doctor("--endpoint", "http://127.0.0.1:9", "--user", "a:b", "--html", page, key="key")
    assert done.returncode == 73
    assert "refused" in done.stdout and f"writing {page}: No such file or directory" in done.stderr


def test_the_list_names_every_probe() -> None:
    done = doctor("--list")
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert done.returncode == 0 and names[0] == "auth" and "head-empty-manifest" in names


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_nothing_left(gateway: Gateway, number: signal.Signals) -> None:
    """The fixture that looks for leftovers judges the end."""
    with FaultyGateway(gateway.host, gateway.port, "head-hangs") as proxy:
        where = ("--endpoint", proxy.url, "--user", gateway.user, "--secret-file", str(gateway.secret_file))
        process = subprocess.Popen(
            [*DOCTOR, *where, "--timeout", "60"],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=heed_interrupts,
        )
        deadline = time.monotonic() + 20
        while not proxy.injected and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        error = process.communicate(timeout=10)[1]
    assert (process.returncode, error) == (128 + number, "")
