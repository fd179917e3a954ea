# SPDX-License-Identifier: Apache-2.0
"""A small image as an OCI layout, made on the host itself."""

from __future__ import annotations

from tests.hosts.systemd import SystemdHost

# Arguments: the folder. Two layers of random bytes, and what the OCI image specification 1.0 wants around them.
LAYOUT = """
import gzip, hashlib, io, json, os, sys, tarfile
top = sys.argv[1]
blobs = os.path.join(top, "blobs", "sha256")
os.makedirs(blobs)
def blob(kind, content):
    digest = hashlib.sha256(content).hexdigest()
    with open(os.path.join(blobs, digest), "wb") as file:
        file.write(content)
    return {"mediaType": "application/vnd.oci.image." + kind, "digest": "sha256:" + digest, "size": len(content)}
def layer(name):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = 1000000
        archive.addfile(entry, io.BytesIO(os.urandom(entry.size)))
    diff_ids.append("sha256:" + hashlib.sha256(out.getvalue()).hexdigest())
    # Clients would compress what is not, and the digest would be another one.
    return blob("layer.v1.tar+gzip", gzip.compress(out.getvalue()))
diff_ids = []
layers = [layer(name) for name in ("one", "two")]
rootfs = {"type": "layers", "diff_ids": diff_ids}
config = blob("config.v1+json", json.dumps({"architecture": "amd64", "os": "linux", "rootfs": rootfs}).encode())
kind = "application/vnd.oci.image.manifest.v1+json"
document = {"schemaVersion": 2, "mediaType": kind, "config": config, "layers": layers}
manifest = blob("manifest.v1+json", json.dumps(document).encode())
manifest["annotations"] = {"org.opencontainers.image.ref.name": "1"}
files = {"index.json": {"schemaVersion": 2, "manifests": [manifest]}, "oci-layout": {"imageLayoutVersion": "1.0.0"}}
for name, content in files.items():
    with open(os.path.join(top, name), "w") as file:
        json.dump(content, file)
"""
# Digests of the layers, as the bytes have them.
_DIGESTS = """
import hashlib, json, os, sys
blobs = os.path.join(sys.argv[1], "blobs", "sha256")
def read(digest):
    with open(os.path.join(blobs, digest.partition(":")[2]), "rb") as file:
        return file.read()
with open(os.path.join(sys.argv[1], "index.json")) as file:
    manifest = json.loads(read(json.load(file)["manifests"][0]["digest"]))
print(*[hashlib.sha256(read(one["digest"])).hexdigest() for one in manifest["layers"]])
"""


def layer_digests(host: SystemdHost, folder: str) -> list[str]:
    """SHA-256 of each layer of the image in an OCI layout of the host."""
    return host.tell("python3", "-c", _DIGESTS, folder).split()
