# SPDX-License-Identifier: Apache-2.0
"""The whole way on a real gateway: a project gets a bucket and a key, uses the key, and loses both."""

from __future__ import annotations

import time

import pytest
from botocore.exceptions import ClientError

from tests.integration.gateway import Gateway
from tests.integration.portal.test_rgw import s3
from tests.portal import running_portal
from tests.services.portal.issuer import AUDIENCE, running_issuer

pytestmark = pytest.mark.long


def test_a_project_gets_storage_and_keys_and_loses_them(gateway: Gateway, admin, tmp_path):
    roles = {"user": ["users"], "admin": ["admins"], "uber_admin": ["ubers"]}
    with running_issuer() as issuer:
        oidc = {"issuer": issuer.url, "audience": AUDIENCE}
        with running_portal(tmp_path, roles=roles, oidc=oidc, backends={"rgw": admin}) as portal:
            user, manager, uber = issuer.token(), issuer.token("eve", ["admins"]), issuer.token("zoe", ["ubers"])

            def ask(method: str, path: str, token: str, status: int, **options: object) -> dict:
                answer = portal.ask(method, path, token, **options)
                assert answer.status_code == status, answer.text
                return answer.json()

            ask("POST", "/v1/projects", manager, 201, json={"name": "genomes", "people": ["ann"]})
            project = "/v1/rgw/projects/genomes"
            ask("POST", f"{project}/buckets", user, 201, json={"name": "genomes-raw"})
            key = ask("POST", f"{project}/keys", user, 201, json={"label": "laptop"})
            s3(gateway, key["id"], key["secret"]).put_object(Bucket="genomes-raw", Key="a", Body=b"12345")
            assert ask("GET", f"{project}/usage", user, 200)["usage"] == {"bytes": 5, "objects": 1, "uploads": 0}

            new = ask("POST", f"{project}/keys/{key['id']}/rotate", user, 201, json={"grace_s": 4})
            for pair in (key, new):
                s3(gateway, pair["id"], pair["secret"]).head_object(Bucket="genomes-raw", Key="a")
            until = time.monotonic() + 60
            while key["id"] in {one["id"] for one in ask("GET", f"{project}/keys", user, 200)["items"]}:
                assert time.monotonic() < until
                time.sleep(0.5)
            with pytest.raises(ClientError, match="InvalidAccessKeyId"):
                s3(gateway, key["id"], key["secret"]).list_objects_v2(Bucket="genomes-raw")
            s3(gateway, new["id"], new["secret"]).list_objects_v2(Bucket="genomes-raw")

            bucket = f"{project}/buckets/genomes-raw"
            told = ask("DELETE", bucket, user, 409)
            assert told["lost"] == {"bytes": 5, "objects": 1, "uploads": 0}
            s3(gateway, new["id"], new["secret"]).put_object(Bucket="genomes-raw", Key="b", Body=b"6")
            ask("DELETE", f"{bucket}?with_objects=true", user, 412, headers={"If-Match": told["etag"]})
            told = ask("DELETE", bucket, user, 409)
            gone = ask("DELETE", f"{bucket}?with_objects=true", user, 200, headers={"If-Match": told["etag"]})
            assert gone == {"deleted": "genomes-raw", "lost": {"bytes": 6, "objects": 2, "uploads": 0}}
            ask("DELETE", "/v1/projects/genomes", uber, 200)
            with pytest.raises(ClientError, match="InvalidAccessKeyId"):
                s3(gateway, new["id"], new["secret"]).list_buckets()
        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        for secret in (key["secret"], new["secret"], gateway.secret):
            assert secret.encode() not in kept


def test_a_project_that_has_stored_nothing_yet_has_an_empty_list(gateway: Gateway, admin, tmp_path):
    roles = {"user": ["users"], "admin": ["admins"]}
    with running_issuer() as issuer:
        oidc = {"issuer": issuer.url, "audience": AUDIENCE}
        with running_portal(tmp_path, roles=roles, oidc=oidc, backends={"rgw": admin}) as portal:
            new = {"name": "fresh", "people": ["ann"]}
            portal.ask("POST", "/v1/projects", issuer.token("eve", ["admins"]), json=new).raise_for_status()
            answer = portal.ask("GET", "/v1/rgw/projects/fresh/buckets?details=true", issuer.token())
            assert (answer.status_code, answer.json()["items"]) == (200, [])
