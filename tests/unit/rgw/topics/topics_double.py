# SPDX-License-Identifier: Apache-2.0
"""A gateway for unit tests that has topics, buckets and their notifications, too.

It says what Ceph 18.2.7 was seen to say (`release` 18: topics of a tenant, copies for notifications, attributes in one
text), or what the source of 20 says (`release` 20: owners, pages, attributes apart). The integration tests run the same
module against real gateways.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from html import escape
from urllib.parse import parse_qsl, urlsplit

from tests.unit.rgw.gateway_double import REQUEST_ID, Gateway, _Handler

XML = ("content-type", "application/xml")
ZONEGROUP = "default"
_APART = ("OpaqueData", "push-endpoint", "persistent", "time_to_live", "max_retries", "retry_sleep_duration", "Policy")


class TopicsGateway(Gateway):
    def __init__(self):
        super().__init__()
        self.RequestHandlerClass = _TopicsHandler
        self.unknown = {"/admin/account"}
        self.release = 18
        self.speaks_tls = False  # as if behind a proxy that ends TLS
        self.topics = {}  # (tenant, name) -> {"arn", "user", "attributes"}
        self.notifications = {}  # (uid, bucket) -> document
        self.everybody_sees = False  # by policies
        self.dropped = set()  # attributes that it does not keep
        self.actions = []  # of SNS, in the order in which they came

    def later(self):
        self.release, self.unknown = 20, set()

    def add_owner(self, uid="alice", access_key="AKALICE", secret="canary-owner-secret", **data):
        keys = [{"user": uid, "access_key": access_key, "secret_key": secret}] if access_key else []
        self.add_user(uid, keys=keys, **data)

    def owner_of(self, access_key):
        return next(uid for uid, user in self.users.items() if f"'{access_key}'" in str(user["data"].get("keys")))

    def attributes(self, name, tenant=""):
        return self.topics[tenant, name]["attributes"]

    def notify(self, bucket, topic, identifier="n1", uid="alice"):
        """What a PUT ?notification of the bucket's owner does."""
        tenant = uid.rpartition("$")[0]
        arn = f"arn:aws:sns:{ZONEGROUP}:{tenant}:{topic}"
        one = f"<TopicConfiguration><Id>{identifier}</Id><Topic>{arn}</Topic></TopicConfiguration>"
        self.store(uid, bucket, f"<NotificationConfiguration>{one}</NotificationConfiguration>")

    def store(self, uid, bucket, document):
        self.notifications[uid, bucket] = document
        for identifier, arn in re.findall("<Id>(.*?)</Id><Topic>(.*?)</Topic>", document):
            tenant, name = arn.split(":")[4:]
            if self.release < 19 and (tenant, name) in self.topics:
                copy = {**self.topics[tenant, name], "attributes": {**self.attributes(name, tenant)}}
                self.topics[tenant, f"{identifier}_{name}"] = copy


