# SPDX-License-Identifier: Apache-2.0
"""The forms that Go's parsers want; tests/integration/registry_config holds the rules against a real registry."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.go_regexp import regexp_problem
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.go_url import address_problem, parsed
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.schema_values import number

RIGHT = "version: 0.1\nstorage: {inmemory: , redirect: {disable: true}}\nhttp: {addr: ':5000', secret: s}\n"
SWIFT = {"username": "u:s", "password": "abc", "authurl": "http://h:8080/auth/v1", "container": "registry"}
KEYSTONE = {"username": "u", "authurl": "http://k:5000/v3", "domain": "Default", "tenant": "t"}


@pytest.mark.parametrize(
    "text", [":5000", "127.0.0.1:0", "[::1]:5000", "host:", ":http", "0.0.0.0:+80", "[fe80::1%lo]:1"]
)
def test_addresses(text):
    assert address_problem(text) is None


@pytest.mark.parametrize("text", ["5000", "h", "::1:5000", "[::1]", "http://h:1", "h:99999", "h:-1", "h:x1", "a b:1"])
def test_no_addresses(text):
    assert address_problem(text)


@pytest.mark.parametrize("text", ["http://h", "https://h:1/p?q#f", "http://[::1]:80/", "http://u:p@h/", "HTTP://h"])
def test_urls(text):
    assert parsed(text).is_http


@pytest.mark.parametrize(
    "text", ["h", "h:80", "10.0.0.1:80/p", "http://", "http:h", "ftp://h", "http://h:x", "http://[::1"]
)
def test_no_urls(text):
    assert not parsed(text).is_http


@pytest.mark.parametrize(
    "text", ["^https?://", "a*?", r"\d+[\w-]", "[[:alpha:]]", "(?i)a", "(?P<n>a)", "{,5}", "[]a]", r"\pL"]
)
def test_expressions(text):
    assert regexp_problem(text) is None


@pytest.mark.parametrize(
    "text", ["*a", "a**", "(?=a)", "(?<!a)", r"(a)\1", "[b-a]", "[a", "(a", "a)", "a{1001}", "[[:x:]]"]
)
def test_no_expressions(text):
    assert regexp_problem(text)


@pytest.mark.parametrize("word", ["0b_", "0x_", "0o", "5.5", "08", "5M", "", "--5"])
def test_words_that_are_no_numbers(word):
    assert number(words=True)(word)


@pytest.mark.parametrize("word", ["0x500000", "0b11", "017", "1_000", "+5", "0"])
def test_words_that_are_numbers(word):
    assert number(words=True)(word) is None


def paths(swift):
    lines = "".join(f"    {name}: {'' if value is None else value or repr(value)}\n" for name, value in swift.items())
    text = f"version: 0.1\nhttp: {{addr: ':1', secret: s}}\nstorage:\n  redirect: {{disable: true}}\n  swift:\n{lines}"
    return [(found.severity, found.place.rpartition(".")[2]) for found in lint(text, "2.8")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"authurl": "h:8080/auth/v1"}, [("error", "authurl")]),
        ({"authurl": "http://h:8080", "authversion": 1}, [("error", "authurl")]),
        ({"authurl": "http://h:8080/swift/v1"}, [("error", "authurl")]),
        ({"authversion": 3}, [("error", "authurl")]),
        ({"username": "u"}, [("error", "username")]),
        ({"tenantid": None}, []),
        (KEYSTONE, []),
        ({**KEYSTONE, "domain": ""}, [("error", "domain")]),
        ({**KEYSTONE, "tenantid": None}, [("error", "tenantid")]),
        ({**KEYSTONE, "tenant": ""}, [("warning", "tenant")]),
        ({**KEYSTONE, "tenant": "", "trustid": "x"}, []),
        ({**KEYSTONE, "authurl": "http://k:5000", "authversion": 3}, [("error", "authurl")]),
        ({**KEYSTONE, "authurl": "http://k:5000/v2.0", "authversion": 3}, [("error", "authurl")]),
        ({**KEYSTONE, "authurl": "http://k:5000/v2.0", "tenant": ""}, [("error", "tenant")]),
        ({**KEYSTONE, "endpointtype": "bogus"}, [("error", "endpointtype")]),
        ({"endpointtype": "bogus"}, [("warning", "endpointtype")]),
    ],
)
def test_what_each_version_of_the_authentication_needs(changes, expected):
    assert paths({**SWIFT, **changes}) == expected


@pytest.mark.parametrize("second", ["---\n# nothing\n", "---\nfoo: bar\n", "---\nfoo: [\n", "...\n---\na: b\n"])
def test_a_second_document_is_a_warning(second):
    assert [found.severity for found in lint(RIGHT + second, "2.8")] == ["warning"]


def test_what_is_nested_too_deep_is_no_missing_library():
    findings = lint(RIGHT + f"log: {{fields: {'[' * 3000}{']' * 3000}}}\n", "2.8")
    assert "nested too deep" in findings[0].what


@pytest.mark.parametrize(
    ("realm", "warned"), [("https://auth.example/token", []), ("auth.example", ["auth.token.realm"])]
)
def test_a_realm_is_where_clients_ask(realm, warned):
    token = f"{{realm: '{realm}', service: s, issuer: i, rootcertbundle: /b}}"
    assert [found.place for found in lint(RIGHT + f"auth: {{token: {token}}}\n", "2.8")] == warned


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("version: '3'\nservices:\n  registry: {image: registry}\n", "docker compose"),
        ("registry:\n  image: registry:2\n  ports: ['5000:5000']\n", "docker compose"),
        ("common:\n  loglevel: info\nlocal:\n  storage: local\n  storage_path: /x\n", "registry 1"),
        ("apiVersion: v1\nkind: ConfigMap\ndata: {}\n", "Kubernetes"),
    ],
)
def test_the_file_of_another_program_is_one_finding(text, whose):
    findings = lint(text, "2.8")
    assert len(findings) == 1 and whose in findings[0].what


def test_a_fork_s_driver_is_named():
    text = RIGHT.replace("inmemory: ,", "s3_v2: {bucket: b},")
    assert "GitLab" in str([found for found in lint(text, "2.8") if found.place == "storage.s3_v2"])


def test_a_hint_fits_the_value():
    fixes = {found.place: found.remedy for found in lint(RIGHT + "registry: {a: b}\nremoteurl: https://h\n", "2.8")}
    assert fixes == {"registry": "remove it", "remoteurl": "it belongs to proxy.remoteurl"}
