# SPDX-License-Identifier: Apache-2.0
"""A gateway for unit tests: a few lines of RGW's admin API on loopback, with faults on order.

It says what real gateways were seen to say; the integration tests run the same client against those.
"""

from __future__ import annotations

import copy
import json
import re
import secrets
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

REQUEST_ID = ("x-amz-request-id", "tx0-default")
JSON = ("content-type", "application/json")


class Fault:
    """One answer to give instead of the proper one; without a status the connection is dropped.

    effect: called when the request is in. obey: do what was asked before answering wrongly.
    """

    def __init__(self, status=None, code="", headers=(REQUEST_ID, JSON), body=None, effect=None, obey=False):
        self.status = status
        self.headers = headers
        self.body = json.dumps({"Code": code}).encode() if body is None else body
        self.effect = effect
        self.obey = obey


class Gateway(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.users = {}  # key -> document
        self.buckets = {}  # uid -> list of names
        self.unknown = set()  # paths that this release does not serve
        self.zone = None  # of a realm whose master zone is "a"
        self.placements = {"default-placement"}
        self.newcomer = {}  # what its operator gives new users
        self.faults = []
        self.requests = []  # (method, target)
        self.connections = 0
        self.meeting = None  # a barrier, at which as many of the first requests wait for each other

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def add_user(self, uid, **data):
        self.users[uid] = {"key": f"user:{uid}", "ver": {"tag": "t", "ver": 1}, "data": {"user_id": uid, **data}}

    def data(self, uid):
        return self.users[uid]["data"]

    def methods(self):
        return [method for method, _ in self.requests]


def _document(body):
    """As RGW 16 reads it: of each half of an escaped surrogate pair it makes three bytes, which are no UTF-8."""
    halves = rb"\\u([dD][89a-fA-F][0-9a-fA-F]{2})"
    unescaped = re.sub(halves, lambda half: chr(int(half[1], 16)).encode("utf-8", "surrogatepass"), body)
    return json.loads(unescaped.decode("utf-8", "surrogateescape"))


def _bytes(document):
    """As RGW writes it: names are the bytes that they were made of."""
    return b"" if document is None else json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogateescape")


@contextmanager
def running_gateway(kind=Gateway):
    gateway = kind()
    thread = threading.Thread(target=gateway.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.shutdown()
        gateway.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.connections += 1

    def log_message(self, *args):
        pass

    def _any(self):
        gateway = self.server
        gateway.requests.append((self.command, self.path))
        if gateway.meeting and len(gateway.requests) <= gateway.meeting.parties:
            gateway.meeting.wait(timeout=30)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        fault = gateway.faults.pop(0) if gateway.faults else None
        if fault and fault.effect:
            fault.effect()
        status, answer, *fields = (None, None) if fault and not fault.obey else self._answer(body)
        if fault is None:
            headers = (REQUEST_ID, JSON, *(fields[0] if fields else ()))
            self._send(status, headers, answer if isinstance(answer, bytes) else _bytes(answer))
        elif fault.status is None:
            self.close_connection = True
        else:
            self._send(fault.status, fault.headers, fault.body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _any

    def _answer(self, body):
        gateway = self.server
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True, errors="surrogateescape"))
        if url.path in gateway.unknown:
            return 405, {"Code": "MethodNotAllowed"}
        if url.path == "/admin/realm/period":
            return (200, {"master_zone": "id-a"}) if gateway.zone else (404, {"Code": "NoSuchKey"})
        if url.path == "/admin/config":
            return 200, {"id": f"id-{gateway.zone}", "name": gateway.zone}
        if url.path in ("/", "/admin/ratelimit", "/admin/info", "/admin/account"):
            return 403, {"Code": "AccessDenied"}
        if (self.command, url.path) == ("GET", "/admin/metadata/user") and "key" not in query:
            return 200, self._page(int(query.get("marker", 0)), int(query["max-entries"]))
        if (self.command, url.path) == ("GET", "/admin/metadata/user"):
            document = gateway.users.get(query["key"])
            return (404, {"Code": "NoSuchKey"}) if document is None else (200, document)
        if (self.command, url.path) == ("PUT", "/admin/metadata/user"):
            gateway.users[query["key"]] = _document(body)
            return 204, None
        if (self.command, url.path) == ("GET", "/admin/bucket"):
            return 200, gateway.buckets.get(query["uid"], [])
        if self.command == "GET" and "access-key" in query:
            owners = [
                key for key, user in gateway.users.items() if query["access-key"] in str(user["data"].get("keys"))
            ]
            return (200, {"user_id": owners[0], "tenant": ""}) if owners else (400, {"Code": "InvalidArgument"})
        uid = query["uid"]
        if "default-placement" in query:
            known = query["default-placement"] in gateway.placements
            return (404, {"Code": "NoSuchUser"}) if known else (400, {"Code": "InvalidArgument"})
        if (self.command, url.path) == ("GET", "/admin/user"):
            known = uid in gateway.users
            return (200, {"suspended": 0, "keys": [], **gateway.data(uid)}) if known else (404, {"Code": "NoSuchUser"})
        if self.command == "PUT" and "key" in query:
            made = {"user": uid, "access_key": query["access-key"], "secret_key": secrets.token_hex(20)}
            gateway.data(uid).setdefault("keys", []).append(made)
            return 200, gateway.data(uid)["keys"]
        if "key" in query or "subuser" in query:
            return self._remove_part(gateway.data(uid), query)
        if self.command == "DELETE" and gateway.buckets.get(uid) and "purge-data" not in query:
            return 409, {"Code": "BucketAlreadyExists"}
        if self.command == "DELETE":
            return (200, None) if gateway.users.pop(uid, None) else (404, {"Code": "NoSuchUser"})
        others = (user["data"].get("email") for key, user in gateway.users.items() if key != uid)
        taken = query.get("email") and query["email"] in others
        if self.command == "POST" and uid not in gateway.users:
            return (400, {"Code": "InvalidArgument"}) if taken else (404, {"Code": "NoSuchUser"})
        if taken:
            return 409, {"Code": "EmailExists"}
        if self.command == "PUT":
            given = {"max_buckets": 1000, "op_mask": "read, write, delete", **copy.deepcopy(gateway.newcomer)}
            gateway.add_user(uid, display_name=query["display-name"], **given)
        gateway.data(uid)["email"] = query.get("email", "")
        return 200, gateway.data(uid)

    def _page(self, start, size):
        uids = sorted(self.server.users)
        more = start + size < len(uids)
        # Up to Ceph 16 the boolean stands in quotes.
        return {"keys": uids[start : start + size], "truncated": str(more).lower(), "marker": str(start + size)}

    def _remove_part(self, data, query):
        def drop(field, id_field, value):
            before = len(data.get(field, []))
            data[field] = [entry for entry in data.get(field, []) if entry[id_field] != value]
            return len(data[field]) < before

        if query.get("key-type") == "s3":
            found = drop("keys", "access_key", query["access-key"])
        else:
            found = drop("swift_keys", "user", query["subuser"])
        if "key" in query:
            return (200, None) if found else (403, {"Code": "InvalidAccessKeyId"})
        return (200, None) if drop("subusers", "id", query["subuser"]) else (404, {"Code": "NoSuchSubUser"})

    def _send(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # who reads no further has heard enough
            self.wfile.write(body)
