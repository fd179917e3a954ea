# SPDX-License-Identifier: Apache-2.0
"""A gateway with buckets for unit tests: what the admin API and S3 answer about them, and faults on order.

It says what Ceph 18.2.7 was seen to say; the integration tests run the same module against real gateways.
"""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.unit.rgw.gateway_double import Gateway, _Handler

NEW_QUOTA = {"enabled": False, "check_on_raw": False, "max_size": -1, "max_size_kb": 0, "max_objects": -1}
NO_LIMIT = {"max_read_ops": 0, "max_write_ops": 0, "max_read_bytes": 0, "max_write_bytes": 0, "enabled": False}
# What a GET says of a document that is not there.
ABSENT = {
    "policy": "NoSuchBucketPolicy",
    "cors": "NoSuchCORSConfiguration",
    "lifecycle": "NoSuchLifecycleConfiguration",
    "tagging": "NoSuchTagSet",
    "encryption": "ServerSideEncryptionConfigurationNotFoundError",
    "object-lock": "ObjectLockConfigurationNotFoundError",
    "publicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
}
EMPTY = {
    "versioning": b"<VersioningConfiguration></VersioningConfiguration>",
    "notification": b"<NotificationConfiguration></NotificationConfiguration>",
}
LOCKED = b"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"


class BucketGateway(Gateway):
    """stored: bucket -> record; documents: (bucket, subresource) -> body; objects: bucket -> key -> owner.

    keeps: subresource -> what the gateway makes of a body that it is given. placement_pools: target -> classes.
    """

    def __init__(self):
        super().__init__()
        self.RequestHandlerClass = BucketHandler
        self.stored = {}
        self.documents = {}
        self.objects = {}
        self.uploads = {}
        self.limits = {}
        self.keeps = {}
        self.placement_pools = {"default-placement": ["STANDARD"]}
        self.encrypts = False
        self.locks = True
        self.takes_any_name = True  # S3 does; not up to Ceph 16
        self.containers = {}  # bucket -> header fields of swift
        self.tokens = {}  # token -> uid
        self.add_user("admin", keys=[{"user": "admin", "access_key": "A", "secret_key": "s"}])

    def add_owner(self, uid, **data):
        self.add_user(uid, max_buckets=1000, keys=[{"user": uid, "access_key": f"AK-{uid}", "secret_key": "s"}], **data)

    def add_bucket(self, key, owner, placement="default-placement", objects=(), **record):
        tenant, _slash, name = key.rpartition("/")
        base = {"bucket": name, "tenant": tenant, "id": f"id-{name}", "owner": owner, "placement_rule": placement}
        self.stored[key] = {**base, "bucket_quota": dict(NEW_QUOTA), **record}
        self.objects[key] = dict.fromkeys(objects, owner)

    def record(self, key):
        usage = {"rgw.main": {"num_objects": len(self.objects.get(key, {}))}}
        if self.uploads.get(key):
            usage["rgw.multimeta"] = {"num_objects": self.uploads[key]}
        return {**self.stored[key], "usage": usage}

    def targets(self, method=None):
        return [target for done, target in self.requests if method in (None, done)]


