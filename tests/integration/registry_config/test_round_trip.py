# SPDX-License-Identifier: Apache-2.0
"""Whatever value goes in, the registry itself reads that value; tests/unit has the same for PyYAML."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import dump
from hypothesis import given, settings
from hypothesis import strategies as st

from .cases import GONE, PLAIN, changed
from .recorder import recording
from .registries import running
from .test_behaviour import needs_swift

LOOKS_LIKE_SOMETHING_ELSE = [
    *(
        "12345",
        "0123",
        "0x1F",
        "1e3",
        ".5",
        "1_000",
        "-1",
        "1" * 40,
        "2026-01-01",
        "1:30",
        "true",
        "yes",
        "on",
        "y",
        "~",
    ),
    *(
        "null",
        "",
        "'",
        '"',
        "\\",
        "\\n",
        "#x",
        "a #b",
        "*x",
        "&x",
        "%x",
        "@x",
        "`x",
        "!x",
        "<<",
        "{}",
        "[]",
        "{{x}}",
        "{%x%}",
    ),
    *("-", "- x", "?", ":", "a: b", ",", "|", ">", "${x}", "é", "☃", "😀"),
]

few = settings(max_examples=5, deadline=None)
# What a header's value may hold (RFC 9110, section 5.5), without blanks at its ends.
header_values = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1)
header_names = st.text("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~", min_size=1)


def logged(config: dict) -> dict:
    """The fields of the first line in the log of a registry with this configuration."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "runs", {"one": dump(config)}) as runs:
        line: dict = json.loads(runs["one"].first_line)
        return line


@few
@given(st.lists(st.text() | st.integers(-(2**53), 2**53) | st.booleans() | st.none(), min_size=20, max_size=200))
def test_values(values):
    fields = {f"field{number}": value for number, value in enumerate([*values, *LOOKS_LIKE_SOMETHING_ELSE])}
    seen = logged(changed(PLAIN, {"log": {"formatter": "json", "fields": fields}}))
    assert {name: seen.get(name) for name in fields} == fields  # The log leaves out what is null.


@few
@given(st.lists(st.text(), min_size=20, max_size=100))
def test_names(names):
    fields = {f"field {name}": "value" for name in [*names, *LOOKS_LIKE_SOMETHING_ELSE]}
    seen = logged(changed(PLAIN, {"log": {"formatter": "json", "fields": fields}}))
    assert fields.items() <= seen.items()


@few
@given(st.dictionaries(header_names.map("x-{}".format), st.lists(header_values, min_size=1, max_size=3), max_size=50))
def test_headers(headers):
    config = changed(PLAIN, {"http.headers": headers})
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "runs", {"one": dump(config)}) as runs:
        answer = runs["one"].ask("GET", "/v2/")
    seen: dict[str, list[str]] = {}
    for name, value in answer.headers.items():
        seen.setdefault(name.lower(), []).append(value.encode("latin-1").decode())
    assert {name: seen[name] for name in headers} == headers


@needs_swift
@settings(max_examples=2, deadline=None)
@given(st.lists(header_values, max_size=5))
def test_swift_passwords(passwords):
    with tempfile.TemporaryDirectory() as folder, recording() as recorder:
        wanted = {
            f"u{number}:swift": word
            for number, word in enumerate([*passwords, *filter(None, LOOKS_LIKE_SOMETHING_ELSE)])
        }
        configs = {}
        for user, password in wanted.items():
            parameters = {"username": user, "password": password, "authversion": 1, "container": "registry"}
            parameters["authurl"] = f"{recorder.url}/auth/v1"
            storage = {"storage.inmemory": GONE, "storage.swift": parameters}
            configs[user.replace(":", "-")] = dump(changed(PLAIN, storage))
        with running(Path(folder) / "runs", configs):
            assert recorder.keys == wanted
