# SPDX-License-Identifier: Apache-2.0
"""What a registry accepts below `storage`: the drivers' parameters, and what is common to all drivers.

Source: distribution 2.7.1, 2.8.3, 3.0.0 and 3.1.1: registry/storage/driver/*, registry/handlers/app.go.
"""

from __future__ import annotations

from typing import Dict

from .finding import PANICS
from .schema import Key, Section
from .schema_values import anything, choice, flag, number, text, texts

_APP = "registry/handlers/app.go"
_MIB = 1024 * 1024
_S3_CHUNK_LEAST, _S3_CHUNK_MOST = 5 * _MIB, 5 * 1024 * _MIB

# The swift driver decodes strictly (mapstructure): a number is no string, a string no boolean.
_strict_text, _filled_text = Key(text(PANICS, strict=True)), text(PANICS, strict=True, filled=True)
_AS_TEXT = "the registry takes it as the text of a list or a mapping, such as [a b]"
_tenant = Key(text(_AS_TEXT))

SWIFT = Section(
    {
        "username": Key(_filled_text, required=True),
        "password": Key(_filled_text, required=True),
        "authurl": Key(_filled_text, required=True),
        "container": Key(_filled_text, required=True),
        "authversion": Key(number(PANICS, least=0, most=3)),
        "tenant": _tenant,
        "tenantid": _tenant,
        "domain": _strict_text,
        "domainid": _strict_text,
        "tenantdomain": _strict_text,
        "tenantdomainid": _strict_text,
        "trustid": _strict_text,
        "region": _strict_text,
        "endpointtype": _strict_text,
        "insecureskipverify": Key(flag(PANICS)),
        "chunksize": Key(number(PANICS, least=_MIB, unit="bytes")),
        "prefix": _strict_text,
        "secretkey": _strict_text,
        "accesskey": _strict_text,
        "tempurlcontainerkey": Key(flag(PANICS)),
        "tempurlmethods": Key(texts(PANICS, strict=True)),
    },
    "registry/storage/driver/swift",
    PANICS,
    fold=True,
    elsewhere={"rootdirectory": "prefix"},
)

# The s3 driver turns what it gets into what it wants: numbers and booleans may be strings.
_lax_text, _lax_flag = Key(text(_AS_TEXT)), Key(flag(PANICS, words=True))
_chunk = Key(number(PANICS, words=True, least=_S3_CHUNK_LEAST, most=_S3_CHUNK_MOST, unit="bytes"))

S3 = Section(
    {
        "accesskey": _lax_text,
        "secretkey": _lax_text,
        "bucket": Key(text(PANICS, filled=True, shape=_AS_TEXT), required=True),
        "region": _lax_text,
        "regionendpoint": _lax_text,
        "forcepathstyle": Key(flag(PANICS, words=True), since="3.0", instead="leave it out: 2.x does it of itself"),
        "secure": _lax_flag,
        "skipverify": _lax_flag,
        "v4auth": _lax_flag,
        "encrypt": _lax_flag,
        "keyid": _lax_text,
        "chunksize": _chunk,
        "multipartcopychunksize": _chunk,
        "multipartcopymaxconcurrency": Key(number(PANICS, words=True, least=1)),
        "multipartcopythresholdsize": Key(
            number(PANICS, words=True, least=0, most=_S3_CHUNK_MOST, unit="bytes"),
        ),
        "rootdirectory": _lax_text,
        "storageclass": Key(text(PANICS, strict=True)),
        "objectacl": Key(
            choice(
                *("private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read"),
                *("bucket-owner-read", "bucket-owner-full-control"),
                effect=PANICS,
            )
        ),
        "useragent": _lax_text,
        "usedualstack": Key(flag(PANICS, words=True), since="3.0"),
        "accelerate": Key(flag(PANICS, words=True), since="3.0"),
        "usefipsendpoint": Key(flag(PANICS, words=True), since="3.1"),
        "loglevel": Key(text(PANICS), since="3.0"),
    },
    "registry/storage/driver/s3-aws",
    PANICS,
    elsewhere={"prefix": "rootdirectory", "container": "bucket", "authurl": "regionendpoint"},
)

FILESYSTEM = Section(
    {
        "rootdirectory": Key(text(_AS_TEXT), empty="the registry keeps its files in a folder <nil> where it runs"),
        "maxthreads": Key(number(PANICS, words=True)),
    },
    "registry/storage/driver/filesystem",
)
INMEMORY = Section({}, "registry/storage/driver/inmemory")


def _named(driver: str, names: str, newer: str = "") -> Section:
    """A driver of which only the parameters' names are known."""
    keys = {name: Key(anything) for name in names.split()}
    keys.update({name: Key(anything, since="3.0") for name in newer.split()})
    return Section(keys, f"registry/storage/driver/{driver}")


_OSS = "accesskeyid accesskeysecret region bucket endpoint internal encrypt secure chunksize rootdirectory"

DRIVERS: Dict[str, Key] = {
    "swift": Key(SWIFT, until="2.8"),
    "s3": Key(S3),
    "s3aws": Key(S3),
    "filesystem": Key(FILESYSTEM),
    "inmemory": Key(INMEMORY),
    "azure": Key(
        _named(
            "azure",
            "accountname accountkey container realm",
            "credentials connectionstring rootdirectory serviceurl max_retries retry_delay skipverify",
        )
    ),
    "gcs": Key(_named("gcs", "bucket credentials keyfile rootdirectory chunksize maxconcurrency", "useragent")),
    "oss": Key(_named("oss", _OSS), until="2.8"),
}

_SILENTLY_OFF = "the registry runs with deletion off, without a word"
_PURGES_ANYWAY = "the registry purges uploads all the same"

UPLOAD_PURGING = Section(
    {
        "enabled": Key(flag(_PURGES_ANYWAY)),
        # Looked at unless the purging is off: schema_rules.
        **{name: Key(anything) for name in ("age", "interval", "dryrun")},
    },
    _APP,
    PANICS,
    shape=PANICS,
)

COMMON = {
    "cache": Key(
        Section(
            {
                "blobdescriptor": Key(anything),
                "layerinfo": Key(anything, deprecated="call it blobdescriptor"),
                "blobdescriptorsize": Key(number(PANICS, words=True), since="3.0"),
            },
            _APP,
        )
    ),
    "delete": Key(Section({"enabled": Key(flag(_SILENTLY_OFF))}, _APP)),
    "redirect": Key(Section({"disable": Key(flag(PANICS), required=True)}, _APP, PANICS)),
    "maintenance": Key(
        Section(
            {
                "uploadpurging": Key(UPLOAD_PURGING),
                "readonly": Key(Section({"enabled": Key(flag(PANICS), empty=PANICS)}, _APP, PANICS, shape=PANICS)),
            },
            _APP,
        )
    ),
    "tag": Key(Section({"concurrencylimit": Key(number(PANICS, least=0))}, _APP), since="3.0"),
}

STORAGE = Section({**DRIVERS, **COMMON}, _APP, is_choice=True)
