# SPDX-License-Identifier: Apache-2.0
"""Names of gateways, of certificates' sample and of records, held against each other."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import ERROR, WARNING
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.consistency import Published, look

ZONE, ENDPOINT = "example.com", "s3.example.com"


def entries(*names: str) -> list[dict[str, object]]:
    return [{"name": name, "addresses": ["192.0.2.10"]} for name in names]


def found(*names: str, **options: object) -> list[tuple[str, str]]:
    given = {"endpoint": ENDPOINT, "virtual_hosts": True, "names": [ENDPOINT], **options}
    published = Published(ZONE, 300, entries(*(names or (ENDPOINT, f"*.{ENDPOINT}"))), **given)
    return [(one.severity, f"{one.what}; {one.effect}; {one.remedy}") for one in look(published)]


def test_what_fits_together():
    assert found() == []
    assert found(names=[f"{ENDPOINT.upper()}."]) == []
    assert found(virtual_hosts=False, names=[]) == []
    assert found("registry.example.com", endpoint="", names=[]) == []


def test_a_gateway_without_a_name_has_no_virtual_hosts():
    ((severity, text),) = found(names=[])
    assert severity == ERROR and "know no name" in text and f"rgw_dns_name: {ENDPOINT}" in text


def test_a_gateway_with_another_name_takes_the_endpoint_for_a_bucket():
    for virtual_hosts in (True, False):
        ((severity, text),) = found(names=["other.example.org"], virtual_hosts=virtual_hosts)
        assert severity == ERROR and f"would take {ENDPOINT} for the name of a bucket" in text


def test_names_of_web_sites_are_others():
    ((severity, text),) = found(websites=[ENDPOINT])
    assert severity == ERROR and "both for S3 and for web sites" in text
    texts = dict(found(names=[], websites=[ENDPOINT]))
    assert "for web sites only" in texts[ERROR]


def test_web_sites_need_a_wildcard_where_they_have_a_name():
    names = (ENDPOINT, f"*.{ENDPOINT}", "www.example.com")
    ((severity, text),) = found(*names, websites=["www.example.com"])
    assert severity == ERROR and "*.www.example.com gets no record" in text
    assert found(*names, "*.www.example.com", websites=["www.example.com"]) == []


def test_a_name_of_the_gateways_without_a_record():
    ((severity, text),) = found(names=[ENDPOINT, "old.example.com", "elsewhere.example.org"])
    assert severity == WARNING and "know the name old.example.com" in text


def test_a_name_below_the_wildcard_takes_a_bucket_s_place():
    names = (ENDPOINT, f"*.{ENDPOINT}", f"registry.{ENDPOINT}", f"a.b.{ENDPOINT}")
    texts = [text for _severity, text in found(*names)]
    assert [text.partition(";")[0] for text in texts] == [
        f"registry.{ENDPOINT} is below *.{ENDPOINT}, so the wildcard does not answer for registry.{ENDPOINT}",
        f"a.b.{ENDPOINT} is below *.{ENDPOINT}, so the wildcard does not answer for b.{ENDPOINT}",
    ]
    assert "the bucket registry has no virtual host" in texts[0]


def test_all_findings_come_at_once():
    published = Published(ZONE, 300, [{"name": "a b"}, {"name": ENDPOINT}], ENDPOINT, True, ["x.example.org"])
    assert [one.place for one in look(published)] == ["records[0]", "records[1]", ""]