class BucketHandler(_Handler):
    def _answer(self, body):
        gateway = self.server
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        if url.path in gateway.unknown:
            return 405, {"Code": "MethodNotAllowed"}
        if url.path == "/admin/config" and not gateway.zone:
            pools = [
                {"key": name, "val": {"storage_classes": {each: {} for each in classes}}}
                for name, classes in gateway.placement_pools.items()
            ]
            return 200, {"id": "z", "name": "z", "placement_pools": pools}
        if url.path == "/admin/bucket":
            return self._admin_bucket(query)
        if url.path == "/admin/ratelimit" and "bucket" in query:
            return self._rate_limit(query)
        if url.path == "/admin/metadata/bucket":
            return 200, {"keys": list(gateway.stored), "truncated": False}
        if url.path == "/admin/metadata/bucket.instance":
            return self._instance(query, body)
        if url.path == "/admin/user" and "subuser" in query and self.command == "PUT":
            return self._make_subuser(query)
        if url.path.startswith("/admin/") or url.path == "/":
            return super()._answer(body)
        if url.path == "/auth/v1":
            return self._log_in()
        if url.path.startswith("/swift/v1/"):
            return self._swift(unquote(url.path)[len("/swift/v1/") :])
        return self._s3(unquote(url.path).lstrip("/"), query, body)

    def _make_subuser(self, query):
        data = self.server.data(query["uid"])
        data.setdefault("subusers", []).append({"id": query["subuser"], "permissions": "full-control"})
        data.setdefault("swift_keys", []).append({"user": query["subuser"], "secret_key": "made"})
        return 200, data["subusers"]

    def _log_in(self):
        user, key = self.headers["x-auth-user"], self.headers["x-auth-key"]
        uid = user.partition(":")[0]
        keys = self.server.data(uid).get("swift_keys", []) if uid in self.server.users else []
        if {"user": user, "secret_key": key} not in keys:
            return 401, b"", ()
        token = f"token-of-{uid}"
        self.server.tokens[token] = uid
        return 204, b"", (("x-storage-url", "http://elsewhere:1/swift/v1"), ("x-auth-token", token))

    def _swift(self, name):
        gateway = self.server
        uid = gateway.tokens.get(self.headers["x-auth-token"])
        tenant = (uid or "").rpartition("$")[0]
        bucket = f"{tenant}/{name}" if tenant else name
        if uid is None:
            return 401, b"", ()
        if self.command == "PUT":
            policy = self.headers.get("x-storage-policy", "default-placement")
            if policy not in gateway.placement_pools:
                return 400, b"", ()
            gateway.add_bucket(bucket, uid, policy)
            return 201, b"", ()
        bucket, _slash, key = bucket.partition("/") if not tenant else (bucket, "", "")
        if bucket not in gateway.stored:
            return 404, b"", ()
        if gateway.stored[bucket]["owner"] != uid:
            return 403, b"", ()
        if self.command == "GET" and key:
            return (206, b"x", ()) if gateway.objects[bucket].get(key) == uid else (403, b"", ())
        if self.command == "GET":
            return 200, self._swift_list(bucket), ()
        fields = gateway.containers.setdefault(bucket, {})
        if self.command == "POST":
            if "x-versions-location" in self.headers:
                return 412, b"", ()
            for header, value in self.headers.items():
                self._change(fields, header.lower(), value)
            return 204, b"", ()
        return 204, b"", tuple(fields.items())

    def _swift_list(self, bucket):
        query = dict(parse_qsl(urlsplit(self.path).query))
        names = [key for key in self.server.objects[bucket] if key.startswith(query.get("prefix", ""))]
        if "delimiter" in query:
            folders = sorted({key.partition("/")[0] + "/" for key in names if "/" in key})
            return json.dumps([{"subdir": folder} for folder in folders]).encode()
        return json.dumps([{"name": key} for key in names[: int(query["limit"])]]).encode()

    def _change(self, fields, header, value):
        if header.startswith("x-remove-container-meta-"):
            fields.pop(header.replace("x-remove-", "x-"), None)
        elif header.startswith("x-container-"):
            fields.pop(header, None)
            if value:
                fields[header] = self.server.keeps.get(header, value)

    def _admin_bucket(self, query):
        gateway = self.server
        key = query.get("bucket", "")
        if self.command == "GET" and not key:
            return 200, [name for name, record in gateway.stored.items() if record["owner"] == query["uid"]]
        if "quota" in query:
            tenant = query["uid"].rpartition("$")[0]
            record = gateway.stored[f"{tenant}/{key}" if tenant else key]
            size = int(query["max-size-kb"]) * 1024
            record["bucket_quota"] = {
                **NEW_QUOTA,
                "max_size": gateway.keeps.get("quota", size),
                "max_objects": int(query["max-objects"]),
                "enabled": query["enabled"] == "true",
            }
            return 200, None
        if key not in gateway.stored:
            return 404, {"Code": "NoSuchBucket"}
        if self.command == "GET":
            return 200, gateway.record(key)
        if self.command == "DELETE":
            if gateway.objects[key] and "purge-objects" not in query:
                return 409, {"Code": "BucketNotEmpty"}
            del gateway.stored[key]
            return 200, None
        gateway.stored[key]["owner"] = query["uid"]
        gateway.documents.pop((key, "acl"), None)
        for acl in ("x-container-read", "x-container-write"):
            gateway.containers.get(key, {}).pop(acl, None)
        return 200, None

    def _rate_limit(self, query):
        limits = self.server.limits
        if self.command == "GET":
            return 200, {"bucket_ratelimit": limits.get(query["bucket"], NO_LIMIT)}
        numbers = {name: int(query[name.replace("_", "-")]) for name in NO_LIMIT if name != "enabled"}
        limits[query["bucket"]] = {**numbers, "enabled": query["enabled"] == "true"}
        return 200, None

    def _instance(self, query, body):
        name = query["key"].partition(":")[0]
        policies = self.server.documents
        if self.command == "PUT":
            attrs = json.loads(body)["data"]["attrs"]
            if not any(each["key"] == "user.rgw.iam-policy" for each in attrs):
                policies.pop((name, "policy"), None)
            return 204, None
        policy = policies.get((name, "policy"))
        attrs = [{"key": "user.rgw.iam-policy", "val": base64.b64encode(policy).decode()}] if policy else []
        return 200, {"ver": {"ver": 1}, "data": {"attrs": attrs}}

    def _user(self):
        """Who has signed: the uid of an access key."""
        access_key = self.headers["authorization"].partition("Credential=")[2].partition("/")[0]
        for uid, user in self.server.users.items():
            if any(key["access_key"] == access_key for key in user["data"].get("keys", [])):
                return uid
        return None

    def _s3(self, path, query, body):
        gateway = self.server
        name, _slash, key = path.partition("/")
        uid = self._user()
        if uid is None:
            return _error(403, "InvalidAccessKeyId")
        if not gateway.takes_any_name and not name.islower():
            return _error(400, "InvalidBucketName")
        tenant = uid.rpartition("$")[0]
        bucket = f"{tenant}/{name}" if tenant else name
        if self.command == "PUT" and not query and not key:
            return self._create(bucket, uid, body)
        if bucket not in gateway.stored:
            return _error(404, "NoSuchBucket")
        policy = gateway.documents.get((bucket, "policy"), b"")
        if gateway.stored[bucket]["owner"] != uid or (b'"Deny"' in policy and b'"s3:*"' in policy):
            return _error(403, "AccessDenied")
        if key:
            return self._object(bucket, key, uid)
        sub = next((each for each in query if each in {*ABSENT, *EMPTY, "acl", "website", "location"}), None)
        return self._list(bucket, query) if sub is None else self._document(bucket, sub, query, body)

    def _create(self, bucket, uid, body):
        gateway = self.server
        if bucket in gateway.stored:
            return (200, b"") if gateway.stored[bucket]["owner"] == uid else _error(409, "BucketAlreadyExists")
        target = body.decode().partition("LocationConstraint>:")[2].partition("<")[0] or "default-placement"
        if target not in gateway.placement_pools:
            return _error(400, "InvalidLocationConstraint")
        storage_class = self.headers.get("x-amz-storage-class")
        gateway.add_bucket(bucket, uid, f"{target}/{storage_class}" if storage_class else target)
        if self.headers.get("x-amz-bucket-object-lock-enabled") == "true" and gateway.locks:
            gateway.documents[bucket, "object-lock"] = LOCKED
            gateway.documents[bucket, "versioning"] = (
                b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
            )
        return 200, b""

    def _object(self, bucket, key, uid):
        gateway = self.server
        if self.command == "PUT":
            if self.headers.get("x-amz-server-side-encryption") and not gateway.encrypts:
                return _error(400, "InvalidRequest")
            gateway.objects[bucket][key] = uid
            return 200, b""
        return (206, b"x") if gateway.objects[bucket].get(key) == uid else _error(403, "AccessDenied")

    def _list(self, bucket, query):
        found = {key: owner for key, owner in self.server.objects[bucket].items() if key.startswith(query["prefix"])}
        if "delimiter" in query:
            # Objects and folders share a page.
            page = sorted({key.partition("/")[0] + ("/" if "/" in key else "") for key in found})
            folders = [each for each in page[: int(query["max-keys"])] if each.endswith("/")]
            inner = "".join(f"<CommonPrefixes><Prefix>{each}</Prefix></CommonPrefixes>" for each in folders)
        else:
            page = list(found.items())[: int(query["max-keys"])]
            inner = "".join(
                f"<Contents><Key>{escape(key)}</Key><Owner><ID>{owner}</ID></Owner></Contents>" for key, owner in page
            )
        return 200, f"<ListBucketResult>{inner}</ListBucketResult>".encode()

    def _document(self, bucket, sub, query, body):
        gateway = self.server
        if self.command == "DELETE":
            gateway.documents.pop((bucket, sub), None)
            return 204, b""
        if self.command == "PUT":
            kept = gateway.keeps.get(sub)
            gateway.documents[bucket, sub] = kept(body) if kept else body
            return 200, b""
        found = gateway.documents.get((bucket, sub))
        if found is not None:
            return 200, found
        if sub in ABSENT:
            return _error(404, ABSENT[sub])
        if sub == "location":
            return 200, b"<LocationConstraint>zg</LocationConstraint>"
        if sub == "website":
            return _error(405, "MethodNotAllowed")
        owner = gateway.stored[bucket]["owner"]
        grant = f"<Grant><Grantee><ID>{owner}</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>"
        acl = f"<Owner><ID>{owner}</ID></Owner><AccessControlList>{grant}</AccessControlList>"
        return 200, EMPTY.get(sub, f"<AccessControlPolicy>{acl}</AccessControlPolicy>".encode())


def _error(status, code):
    return status, f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>'.encode()
