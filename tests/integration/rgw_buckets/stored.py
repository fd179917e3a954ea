# SPDX-License-Identifier: Apache-2.0
"""Rows of docs/buckets-stored.md: what gateways are told, and what each release does with that."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

KEPT, DROPPED = "kept", "dropped"


@dataclass(frozen=True)
class Told:
    """A document that is written into a new bucket and read again.

    part: what has to be in the answer for the document to count as kept. fates: from which release on the document is
    kept, dropped, or refused with which code. lock: the bucket is created with object lock.
    """

    subject: str
    what: str
    body: str
    part: str
    fates: dict[int, str]
    lock: bool = False

    def fate(self, release: int) -> str:
        """What becomes of the document on a release."""
        return self.fates[max(since for since in self.fates if since <= release)]

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"


def _rows(subject: str, wrap: str, *rows: tuple[str, str, str, dict[int, str]], lock: bool = False) -> list[Told]:
    return [
        Told(subject, what, wrap.replace("...", dedent(body)), part, fates, lock) for what, body, part, fates in rows
    ]


_EXPIRE = "<Status>Enabled</Status><Expiration><Days>3</Days></Expiration>"
_EMPTY = "<Prefix></Prefix>"
_NONCURRENT = "<NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays>...</NoncurrentVersionExpiration>"
_TRANSITION = "<Transition><Days>{}</Days><StorageClass>{}</StorageClass></Transition>"


def _rule(inside: str) -> str:
    return f"<Rule><ID>r</ID>{inside}</Rule>"


LIFECYCLE = _rows(
    "lifecycle",
    "<LifecycleConfiguration>...</LifecycleConfiguration>",
    ("a prefix", _rule("<Prefix>logs/</Prefix>" + _EXPIRE), "logs/", {14: KEPT}),
    ("a filter by prefix", _rule("<Filter><Prefix>logs/</Prefix></Filter>" + _EXPIRE), "logs/", {14: KEPT}),
    (
        "a filter by tag",
        _rule("<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>" + _EXPIRE),
        "<Tag><Key>a</Key><Value>b</Value></Tag>",
        {14: KEPT},
    ),
    (
        "a prefix and two tags",
        _rule(
            "<Filter><And><Prefix>p</Prefix><Tag><Key>a</Key><Value>b</Value></Tag><Tag><Key>c</Key><Value>d</Value></Tag>"
            "</And></Filter>" + _EXPIRE
        ),
        "<Key>c</Key>",
        {14: KEPT},
    ),
    (
        "ObjectSizeGreaterThan",
        _rule("<Filter><ObjectSizeGreaterThan>1000</ObjectSizeGreaterThan></Filter>" + _EXPIRE),
        "<ObjectSizeGreaterThan>1000<",
        {14: DROPPED, 20: KEPT},
    ),
    (
        "ObjectSizeLessThan",
        _rule("<Filter><ObjectSizeLessThan>1000</ObjectSizeLessThan></Filter>" + _EXPIRE),
        "<ObjectSizeLessThan>1000<",
        {14: DROPPED, 20: KEPT},
    ),
    ("ArchiveZone", _rule("<Filter><ArchiveZone/></Filter>" + _EXPIRE), "ArchiveZone", {14: DROPPED, 18: KEPT}),
    (
        "a date at noon",
        _rule(_EMPTY + "<Status>Enabled</Status><Expiration><Date>2030-01-01T12:00:00Z</Date></Expiration>"),
        "2030-01-01",
        {14: "MalformedXML"},
    ),
    (
        "a date at midnight",
        _rule(_EMPTY + "<Status>Enabled</Status><Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration>"),
        "2030-01-01",
        {14: KEPT},
    ),
    (
        "ExpiredObjectDeleteMarker",
        _rule(
            f"{_EMPTY}<Status>Enabled</Status>"
            "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
        ),
        "ExpiredObjectDeleteMarker",
        {14: KEPT},
    ),
    (
        "NoncurrentDays",
        _rule(_EMPTY + "<Status>Enabled</Status>" + _NONCURRENT.replace("...", "")),
        "<NoncurrentDays>3<",
        {14: KEPT},
    ),
    (
        "NewerNoncurrentVersions",
        _rule(
            _EMPTY
            + "<Status>Enabled</Status>"
            + _NONCURRENT.replace("...", "<NewerNoncurrentVersions>5</NewerNoncurrentVersions>")
        ),
        "NewerNoncurrentVersions",
        {14: DROPPED, 20: KEPT},
    ),
    (
        "a transition to a storage class that does not exist",
        _rule(_EMPTY + "<Status>Enabled</Status>" + _TRANSITION.format(3, "NOPE")),
        "NOPE",
        {14: KEPT},
    ),
    (
        "two transitions to one class",
        _rule(_EMPTY + "<Status>Enabled</Status>" + _TRANSITION.format(3, "COLD") + _TRANSITION.format(5, "COLD")),
        "COLD",
        {14: "MalformedXML"},
    ),
    (
        "AbortIncompleteMultipartUpload",
        _rule(
            _EMPTY
            + "<Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>"
            "</AbortIncompleteMultipartUpload>"
        ),
        "<DaysAfterInitiation>7<",
        {14: KEPT},
    ),
    (
        "AbortIncompleteMultipartUpload with a tag",
        _rule(
            "<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload>"
            "<DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
        ),
        "<DaysAfterInitiation>7<",
        {14: KEPT, 16: "InvalidRequest"},
    ),
    ("neither filter nor prefix", _rule(_EXPIRE), "<Days>3<", {14: "MalformedXML"}),
    ("0 days", _rule(_EMPTY + _EXPIRE.replace(">3<", ">0<")), "<Days>0<", {14: "InvalidArgument"}),
    ("no rule", "", "LifecycleConfiguration", {14: "MalformedXML"}),
)


def _statement(**changes: str) -> str:
    fields = {
        "Effect": '"Allow"',
        "Principal": '{"AWS": "*"}',
        "Action": '"s3:GetObject"',
        "Resource": '"arn:aws:s3:::BUCKET/*"',
        **changes,
    }
    inside = ", ".join(f'"{key}": {value}' for key, value in fields.items() if value)
    return '{"Version": "2012-10-17", "Statement": [{' + inside + "}]}"


POLICY = _rows(
    "policy",
    "...",
    ("a user who does not exist", _statement(Principal='{"AWS": "arn:aws:iam:::user/nobody"}'), "nobody", {14: KEPT}),
    ("another bucket", _statement(Resource='"arn:aws:s3:::elsewhere/*"'), "elsewhere", {14: KEPT}),
    (
        "a bucket of another tenant",
        _statement(Resource='"arn:aws:s3::acme:BUCKET/*"'),
        "acme",
        {14: KEPT, 16: "InvalidArgument"},
    ),
    (
        "CanonicalUser as principal",
        _statement(Principal='{"CanonicalUser": "abc"}'),
        "abc",
        {14: KEPT, 18: "InvalidArgument"},
    ),
    ("no action", _statement(Action=""), "Allow", {14: KEPT}),
    ("no principal", _statement(Principal=""), "Allow", {14: KEPT}),
    ("an unknown action", _statement(Action='"s3:Nope"'), "Nope", {14: "InvalidArgument"}),
    (
        "an unknown operator of a condition",
        _statement(Condition='{"StringNope": {"aws:Referer": "x"}}'),
        "StringNope",
        {14: "InvalidArgument"},
    ),
    (
        "an unknown key of a condition",
        _statement(Condition='{"StringEquals": {"s3:nope": "x"}}'),
        "s3:nope",
        {14: KEPT},
    ),
)

_CORS = "<CORSRule><AllowedOrigin>{}</AllowedOrigin><AllowedMethod>{}</AllowedMethod>{}</CORSRule>"
CORS = _rows(
    "cors",
    "<CORSConfiguration>...</CORSConfiguration>",
    ("a rule", _CORS.format("https://a.example", "GET", "<MaxAgeSeconds>0</MaxAgeSeconds>"), "a.example", {14: KEPT}),
    (
        "MaxAgeSeconds of 0",
        _CORS.format("*", "GET", "<MaxAgeSeconds>0</MaxAgeSeconds>"),
        "<MaxAgeSeconds>0<",
        {14: KEPT},
    ),
    (
        "MaxAgeSeconds of 4294967295",
        _CORS.format("*", "GET", "<MaxAgeSeconds>4294967295</MaxAgeSeconds>"),
        "4294967295",
        {14: DROPPED},
    ),
    ("an unknown method", _CORS.format("*", "PATCH", ""), "PATCH", {14: "MalformedXML"}),
    ("two * in an origin", _CORS.format("*.*", "GET", ""), "*.*", {14: "MalformedXML"}),
    ("101 rules", _CORS.format("*", "GET", "") * 101, "AllowedOrigin", {14: "InvalidRequest"}),
)


def _tags(count: int, key: str = "k", value: str = "v") -> str:
    return "".join(f"<Tag><Key>{key}{number}</Key><Value>{value}</Value></Tag>" for number in range(count))


TAGGING = _rows(
    "tagging",
    "<Tagging><TagSet>...</TagSet></Tagging>",
    ("50 tags", _tags(50), "k49", {14: "InvalidArgument", 16: KEPT}),
    ("51 tags", _tags(51), "k50", {14: "InvalidArgument", 16: "InvalidTag"}),
    ("a key of 129 bytes", _tags(1, "k" * 128), "kkk", {14: "InvalidArgument", 16: "InvalidTag"}),
    ("a value of 257 bytes", _tags(1, value="v" * 257), "vvv", {14: "InvalidArgument", 16: "InvalidTag"}),
    ("a key that begins with aws:", _tags(1, "aws:"), "aws:", {14: "InvalidArgument", 16: KEPT}),
)

_DEFAULT = "ApplyServerSideEncryptionByDefault"
_SSE = f"<Rule><{_DEFAULT}><SSEAlgorithm>{{}}</SSEAlgorithm>{{}}</{_DEFAULT}></Rule>"
ENCRYPTION = _rows(
    "encryption",
    "<ServerSideEncryptionConfiguration>...</ServerSideEncryptionConfiguration>",
    ("AES256", _SSE.format("AES256", ""), "AES256", {14: "InvalidArgument", 18: KEPT}),
    (
        "aws:kms with a key",
        _SSE.format("aws:kms", "<KMSMasterKeyID>key</KMSMasterKeyID>"),
        "<KMSMasterKeyID>key<",
        {14: "InvalidArgument", 18: KEPT},
    ),
    ("an unknown algorithm", _SSE.format("rot13", ""), "rot13", {14: "InvalidArgument", 18: KEPT}),
)
VERSIONING = _rows(
    "versioning",
    "<VersioningConfiguration><Status>...</Status></VersioningConfiguration>",
    ("Enabled", "Enabled", ">Enabled<", {14: KEPT}),
    ("Suspended, on a bucket that never had versions", "Suspended", ">Suspended<", {14: KEPT}),
) + _rows(
    "versioning",
    "<VersioningConfiguration><Status>...</Status></VersioningConfiguration>",
    ("Suspended, on a bucket with object lock", "Suspended", ">Suspended<", {14: "InvalidBucketState"}),
    lock=True,
)
_LOCK = "<ObjectLockEnabled>Enabled</ObjectLockEnabled>"
_RETENTION = "<Rule><DefaultRetention><Mode>GOVERNANCE</Mode>{}</DefaultRetention></Rule>"
OBJECT_LOCK = _rows(
    "object-lock",
    f"<ObjectLockConfiguration>{_LOCK}...</ObjectLockConfiguration>",
    ("object lock on a bucket that was created without", "", "Enabled", {14: "InvalidBucketState"}),
) + _rows(
    "object-lock",
    f"<ObjectLockConfiguration>{_LOCK}...</ObjectLockConfiguration>",
    ("a retention in days", _RETENTION.format("<Days>3</Days>"), "<Days>3<", {14: KEPT}),
    (
        "a retention in days and in years",
        _RETENTION.format("<Days>3</Days><Years>1</Years>"),
        "GOVERNANCE",
        {14: "MalformedXML"},
    ),
    ("a retention of 101 years", _RETENTION.format("<Years>101</Years>"), "<Years>101<", {14: KEPT}),
    lock=True,
)
_FOUR = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
PUBLIC_ACCESS_BLOCK = _rows(
    "publicAccessBlock",
    "<PublicAccessBlockConfiguration>...</PublicAccessBlockConfiguration>",
    *((name, f"<{name}>true</{name}>", f"<{name}>true<", {14: "InvalidArgument", 16: KEPT}) for name in _FOUR),
)
_TOPIC = "<TopicConfiguration><Id>n</Id><Topic>arn:aws:sns:default::TOPIC</Topic>{}</TopicConfiguration>"


NOTIFICATION = _rows(
    "notification",
    "<NotificationConfiguration>...</NotificationConfiguration>",
    ("no event", _TOPIC.format(""), "<Event>s3:ObjectCreated:*</Event>", {14: "NoSuchKey", 16: KEPT}),
    (
        "a topic that does not exist",
        _TOPIC.format("<Event>s3:ObjectCreated:*</Event>").replace("TOPIC", "no-such-topic"),
        "no-such-topic",
        {14: "NoSuchKey"},
    ),
    (
        "a filter's name with a capital",
        _TOPIC.format(
            "<Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>Prefix</Name><Value>in/</Value></FilterRule>"
            "</S3Key></Filter>"
        ),
        "in/",
        {14: "MalformedXML"},
    ),
)
ALL = [
    *LIFECYCLE,
    *POLICY,
    *CORS,
    *TAGGING,
    *ENCRYPTION,
    *VERSIONING,
    *OBJECT_LOCK,
    *PUBLIC_ACCESS_BLOCK,
    *NOTIFICATION,
]