@contextmanager
def running_topics_gateway():
    gateway = TopicsGateway()
    thread = threading.Thread(target=gateway.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.shutdown()
        gateway.server_close()
        thread.join()


class _TopicsHandler(_Handler):
    def _any(self):
        gateway = self.server
        url = urlsplit(self.path)
        if url.path.startswith("/admin") or "Action" in url.query:
            return super()._any()
        gateway.requests.append((self.command, self.path))
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        fault = gateway.faults.pop(0) if gateway.faults else None
        if fault and fault.effect:
            fault.effect()
        if fault and not fault.obey:
            return self._send(fault.status, fault.headers, fault.body)
        login, scope = re.findall(r"Credential=([^/]+)/[^/]+/[^/]+/(\w+)/", self.headers["authorization"])[0]
        uid = gateway.owner_of(login)
        if self.command == "POST":
            assert scope == "sns"
            status, text = self._act(uid, body)
        else:
            assert scope == "s3"
            status, text = self._of_buckets(uid, url, body)
        if status != 200:
            text = f"<Error><Code>{text}</Code><Message></Message></Error>"
        return self._send(status, (REQUEST_ID, XML), text.encode())

    do_GET = do_PUT = do_POST = do_DELETE = _any

    def _of_buckets(self, uid, url, body):
        gateway = self.server
        names = [bucket for owner, bucket in gateway.notifications if owner == uid]
        if url.path == "/":
            found = "".join(f"<Bucket><Name>{name}</Name></Bucket>" for name in names)
            xmlns = "http://s3.amazonaws.com/doc/2006-03-01/"
            return 200, f'<ListAllMyBucketsResult xmlns="{xmlns}"><Buckets>{found}</Buckets></ListAllMyBucketsResult>'
        assert url.query == "notification="
        bucket = url.path[1:]
        if bucket not in names:
            return 404, "NoSuchBucket"
        if self.command == "PUT":
            gateway.store(uid, bucket, body)
            return 200, ""
        return 200, gateway.notifications[uid, bucket] or "<NotificationConfiguration></NotificationConfiguration>"

    def _act(self, uid, body):
        # RGW takes what it finds between dots: nothing that is sent may have a dot in its value.
        assert "." not in "".join(part.partition("=")[2] for part in body.split("&"))
        fields = dict(parse_qsl(body, keep_blank_values=True, errors="surrogateescape"))
        gateway, action = self.server, fields["Action"]
        gateway.actions.append(action)
        tenant = uid.rpartition("$")[0]
        name = fields.get("Name") or fields.get("TopicArn", "").rpartition(":")[2]
        if action == "CreateTopic":
            keys = [field for field in fields if field.endswith(".key")]
            attributes = {fields[key]: fields[f"{key[:-4]}.value"] for key in keys}
            if "@" in attributes.get("push-endpoint", "") and not gateway.speaks_tls:
                return 400, "InvalidArgument"
            kept = {key: value for key, value in attributes.items() if key not in gateway.dropped}
            arn = f"arn:aws:sns:{ZONEGROUP}:{tenant}:{name}"
            gateway.topics[tenant, name] = {"arn": arn, "user": uid, "attributes": kept}
        elif action == "DeleteTopic":
            gateway.topics.pop((tenant, name), None)
        else:
            return self._list(uid, tenant, fields)
        return 200, f'<{action}Response xmlns="https://sns.amazonaws.com/doc/2010-03-31/"></{action}Response>'

    def _list(self, uid, tenant, fields):
        gateway = self.server
        topics = {name: topic for (its, name), topic in sorted(gateway.topics.items()) if its == tenant}
        if gateway.release > 18 and not gateway.everybody_sees:
            topics = {name: topic for name, topic in topics.items() if topic["user"] == uid}
        has_secret = any("@" in topic["attributes"].get("push-endpoint", "") for topic in topics.values())
        if has_secret and not gateway.speaks_tls:
            return 403, "AccessDenied"
        token = ""
        if gateway.release > 18:
            start, names = fields.get("NextToken", ""), list(topics)
            page = [name for name in names if name >= start][:2]
            following = [name for name in names if name > page[-1]] if page else []
            token = f"<NextToken>{following[0]}</NextToken>" if following else ""
            topics = {name: topics[name] for name in page}
        members = "".join(self._member(name, topic, tenant) for name, topic in topics.items())
        result = f"<ListTopicsResult><Topics>{members}</Topics></ListTopicsResult>{token}"
        return (
            200,
            f'<ListTopicsResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/">{result}</ListTopicsResponse>',
        )

    def _member(self, name, topic, tenant):
        attributes, later = topic["attributes"], self.server.release > 18
        told = {key: value for key, value in attributes.items() if not (later and key in _APART)}
        text = "&".join(f"{key}={value}" for key, value in sorted(told.items()))
        if not later:
            numbered = enumerate(attributes.items(), 1)
            text = "&".join(
                [f"Attributes.entry.{n}.key={key}&Attributes.entry.{n}.value={v}" for n, (key, v) in numbered] + [text]
            )
        retries = {
            "TimeToLive": "time_to_live",
            "MaxRetries": "max_retries",
            "RetrySleepDuration": "retry_sleep_duration",
        }
        parts = {
            "EndpointAddress": attributes.get("push-endpoint", ""),
            "EndpointArgs": text,
            "EndpointTopic": topic["arn"].rpartition(":")[2],
            "Persistent": str(attributes.get("persistent") == "true").capitalize(),
            **({tag: attributes.get(key, "None") for tag, key in retries.items()} if later else {}),
        }
        endpoint = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in parts.items())
        whole = {
            "User": topic["user"] if later else tenant,
            "Name": name,
            "TopicArn": topic["arn"],
            "OpaqueData": attributes.get("OpaqueData", ""),
            **({"Policy": attributes.get("Policy", "")} if later else {}),
        }
        fields = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in whole.items())
        return f"<member>{fields}<EndPoint>{endpoint}</EndPoint></member>"
