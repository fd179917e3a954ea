# SPDX-License-Identifier: Apache-2.0
"""A small site with plays of every kind, and real runs of it with the stdout callback `stages` or the default one."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.playbooks import PROJECT

STAGES = "rgwkit.ceph.stages"
TIMEOUT = 600
HOSTS = f"""
[all:vars]
ansible_connection=local
ansible_python_interpreter={sys.executable}
[near]
h1
h2
[away]
w1 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1
"""
WARNS = """
from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule({"text": {"type": "str"}})
module.warn(module.params["text"])
module.deprecate("old " + module.params["text"], version="9.9", collection_name="some.one")
module.exit_json(changed=False)
"""
FILES = {
    "hosts": HOSTS,
    "library/warns.py": WARNS,
    "roles/outer/tasks/main.yml": """
- name: Write a file
  ansible.builtin.copy:
    content: "one of {{ inventory_hostname }}\\n"
    dest: "{{ playbook_dir }}/{{ inventory_hostname }}.txt"
  when: inventory_hostname == 'h1'
- name: Look what would change
  ansible.builtin.copy: {content: other, dest: "{{ playbook_dir }}/{{ inventory_hostname }}.looked"}
  check_mode: true
  diff: false
- name: Include another role
  ansible.builtin.include_role: {name: inner}
""",
    "roles/inner/tasks/main.yml": """
- name: Say a sentence
  ansible.builtin.debug: {msg: "said by {{ inventory_hostname }}"}
- name: Say lines
  ansible.builtin.debug: {msg: ["All is well.", "", "  copy this \\e[31m", "and this"]}
  run_once: true
- name: Say no secret
  ansible.builtin.debug: {msg: hunter2}
  no_log: true
""",
    "tour.yml": """
- name: Check the inventory
  hosts: near
  gather_facts: false
  tasks:
    - name: Check a variable
      ansible.builtin.assert: {that: true, quiet: true}
- name: Tour
  hosts: near
  gather_facts: false
  tasks:
    - name: Work under a lock
      block:
        - name: Set up the outer role
          ansible.builtin.import_role: {name: outer}
        - name: Set up the inner role
          ansible.builtin.include_role: {name: inner}
        - name: Note something
          ansible.builtin.set_fact: {noted: true}
        - name: Leave out a role
          ansible.builtin.include_role: {name: inner}
          when: false
        - name: Warn
          warns: {text: beware of the dog}
        - name: Warn of the same
          warns: {text: beware of the dog}
        - name: Show a variable
          ansible.builtin.debug: {var: noted}
          run_once: true
        - name: Say a sentence before the failure
          ansible.builtin.debug: {msg: soon it breaks}
          run_once: true
        - name: Break and mend
          block:
            - name: Break
              ansible.builtin.command: sh -c 'echo broken; exit 3'
              when: inventory_hostname == 'h1'
              register: broken
              retries: 1
              delay: 0
              until: broken is success
          rescue:
            - name: Mend
              ansible.builtin.debug: {msg: mended}
        - name: Fail for some items
          ansible.builtin.assert: {that: item < 2}
          loop: [1, 2]
          ignore_errors: true
- name: Role of the play
  hosts: near
  gather_facts: false
  roles: [inner]
- name: Play without hosts
  hosts: near:!near
  tasks: []
""",
    "serial.yml": """
- name: Each in turn
  hosts: h1:h2
  gather_facts: false
  serial: 1
  tasks:
    - name: Work
      ansible.builtin.command: echo work
      notify: Handle the change
  handlers:
    - name: Handle the change
      ansible.builtin.command: echo handled
- name: Each at its pace
  hosts: h1:h2
  gather_facts: false
  strategy: free
  roles: [outer, inner]
- name: Far away
  hosts: away
  gather_facts: false
  tasks:
    - name: Reach the host
      ansible.builtin.raw: echo never
""",
    "long.yml": """
- name: Long
  hosts: h1
  gather_facts: false
  tasks:
    - name: Begin
      ansible.builtin.command: echo begun
    - name: Take long
      ansible.builtin.wait_for: {timeout: "{{ seconds }}"}
""",
}


def without_times(line: str) -> str:
    """The line without the time at which a command ran and how long it took."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:[\d.]+|\d+:\d\d:\d\d\.\d+", "TIME", line)


class Site:
    """A folder with playbooks, hosts and roles."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def command(self, playbook: str, *options: str) -> list[str]:
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        return [program, "-i", "hosts", f"{playbook}.yml", *options]

    def environment(self, callback: str, **more: str) -> dict[str, str]:
        # Unbuffered, Python would write in order whatever the callback does.
        unwanted = ("ANSIBLE_", "PYTHONUNBUFFERED")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        given = {
            "ANSIBLE_CONFIG": str(self.folder / "none.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(PROJECT / ".collections"),
            "ANSIBLE_STDOUT_CALLBACK": callback,
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
            "ANSIBLE_NOCOWS": "1",
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_DEPRECATION_WARNINGS": "1",
            "ANSIBLE_LOG_PATH": str(self.folder / "run.log"),
        }
        return {**kept, "TERM": "xterm", **given, **more}

    def run(self, playbook: str, *options: str, callback: str = STAGES, **more: str) -> tuple[int, str]:
        """The code and all that shows, in the order in which it shows, without a terminal."""
        done = subprocess.run(
            self.command(playbook, *options),
            cwd=self.folder,
            env=self.environment(callback, **more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT,
        )
        return done.returncode, done.stdout

    def log(self) -> list[str]:
        """The lines of Ansible's log, less what differs from run to run."""
        prefix = r"^\d{4}-\d\d-\d\d [\d:,]+ p=\d+ u=\S+ n=ansible [A-Z]+\| "
        lines = (self.folder / "run.log").read_text(encoding="utf-8").replace(str(self.folder), "SITE").splitlines()
        return [without_times(re.sub(prefix, "", line)).rstrip() for line in lines]

    def on_a_terminal(self, playbook: str, *options: str, interrupt: bool = False, **more: str) -> str:
        """What a terminal gets; with an interrupt, as by Ctrl-C, during the second task."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            self.command(playbook, *options),
            cwd=self.folder,
            env=self.environment(STAGES, **more),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        log = self.folder / "run.log"
        said, deadline = b"", time.monotonic() + TIMEOUT
        with suppress(OSError):  # the end of a terminal
            while time.monotonic() < deadline:
                if select.select([ours], [], [], 0.2)[0]:
                    said += os.read(ours, 65536)
                if interrupt and log.exists() and "TASK [Take long]" in log.read_text():
                    os.killpg(process.pid, signal.SIGINT)
                    interrupt = False
        process.kill()
        process.wait()
        os.close(ours)
        return said.decode()
