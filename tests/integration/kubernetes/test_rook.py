# SPDX-License-Identifier: Apache-2.0
"""rook_render.yml: from an inventory's users to objects of Rook, on no host.

Rook's schemas are in no package registry. Where RGWKIT_ROOK_CRDS names Rook's crds.yaml, the objects are compared
with these schemas, too.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.integration.playbooks.test_inline_secrets import CANARY, Run

pytestmark = pytest.mark.long

CRDS = os.environ.get("RGWKIT_ROOK_CRDS", "")
APP = {
    "uid": "app",
    "display_name": "Application",
    "user_quota": {"max_size": "100GiB"},
    "caps": {"usage": "read"},
    "s3_keys": [{"access_key": "APP", "secret": CANARY}],
}
ON_SWIFT = {"uid": "registry", "subusers": [{"name": "swift", "access": "full"}]}


def render(directory: Path, users: list[dict[str, Any]], **variables: Any) -> tuple[Run, Path]:
    secret = directory / "admin.secret"
    secret.touch(mode=0o600)
    secret.write_text(f"{CANARY}-of-admin")
    host = {
        "ansible_host": "192.0.2.1",
        "rgw_users_list": users,
        "rgw_users_endpoint": "https://rgw.example:8443",
        "rgw_users_secret_key_file": str(secret),
        **variables,
    }
    (directory / "hosts.yml").write_text(yaml.safe_dump({"rgws": {"hosts": {"one": host}}}))
    (directory / "vars.json").write_text(json.dumps({"rook_objects_dir": str(directory / "rook")}))
    options = ("-i", str(directory / "hosts.yml"), "-e", f"@{directory / 'vars.json'}")
    return Run(directory, "playbooks/rook_render.yml", *options), directory / "rook"


def test_written_and_written_again(tmp_path):
    run, folder = render(tmp_path, [APP])
    assert run.code == 0, run.seen[-3000:]
    kinds = [one["kind"] for one in yaml.safe_load_all((folder / "objects.yaml").read_text())]
    assert kinds == ["CephObjectStore", "CephObjectStoreUser"]
    assert stat.S_IMODE((folder / "secret.yaml").stat().st_mode) == 0o600 and not run.shows(CANARY)
    again, _folder = render(tmp_path, [APP])
    assert again.code == 0 and '"changed": 0' in again.seen.rpartition('"stats"')[2]


def test_what_rook_cannot_say_is_refused_and_may_be_left_out(tmp_path):
    run, folder = render(tmp_path, [APP, ON_SWIFT])
    assert run.code != 0 and "subusers 'swift': Rook has no subusers" in run.seen
    assert not (folder / "objects.yaml").exists()
    run, folder = render(tmp_path, [APP, ON_SWIFT], rook_objects_uids=["app"])
    assert run.code == 0 and (folder / "objects.yaml").exists()


@pytest.mark.skipif(not CRDS, reason="RGWKIT_ROOK_CRDS names no file with Rook's schemas")
@pytest.mark.parametrize("endpoint", ["http://rgw.example:8080", "https://rgw.example", "http://192.0.2.7:8080"])
def test_rook_s_own_schemas_take_the_objects(tmp_path, endpoint):
    schemas = {one["spec"]["names"]["kind"]: one for one in yaml.safe_load_all(Path(CRDS).read_text()) if one}
    _run, folder = render(tmp_path, [APP, {"uid": "plain", "op_mask": []}], rgw_users_endpoint=endpoint)
    for document in yaml.safe_load_all((folder / "objects.yaml").read_text()):
        schema = schemas[document["kind"]]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
        assert schemas[document["kind"]]["spec"]["group"] == document["apiVersion"].partition("/")[0]
        jsonschema.validate(document, schema)
        assert set(unknown(document["spec"], schema["properties"]["spec"])) == set()


def unknown(value: Any, schema: dict[str, Any], place: str = "spec") -> Any:
    """Fields that the schema does not have: the API server would drop them without a word."""
    if isinstance(value, dict) and "properties" in schema:
        for name, item in value.items():
            if name not in schema["properties"]:
                yield f"{place}.{name}"
            else:
                yield from unknown(item, schema["properties"][name], f"{place}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from unknown(item, schema.get("items", {}), f"{place}[]")
