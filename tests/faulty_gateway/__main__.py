# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.faulty_gateway --upstream 127.0.0.1:8080 --fault head-no-status-line`"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress

from .faults import FAULTS
from .proxy import Proxy


def main() -> None:
    table = "\n".join(f"  {fault.name:22} {fault.story}" for fault in FAULTS.values())
    parser = argparse.ArgumentParser(
        prog="python -m tests.faulty_gateway",
        description="Show the faults of old gateways before a healthy one.",
        epilog=f"faults:\n{table}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--upstream", required=True, metavar="HOST:PORT", help="the healthy gateway")
    parser.add_argument("--listen", default="127.0.0.1:8081", metavar="HOST:PORT", help="default: %(default)s")
    parser.add_argument("--fault", action="append", default=[], choices=FAULTS, metavar="NAME", help="can be repeated")
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(options.upstream, options.listen, options.fault))


async def _serve(upstream: str, listen: str, faults: list[str]) -> None:
    host, _, port = upstream.rpartition(":")
    proxy = Proxy(host, int(port), [FAULTS[name] for name in faults], log=lambda line: print(line, flush=True))
    own_host, _, own_port = listen.rpartition(":")
    server = await asyncio.start_server(proxy.serve, own_host, int(own_port))
    address = "{}:{}".format(*server.sockets[0].getsockname())
    print(f"listening on {address}, before {upstream}, with {', '.join(faults) or 'no faults'}", flush=True)
    await server.serve_forever()


main()
