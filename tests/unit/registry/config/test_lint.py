# SPDX-License-Identifier: Apache-2.0
"""The lint command, and what reading the file shows of itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint

from commands.registry_lint.__main__ import main
from module_utils.registry.config import yaml as config_yaml
from tests.playbooks import PROJECT

RIGHT = """
version: 0.1
storage: {inmemory: , redirect: {disable: true}}
http: {addr: ":5000", secret: hunter2}
"""


CONFIGS = Path(__file__).with_name("configs")
DOCUMENT = PROJECT / "docs" / "registry-config.md"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "config.yml"


def test_it_runs_from_a_clone_without_ansible(file):
    file.write_text(RIGHT + "health: {storagedriver: {interval: 10}}\n")
    clone = PROJECT
    command = [sys.executable, "-m", "commands.registry_lint", str(file)]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == (
        f"{file}: 1 error (registry 2.8)\n"
        "  error    health.storagedriver.interval: a number without a unit\n"
        f"           at      {file}:5:26\n"
        "           effect  the registry takes it as nanoseconds\n"
        "           remedy  write a quoted number with its unit, such as 10s or 24h (ns, us, ms, s, m, h)\n"
    )


@pytest.mark.parametrize(
    ("more", "arguments", "code"),
    [
        ("", [], 0),
        ("loglevel: info\n", [], 0),
        ("loglevel: info\n", ["--strict"], 1),
        ("tags: {maxtags: 5}\n", [], 1),
        ("tags: {maxtags: 5}\n", ["--registry-version", "3.1"], 0),
        ("auth: {htpasswd: {realm: r, path: /nonexistent}}\n", [], 0),
        ("auth: {htpasswd: {realm: r, path: /nonexistent}}\n", ["--files"], 1),
    ],
)
def test_the_exit_code_says_whether_there_are_errors(file, capsys, more, arguments, code):
    file.write_text(RIGHT + more)
    assert main([str(file), *arguments]) == code
    assert "hunter2" not in capsys.readouterr().out


def test_the_environment_overrules_the_file(file, tmp_path, capsys):
    file.write_text(RIGHT)
    environment = tmp_path / "environment"
    environment.write_text(
        "# a comment\nPATH=/bin\nREGISTRY_STORAGE_DELETE_ENABLED=true\nREGISTRY_HTTP_SECRET=hunter2\n"
    )
    assert main([str(file), "--env", str(environment)]) == 0
    environment.write_text('REGISTRY_STORAGE_DELETE_ENABLED="true"\nREGISTRY_HTTP_SECRET=hunter2\n')
    assert main([str(file), "--env", str(environment)]) == 1
    output = capsys.readouterr().out
    assert "storage.delete.enabled" in output and "hunter2" not in output


def test_of_several_files_the_worst_counts(file, capsys):
    file.write_text(RIGHT)
    assert main([str(file), "/nonexistent"]) == 2
    output = capsys.readouterr()
    assert "no findings" in output.out and "/nonexistent: cannot be read" in output.err


def test_without_pyyaml_it_says_what_to_install(file, capsys, monkeypatch):
    file.write_text(RIGHT)
    monkeypatch.setattr(config_yaml, "HAS_YAML", False)
    assert main([str(file)]) == 2
    assert "python3-yaml" in capsys.readouterr().err


def said_of(config: Path) -> str:
    """The findings in a file, as the documentation has them; its first line names the registry's version."""
    text = config.read_text()
    version = re.match(r"# Registry (\d\.\d)", text)[1]
    findings = [f"  {found.severity:7}  {found.place}: {found.what}" for found in lint(text, version)]
    return "\n".join([f"{config.name} (registry {version})", *findings])


def test_the_documentation_has_the_findings_in_ten_files_of_others():
    configs = sorted(CONFIGS.iterdir())
    assert len(configs) == 10
    assert "\n\n".join(map(said_of, configs)) in DOCUMENT.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "password: *hunter2\n",
        'password: "\\qhunter2\n',
        "password: hunter2: x\n",
        "http: {password: one, hunter2}\n",
        "password: [hunter2\n",
        "password: !hunter2 x\n",
        "hunter2\x00",
    ],
)
def test_what_is_no_yaml_is_not_quoted(text):
    findings = lint(RIGHT.replace("http: ", "https: ") + text, "2.8")
    assert findings and "hunter2" not in str(findings)
