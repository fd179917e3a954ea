# SPDX-License-Identifier: Apache-2.0
"""The gateway doctor as a plain command: Python's standard library, this clone, and no Ansible.

    python3 -m commands.doctor --endpoint http://gateway.example:8080 --user registry:swift --secret-file swift.secret

Exit codes: 0 passed; 1 passed with warnings, with --strict; 2 failed; 64 an argument cannot be used; 73 a report could
not be written; 128 + N ended by signal N. 64 and 73 are those of sysexits.h.
"""

from __future__ import annotations

import getpass
import os
import signal
import socket
import sys
from argparse import Namespace
from typing import Any

from module_utils.base.interrupt import end_by_exception
from module_utils.base.keystone_login import KeystoneLogin, TokenLogin
from module_utils.base.login import Login
from module_utils.base.secret import Secret
from module_utils.base.secret_files import given_secret
from module_utils.base.words import FAIL, WARN
from module_utils.doctor.catalogue import PROBES, select
from module_utils.doctor.facts import gateway_facts
from module_utils.doctor.load import Job
from module_utils.doctor.report.files import earlier_report, write_report
from module_utils.doctor.report.html import to_page
from module_utils.doctor.report.json import document, now, result_of, run_of, to_json
from module_utils.doctor.report.junit import to_junit
from module_utils.doctor.report.text import counts, failure_message, outcome, table, view
from module_utils.doctor.runner import verify
from module_utils.doctor.session import AnyLogin, RegistryUse
from module_utils.http.endpoint import Endpoint

from ..output import end, say
from .arguments import parse
from .progress import load_progress

PASSED, WARNED, FAILED = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Verify a gateway as the arguments say; returns the exit code."""
    end_by_exception()
    options = parse(arguments)
    if options.list:
        say("\n".join(_catalogue()))
        return PASSED
    try:
        examined = run_of(socket.gethostname(), _examine(options))
    except ValueError as error:
        return _complain(f"the verification was not started: {error}", os.EX_USAGE)
    report = document([examined], _earlier(options.json))
    run = report["runs"][0]
    lines = _only_wrong(run) if options.quiet else table(report)
    if lines:
        say("\n".join(lines))
    if not run["passed"]:
        say(f"\n{failure_message(run)}")
    for path, render in ((options.json, to_json), (options.junit, to_junit), (options.html, to_page)):
        if path:
            try:
                write_report(path, render(report))
            except OSError as error:
                return _complain(f"writing {path}: {error.strerror}; name another file", os.EX_CANTCREAT)
            if not options.quiet:
                say(f"Written: {path}")
    return _exit_code(run, options.strict)


def _examine(options: Namespace) -> dict[str, Any]:
    """The result of the run, as the module rgw_verify returns it. Raises ValueError for what cannot be used."""
    tls = options.ca_file, not options.insecure, options.client_cert, options.client_key
    endpoint = Endpoint.parse(options.endpoint, *tls)
    probes = select(options.probe, options.group)
    key = _temp_url_key(options.temp_url_key_file)
    registry = RegistryUse.of(options.container, options.segment_size, options.longest_push, key)
    login = _login(options)
    s3_login = _further(options.s3_access_key, options.s3_secret_file, "the secret key")
    suspended = _further(options.suspended_user, options.suspended_secret_file, "the suspended user's swift key")
    began = now()
    load = Job.of(options.load, options.connections, options.size, options.timeout, options.load_seconds)
    with load_progress() as watch:
        report = verify(
            endpoint,
            login,
            probes,
            options.timeout,
            options.wait,
            s3_login=s3_login,
            suspended=suspended,
            fail_on=options.fail_on,
            load=load,
            registry=registry,
            watch=watch,
        )
    facts = gateway_facts(endpoint, options.timeout) if any(verdict.ok for verdict in report.verdicts) else {}
    return result_of(report, options.endpoint, options.user, began, facts)


def _earlier(path: str | None) -> str | None:
    """The report that this one is to replace. Where it cannot be read, there is none to compare with."""
    try:
        return earlier_report(path) if path else None
    except OSError:
        return None


def _login(options: Namespace) -> AnyLogin:
    """Whom the probes are run as. Raises ValueError."""
    login = Login(options.user, _secret(options))
    if options.storage_url:
        return TokenLogin(options.user, options.storage_url, login.secret)
    if not options.keystone:
        return login
    names = ("project", "project_domain", "user_domain", "application_credential", "region", "interface")
    given = {name: getattr(options, name) for name in names}
    trust = {"ca_file": options.keystone_ca_file, "validate_certs": not options.keystone_insecure}
    return KeystoneLogin.of(login, {"url": options.keystone, **given, **trust})


def _secret(options: Namespace) -> str:
    """The swift key, password or token, from a file, the environment, a prompt or standard input. Raises ValueError."""
    given = None
    path = os.path.abspath(options.secret_file) if options.secret_file else None
    if options.secret_env:
        given = os.environ.get(options.secret_env)
    elif path is None and sys.stdin.isatty():
        given = getpass.getpass(
            f"Swift key of {options.user}: " if not options.keystone else f"Password of {options.user}: "
        )
    elif path is None:
        given = sys.stdin.readline().rstrip("\r\n")
    return given_secret("the swift key", given, path).value


def _further(user: str | None, path: str | None, kind: str) -> Login | None:
    """The login of another user, None where none is named. Raises ValueError."""
    return Login(user, given_secret(kind, None, os.path.abspath(path)).value) if user and path else None


def _temp_url_key(path: str | None) -> Secret | None:
    """The account's key of temporary URLs, None without a file. Raises ValueError."""
    return given_secret("the key of temporary URLs", None, os.path.abspath(path)) if path else None


def _only_wrong(run: dict[str, Any]) -> list[str]:
    """The table of a run without what was right or skipped; nothing of a run where nothing is wrong."""
    wrong = [verdict for verdict in run["verdicts"] if outcome(verdict) in (FAIL, WARN)]
    lines = table({"runs": [{**run, "verdicts": wrong, "load": None}]})[1:]
    return [f"{view(run)}: {counts(run)}", *lines] if lines or not run["passed"] else []


def _catalogue() -> list[str]:
    width = max(len(probe.name) for probe in PROBES)
    return [f"{probe.name:{width}}  {probe.group:8}  {probe.question}" for probe in PROBES]


def _exit_code(run: dict[str, Any], strict: bool) -> int:
    if not run["passed"]:
        return FAILED
    return WARNED if strict and WARN in map(outcome, run["verdicts"]) else PASSED


def _complain(what: str, code: int) -> int:
    print(f"rgwkit-doctor: {what}", file=sys.stderr)
    return code


def run() -> None:
    """The command."""
    try:
        end(lambda: main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    run()
