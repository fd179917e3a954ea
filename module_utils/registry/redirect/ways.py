# SPDX-License-Identifier: Apache-2.0
"""The ways in which a registry's redirects to a Ceph gateway break, each with its verdict word, cause and remedy.

Source: distribution 2.8.3, registry/storage/driver/swift and s3-aws; distribution/distribution#1397, #2189, #2982 and
#3139; golang/go#35104; seen with registry 2.8.2 on RGW 18.2.7.
"""

from __future__ import annotations

from typing import NamedTuple

from ...http.outcomes import WrongAnswer
from ...http.verdicts import Advice


class Way(NamedTuple):
    """One way in which redirects break."""

    word: str
    advice: Advice

    def found(self, expected: str, got: str) -> WrongAnswer:
        """The finding that redirects break in this way."""
        return WrongAnswer(self.word, expected, got, self.advice)


ADDRESS = Way(
    "redirect-address",
    Advice(
        "The registry sends its clients to an address of the gateway that they cannot reach.",
        "Let registry_swift_authurl (and rgw_swift_url of the gateway) or registry_s3_regionendpoint name an address "
        "that clients reach, and open the way to that address.",
    ),
)
PATH = Way(
    "redirect-path",
    Advice(
        "The registry signs another path than the one that the gateway sees.",
        "Let no proxy before the gateway change paths, and let rgw_swift_url and rgw_swift_url_prefix give the path "
        "that the gateway sees.",
    ),
)
KEY = Way(
    "redirect-key",
    Advice(
        "The gateway does not know the key by which the registry signs URLs.",
        "Give the account the key by temp_url_keys of rgw_users, and name the file of the same key in "
        "registry_swift_temp_url_key_file; for S3, let the address lead to the cluster that has the access key.",
    ),
)
INFO = Way(
    "redirect-info",
    Advice(
        "The registry sends blobs itself. The swift driver asks /info for temporary URLs, and the gateway takes /info "
        "for a bucket; or the driver's subuser may not see the key of the account.",
        "Set tempurlmethods, tempurlcontainerkey and secretkey of the swift driver, as registry_redirect does. With "
        "rgw_swift_account_in_url the subuser needs the access full.",
    ),
)
PLAIN_HTTP = Way(
    "redirect-plain-http",
    Advice(
        "The registry sends its clients to a URL with http, where they need TLS.",
        "Let registry_swift_authurl or registry_s3_regionendpoint be a URL with https. Behind a proxy with TLS, let "
        "rgw_swift_url begin with https, or let the ingress rewrite X-Storage-Url, as the role rgw_ingress does.",
    ),
)
HOST = Way(
    "redirect-host",
    Advice(
        "The registry signs for another host name than the one that the gateway sees.",
        "Let the proxy before the gateway pass Host unchanged, its port included. A bucket in the host name needs "
        "rgw_dns_name at the gateway, or forcepathstyle in the registry.",
    ),
)
AUTHORIZATION = Way(
    "redirect-authorization",
    Advice(
        "Clients send their login of the registry along to a URL on the same host, or on a host below its name, and "
        "the gateway refuses a presigned URL that comes with one.",
        "Give registry and gateway host names of which none is below the other, or use the swift driver, whose "
        "temporary URLs the gateway takes with a login.",
    ),
)

# What can be said without the key that signs.
REFUSED_SIGNATURE = Way(
    "redirect-signature",
    Advice(
        "The gateway refuses what the registry signs: the path or the host name was changed on the way, or the gateway "
        "does not know the key.",
        "Run the proof on a host that has the key (temp_url_key_file, or s3_access_key with s3_secret_key_file), which "
        "tells these apart.",
    ),
)
