# SPDX-License-Identifier: Apache-2.0
"""What a registry accepts in config.yml, section by section; `storage` has a file of its own.

Source: distribution 2.7.1, 2.8.3, 3.0.0 and 3.1.1: configuration/configuration.go, registry/auth/*.
"""

from __future__ import annotations

from typing import Dict

from .finding import FATAL, PANICS
from .schema import Each, Key, Node, Section
from .schema_storage import STORAGE
from .schema_values import anything, choice, duration, flag, headers, mapping, number, text, texts

_CONFIGURATION = "configuration/configuration.go"
_flag, _number, _text, _texts, _duration = Key(flag()), Key(number()), Key(text()), Key(texts()), Key(duration)
_anything, _mapping = Key(anything), Key(mapping)


def _section(**keys: Key) -> Section:
    return Section(keys, _CONFIGURATION)


_level = Key(choice("error", "warn", "info", "debug", fold=True))
_mail = _section(
    smtp=Key(_section(addr=_text, username=_text, password=_text, insecure=_flag)), **{"from": _text}, to=_texts
)
LOG = _section(
    accesslog=Key(_section(disabled=_flag)),
    level=_level,
    formatter=Key(choice("text", "json", "logstash", "", effect=FATAL)),
    fields=_mapping,
    hooks=Key(Each(_section(disabled=_flag, type=_text, levels=_texts, options=Key(_mail)))),
    reportcaller=Key(flag(), since="3.0"),
)

_strict = text(PANICS, strict=True)
_needed = Key(_strict, required=True)


def _controller(name: str, **keys: Key) -> Key:
    return Key(Section(keys, f"registry/auth/{name}", PANICS))


ACCESS_CONTROLLERS = {
    "htpasswd": _controller("htpasswd", realm=_needed, path=Key(text(PANICS, strict=True, filled=True), required=True)),
    "token": _controller(
        "token",
        realm=_needed,
        service=_needed,
        issuer=_needed,
        rootcertbundle=Key(_strict),
        jwks=Key(_strict, since="3.0", instead="give the certificates as rootcertbundle"),
        signingalgorithms=Key(texts(PANICS, strict=True), since="3.0"),
        autoredirect=Key(flag(PANICS), empty=PANICS),
        autoredirectpath=Key(_strict, since="3.0"),
    ),
    "silly": _controller("silly", realm=_needed, service=_needed),
    "none": _mapping,
}
AUTH = Section(ACCESS_CONTROLLERS, _CONFIGURATION, is_choice=True)


def _middlewares(name: Key) -> Each:
    return Each(_section(name=name, disabled=_flag, options=_mapping))


HTTP = _section(
    addr=_text,
    net=Key(choice("tcp", "unix", "", effect=FATAL)),
    host=_text,
    prefix=_text,
    secret=_text,
    relativeurls=_flag,
    draintimeout=_duration,
    headers=Key(headers),
    debug=Key(_section(addr=_text, prometheus=Key(_section(enabled=_flag, path=_text)))),
    http2=Key(_section(disabled=_flag)),
    h2c=Key(_section(enabled=_flag), since="3.0"),
    tls=Key(
        _section(
            certificate=_text,
            key=_text,
            clientcas=_texts,
            clientauth=Key(
                choice(
                    "request-client-cert",
                    "require-any-client-cert",
                    "verify-client-cert-if-given",
                    "require-and-verify-client-cert",
                ),
                since="3.0",
            ),
            minimumtls=Key(text(), since="2.8"),
            ciphersuites=Key(texts(), since="2.8"),
            letsencrypt=Key(
                _section(cachefile=_text, email=_text, hosts=_texts, directoryurl=Key(text(), since="3.0")),
            ),
        )
    ),
)

NOTIFICATIONS = _section(
    events=Key(_section(includereferences=_flag)),
    endpoints=Key(
        Each(
            _section(
                name=_text,
                disabled=_flag,
                url=_text,
                headers=Key(headers),
                timeout=_duration,
                threshold=_number,
                backoff=_duration,
                ignoredmediatypes=_texts,
                ignore=Key(_section(mediatypes=_texts, actions=_texts)),
            )
        )
    ),
)


def _of_3(node: Node, instead: str = "") -> Key:
    return Key(node, since="3.0", instead=instead)


