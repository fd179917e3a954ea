# SPDX-License-Identifier: Apache-2.0
"""Docker's volumes and swift's containers in memory, with the calls that the engine makes."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError


class MemoryVolumes:
    """Docker as it was seen: an existing volume keeps its options, and one in use stays."""

    def __init__(self):
        self.volumes, self.in_use, self.calls = {}, {}, []
        self.forgets = False

    def find(self, name):
        return self.volumes.get(name)

    def users(self, name):
        return self.in_use.get(name, [])

    def create(self, name, driver, options, labels):
        self.calls.append(f"create {name}")
        kept = {} if self.forgets else dict(labels)
        self.volumes.setdefault(name, {"Name": name, "Driver": driver, "Options": dict(options), "Labels": kept})

    def remove(self, name):
        self.calls.append(f"remove {name}")
        if self.in_use.get(name):
            raise ToolError("remove", f"volume {name}", "volume is in use", "", 409)
        del self.volumes[name]

    def labelled(self, **labels):
        wanted = {name.replace("_", "."): value for name, value in labels.items()}
        return [one for one in self.volumes.values() if wanted.items() <= one["Labels"].items()]


class MemoryContainers:
    """Swift. meanwhile: what another host does right after the next write of metadata."""

    endpoint = "http://gateway.example:8080"

    def __init__(self):
        self.containers, self.calls = {}, []
        self.meanwhile = None

    def metadata(self, name):
        found = self.containers.get(name)
        return None if found is None else dict(found)

    def create(self, name):
        self.calls.append(f"create {name}")
        self.containers.setdefault(name, {})

    def write_metadata(self, name, metadata):
        self.calls.append(f"write {name}")
        for field, value in metadata.items():
            self.containers[name].pop(field, None)
            if value:
                self.containers[name][field] = value
        if self.meanwhile:
            act, self.meanwhile = self.meanwhile, None
            act()
