# SPDX-License-Identifier: Apache-2.0
"""What the command understands."""

from __future__ import annotations

import argparse
import math
import os
import sys
from typing import NoReturn

from module_utils.base.keystone_login import INTERFACES

from ..version import VERSION

EXIT_CODES = (
    "Exit codes: 0 passed; 1 passed with warnings, with --strict; 2 failed; 64 an argument cannot be used; "
    "73 a report could not be written."
)


class _Parser(argparse.ArgumentParser):
    """Leaves with 64 where argparse says 2, which here means that a gateway failed."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(os.EX_USAGE, f"{self.prog}: {message}\n")


def parse(arguments: list[str]) -> argparse.Namespace:
    """The arguments as data. Leaves the program with 64 for such as cannot be used."""
    parser = _Parser(
        prog="rgwkit-doctor", description="Verify on the wire that a Ceph gateway serves swift.", epilog=EXIT_CODES
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    parser.add_argument("--list", action="store_true", help="print the probes and end")
    where = parser.add_argument_group("the gateway")
    where.add_argument("--endpoint", metavar="URL", help="such as http://gateway.example:8080")
    where.add_argument("--user", metavar="UID:SUBUSER", help="swift user with the access readwrite or full")
    where.add_argument("--ca-file", metavar="FILE", help="certificates of the authorities to trust with https")
    where.add_argument("--insecure", action="store_true", help="accept any certificate")
    where.add_argument("--client-cert", metavar="FILE", help="certificate to present, with its key or beside it")
    where.add_argument("--client-key", metavar="FILE", help="key of the client certificate")
    keystone = parser.add_argument_group(
        "Keystone v3", "instead of the gateway's own users; --user is a user of Keystone and the secret the password"
    )
    keystone.add_argument("--keystone", metavar="URL", help="such as https://keystone.example:5000")
    keystone.add_argument("--project", metavar="NAME", help="project of the user")
    keystone.add_argument("--project-domain", metavar="NAME", default="Default", help="its domain (Default)")
    keystone.add_argument("--user-domain", metavar="NAME", default="Default", help="the user's domain (Default)")
    keystone.add_argument("--application-credential", action="store_true", help="--user is the id of such a credential")
    keystone.add_argument("--region", metavar="NAME", help="of the object store in the catalogue (the first one)")
    keystone.add_argument("--interface", choices=INTERFACES, default="public", help="in the catalogue (public)")
    keystone.add_argument("--keystone-ca-file", metavar="FILE", help="authorities for Keystone (those of --ca-file)")
    keystone.add_argument("--keystone-insecure", action="store_true", help="accept plain http, or any certificate")
    token = parser.add_argument_group(
        "a token", "instead of a login; the secret is the token, --user a name for reports"
    )
    token.add_argument("--storage-url", metavar="URL", help="that the token is for")
    key = parser.add_argument_group(
        "the swift key, password or token", "without either it is asked for, or read from standard input"
    ).add_mutually_exclusive_group()
    key.add_argument("--secret-file", metavar="FILE", help="file that holds it")
    key.add_argument("--secret-env", metavar="NAME", help="environment variable that holds it")
    others = parser.add_argument_group("further users", "without them, their probes are skipped")
    others.add_argument("--s3-access-key", metavar="KEY", help="access key of the swift user, for the probes of S3")
    others.add_argument("--s3-secret-file", metavar="FILE", help="file with its secret key")
    others.add_argument("--suspended-user", metavar="UID:SUBUSER", help="a swift user who is suspended")
    others.add_argument("--suspended-secret-file", metavar="FILE", help="file with the suspended user's swift key")
    others.add_argument(
        "--temp-url-key-file", metavar="FILE", help="file with the account's key of temporary URLs, for temp-url"
    )
    what = parser.add_argument_group("the run")
    what.add_argument("--probe", metavar="NAME", action="append", default=[], help="run this probe; can be repeated")
    what.add_argument("--group", metavar="NAME", action="append", default=[], help="run this group; can be repeated")
    what.add_argument("--container", metavar="NAME", help="the registry's container, to see that it is its user's")
    what.add_argument(
        "--segment-size", metavar="BYTES", type=int, default=5 << 20, help="registry's chunksize (5242880)"
    )
    what.add_argument(
        "--longest-push", metavar="SECONDS", type=_seconds, default=3000.0, help="that a token has to outlive (3000)"
    )
    what.add_argument("--timeout", metavar="SECONDS", type=_seconds, default=10.0, help="for one probe (10)")
    what.add_argument("--wait", metavar="SECONDS", type=_seconds, default=0.0, help="until the gateway is ready (0)")
    what.add_argument(
        "--fail-on", choices=["error", "warning", "never"], default="error", help="what the run fails for (error)"
    )
    what.add_argument("--strict", action="store_true", help="leave with 1 for warnings")
    load = parser.add_argument_group(
        "the load", "HEAD after PUT, many times over parallel connections, after the probes"
    )
    load.add_argument("--load", metavar="OBJECTS", type=int, default=0, help="how many objects (0)")
    load.add_argument("--connections", metavar="N", type=int, default=8, help="at once (8)")
    load.add_argument("--size", metavar="BYTES", type=int, default=1024, help="of an object (1024)")
    load.add_argument("--load-seconds", metavar="SECONDS", type=_seconds, default=300.0, help="at most (300)")
    report = parser.add_argument_group("the report", "beside the table on standard output")
    report.add_argument("-q", "--quiet", action="store_true", help="print failures and warnings only")
    report.add_argument("--html", metavar="FILE", help="a page for people")
    report.add_argument("--junit", metavar="FILE", help="JUnit XML for CI systems")
    report.add_argument("--json", metavar="FILE", help="the data, see docs/verify-report.md")
    options = parser.parse_args(arguments)
    for name in ("endpoint", "user"):
        if not options.list and not getattr(options, name):
            parser.error(f"--{name} is required")
    for user, file in (("s3_access_key", "s3_secret_file"), ("suspended_user", "suspended_secret_file")):
        if bool(getattr(options, user)) != bool(getattr(options, file)):
            parser.error(f"--{user.replace('_', '-')} and --{file.replace('_', '-')} go together")
    if options.keystone and options.storage_url:
        parser.error("--keystone and --storage-url exclude each other")
    if options.client_key and not options.client_cert:
        parser.error("--client-key needs --client-cert")
    return options


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError("must be a number of seconds")
    return seconds