def _of_2(node: Node, instead: str = "") -> Key:
    return Key(node, until="2.8", instead=instead)


def _all_of_3(node: Node, names: str) -> Dict[str, Key]:
    return {name: _of_3(node) for name in names.split()}


# Registry 3 took its redis library's options over: other names, and other meanings behind some.
REDIS = _section(
    addr=_of_2(text(), "write addrs: [host:port]"),
    pool=_of_2(
        _section(maxidle=_number, maxactive=_number, idletimeout=_duration),
        "write poolsize, maxidleconns, maxactiveconns and connmaxidletime beside addrs",
    ),
    password=_text,
    db=_number,
    dialtimeout=_duration,
    readtimeout=_duration,
    writetimeout=_duration,
    addrs=_of_3(texts(), "write addr: host:port"),
    **_all_of_3(text(), "username clientname sentinelusername sentinelpassword mastername identitysuffix"),
    **_all_of_3(number(), "protocol maxretries poolsize minidleconns maxidleconns maxactiveconns maxredirects"),
    **_all_of_3(duration, "minretrybackoff maxretrybackoff pooltimeout connmaxidletime connmaxlifetime"),
    **_all_of_3(flag(), "contexttimeoutenabled poolfifo readonly routebylatency routerandomly"),
    **_all_of_3(flag(), "disableidentity unstableresp3"),
    tls=_of_3(
        _section(
            certificate=_text,
            key=_text,
            clientcas=Key(texts(), until="3.0", instead="call it rootcas"),
            rootcas=Key(texts(), since="3.1", instead="call it clientcas"),
        ),
        "2.x speaks to redis without TLS: put a TLS proxy beside it",
    ),
)

_checked = {"interval": _duration, "threshold": _number}
HEALTH = _section(
    storagedriver=Key(_section(enabled=_flag, **_checked)),
    file=Key(Each(_section(file=_text, **_checked))),
    http=Key(Each(_section(uri=_text, headers=Key(headers), statuscode=_number, timeout=_duration, **_checked))),
    tcp=Key(Each(_section(addr=_text, timeout=_duration, **_checked))),
)

PROXY = _section(
    remoteurl=_text,
    username=_text,
    password=_text,
    exec=_of_3(_section(command=_text, lifetime=_duration), "write username and password"),
    ttl=_of_3(duration),
    cachewritetimeout=Key(duration, since="3.1"),
)

VALIDATION = _section(
    enabled=Key(flag(), deprecated="write disabled: false, which is the default"),
    disabled=_flag,
    manifests=Key(
        _section(
            urls=Key(_section(allow=_texts, deny=_texts)),
            indexes=_of_3(
                _section(
                    platforms=Key(choice("all", "none", "list", fold=True)),
                    platformlist=Key(Each(_section(architecture=_text, os=_text))),
                )
            ),
        )
    ),
)

REPORTING = _section(
    bugsnag=Key(_section(apikey=_text, releasestage=_text, endpoint=_text)),
    newrelic=Key(_section(licensekey=_text, name=_text, verbose=_flag)),
)

CONFIG = _section(
    version=_anything,
    log=Key(LOG),
    loglevel=Key(_level.node, deprecated="write log.level"),
    storage=Key(STORAGE),
    auth=Key(AUTH),
    middleware=Key(
        Section(
            {
                "registry": Key(_middlewares(_text)),
                "repository": Key(_middlewares(_text)),
                "storage": Key(_middlewares(Key(choice("cloudfront", "redirect", "rewrite", effect=PANICS)))),
            },
            _CONFIGURATION,
            others=_middlewares(_text),
        )
    ),
    reporting=_of_2(REPORTING, "registry 3 reports by OpenTelemetry, set up by the OTEL_* variables"),
    http=Key(HTTP),
    notifications=Key(NOTIFICATIONS),
    redis=Key(REDIS),
    health=Key(HEALTH),
    proxy=Key(PROXY),
    catalog=Key(_section(maxentries=_number), since="2.8"),
    tags=Key(_section(maxtags=_number), since="3.1"),
    compatibility=_of_2(
        _section(schema1=Key(_section(signingkeyfile=_text, enabled=_flag))),
        "registry 3 has no schema 1: push such images again",
    ),
    validation=Key(VALIDATION),
    policy=Key(_section(repository=Key(_section(classes=_texts)))),
)
