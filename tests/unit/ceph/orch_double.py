# SPDX-License-Identifier: Apache-2.0
"""`ceph orch` with an orchestrator that does at once what it is asked. Its answers are those of 16.2.15, recorded.

Its state is in the file that CEPH_ORCH_DOUBLE names: hosts, specs (by service), daemons, events (of every service),
argv (what it was called with), certificates (by key), dead (whether it does nothing of what it is asked), next_events
(what applying says).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

FILE = Path(os.environ["CEPH_ORCH_DOUBLE"])


def daemon(service: str, host: str, port: int, run: int) -> dict:
    name = f"{service.partition('.')[2]}.{host}.mhywdy"
    return {
        "container_id": f"361aef82b{run:03}",
        "container_image_name": "rgwkit/ceph:16",
        "daemon_id": name,
        "daemon_name": f"rgw.{name}",
        "daemon_type": "rgw",
        "events": [f"2026-11-27T15:03:32.421224Z daemon:rgw.{name} [INFO] \"Deployed rgw.{name} on host '{host}'\""],
        "hostname": host,
        "ports": [port],
        "service_name": service,
        "started": "2026-11-27T15:03:32.375599Z",
        "status": 1,
        "status_desc": "running",
        "version": "16.2.15",
    }


def deploy(state: dict, service: str) -> None:
    spec = state["specs"][service]
    there = {one["hostname"]: one for one in state["daemons"]}
    port = spec["spec"]["rgw_frontend_port"]
    state["daemons"] = [
        there[host] if host in there and there[host]["ports"] == [port] else daemon(service, host, port, 0)
        for host in spec["placement"]["hosts"]
    ]


def export(spec: dict) -> dict:
    """As ServiceSpec.to_json does: what is empty is left out."""
    kept = {name: value for name, value in spec.items() if value}
    kept["spec"] = {name: value for name, value in sorted(spec["spec"].items()) if value}
    return {**kept, "service_name": f"{spec['service_type']}.{spec['service_id']}"}


def answer(state: dict, words: list[str]) -> str:
    service = next((word.partition("=")[2] for word in words if word.startswith("--service_name=")), "")
    if words[:2] == ["host", "ls"]:
        return json.dumps(
            [{"addr": "10.87.7.11", "hostname": host, "labels": [], "status": ""} for host in state["hosts"]]
        )
    if words[0] == "ps":
        return json.dumps([one for one in state["daemons"] if one["service_name"] == service])
    if words[0] == "ls":
        found = [export(spec) for name, spec in state["specs"].items() if name == service]
        if "--export" not in words:
            found = [{**one, "events": state["events"], "status": {"running": 1, "size": 1}} for one in found]
        return json.dumps(found) if found else "No services reported"
    if words[0] == "apply":
        spec = json.load(sys.stdin)
        name = f"{spec['service_type']}.{spec['service_id']}"
        state["specs"][name] = spec
        state["events"] = state["next_events"]
        if not state["dead"]:
            deploy(state, name)
        return f"Scheduled {name} update..."
    if words[0] == "rm":
        del state["specs"][words[1]]
        state["daemons"] = [one for one in state["daemons"] if one["service_name"] != words[1]]
        return f"Removed service {words[1]}"
    if words[0] == "daemon":
        for one in state["daemons"]:
            if one["daemon_name"] == words[2]:
                one["container_id"] = f"{one['container_id'][:9]}{int(one['container_id'][9:]) + 1:03}"
        return f"Scheduled to {words[1]} {words[2]} on host"
    raise SystemExit(f"unknown: {words}")


def main() -> None:
    state = json.loads(FILE.read_text())
    state["argv"].append(sys.argv[1:])
    if sys.argv[1:3] == ["config-key", "rm"]:
        state["certificates"].pop(sys.argv[3], None)
    elif sys.argv[1] == "config-key":
        state["certificates"][sys.argv[3]] = sys.stdin.read()
    else:
        print(answer(state, sys.argv[2:]))
    FILE.write_text(json.dumps(state))


if __name__ == "__main__":
    main()
