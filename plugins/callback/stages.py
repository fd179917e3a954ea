# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: stages
type: stdout
short_description: Show a run as stages, with a line for each role instead of several for each task
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Prints one line for each stage of a run, with the seconds that the stage took and how much it changed. With several
    hosts, the line says how many of them changed. A stage is a role of the play, under the name of the task that
    includes the role, or the tasks between two roles.
  - Failures, unreachable hosts, warnings, deprecations and diffs show in full, as the callback
    P(ansible.builtin.default#callback) shows them, below the name of their task. So does the recap at the end.
  - The text of a debug task shows as it is, without quotes and indentation, after the line of its stage.
  - While a task takes long, a line with the elapsed time shows that it is still running, as with
    P(rgwkit.ceph.heartbeat#callback).
  - With C(-v) or more, all lines of the default callback show, and no stages.
  - Ansible's own log (C(log_path)) gets all lines of the default callback in any case.
  - The output is the same without a terminal, where it has no colors.
  - With the strategies V(free) and V(host_pinned), the lines of a play's stages come together at the end of the play.
extends_documentation_fragment:
  - ansible.builtin.default_callback
  - ansible.builtin.result_format_callback
requirements:
  - set as stdout callback in the configuration (C(stdout_callback = rgwkit.ceph.stages))
options:
  interval:
    description: Seconds between two lines that show that a task is still running.
    type: int
    default: 10
    env: [{name: RGWKIT_HEARTBEAT_INTERVAL}]
    ini: [{section: callback_heartbeat, key: interval}]
"""

import atexit
import time
from typing import Any

from ansible import constants, context
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback.default import CallbackModule as DefaultCallback
from ansible.utils.fqcn import add_internal_fqcns
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.words import one_line
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.heartbeat import Heartbeat
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.screen import BOTH, LOG, SCREEN, Screen
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.stage import Stage, block_title, is_steering, role_title

CHECK_MODE = "Check mode: this run changes nothing. The stages tell what a real run would change."
CHECKED = "Check mode: nothing was changed."
# Hosts take the tasks at their own pace, so that several stages run at once.
FREE = frozenset(add_internal_fqcns(("free", "host_pinned")))
PAUSE = frozenset(add_internal_fqcns(("pause",)))


class CallbackModule(DefaultCallback):
    """Writes what the default callback writes to the log, what nobody may miss to the screen, and stages instead."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "rgwkit.ceph.stages"

    def __init__(self) -> None:
        super().__init__()
        self._everything = self._display.verbosity > 0
        self._display = self._screen = Screen(self._display, self._everything)
        self._heartbeat = Heartbeat(self._screen.say)
        # The stages that have not had their line yet, by title. With the usual strategy, there is only one.
        self._stages: dict[str, Stage] = {}
        self._current: Stage | None = None
        self._hosts: set[str] = set()
        self._headed: str | None = None
        self._told: set[str] = set()
        self._diffed: set[tuple[str, str]] = set()

    # The run, its plays and its tasks

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """Say whether the run is in check mode."""
        super().v2_playbook_on_start(playbook)
        self._heartbeat.start(self.get_option("interval"))
        if not self._everything:
            atexit.register(self._leave)
            if context.CLIARGS["check"]:
                self._screen.say(CHECK_MODE, constants.COLOR_WARN)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """End the stages of the play before."""
        self._end_stages()
        super().v2_playbook_on_play_start(play)

    def v2_playbook_on_no_hosts_matched(self) -> None:
        """Say that the play has no hosts."""
        super().v2_playbook_on_no_hosts_matched()
        if not self._everything:
            self._screen.say(
                f"{Stage(self._play.get_name()).heading()}{'-':>6}    no hosts matched", constants.COLOR_SKIP
            )

    def v2_playbook_on_no_hosts_remaining(self) -> None:
        """Say that all hosts have failed."""
        with self._screen.to(BOTH):
            super().v2_playbook_on_no_hosts_remaining()

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Begin the stage of the task, unless it runs already."""
        self._heartbeat.task(str(task).removeprefix("TASK: "))
        self._enter(task)
        super().v2_playbook_on_task_start(task, is_conditional)

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        """Count the handler with the stage that runs."""
        self._heartbeat.task(str(task).removeprefix("HANDLER: "))
        if self._current is None:
            self._enter(task)
        super().v2_playbook_on_handler_task_start(task)

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        """Count the host."""
        self._hosts.add(host.get_name())
        super().v2_runner_on_start(host, task)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """End the last stage, and show the recap."""
        self._heartbeat.end()
        self._end_stages()
        with self._screen.to(BOTH):
            super().v2_playbook_on_stats(stats)
        if not self._everything:
            if context.CLIARGS["check"]:
                self._screen.say(CHECKED, constants.COLOR_WARN)
            if constants.DEFAULT_LOG_PATH:
                self._screen.say(f"All lines of this run: {constants.DEFAULT_LOG_PATH}")

    # Results

    def v2_runner_on_ok(self, result: Any) -> None:
        """Count a change, and keep the text of a debug task."""
        self._count(result)
        looped = bool(result.task.loop and "results" in result.result)
        with self._screen.to(self._route_of(result, looped), before=self._heading(result)):
            super().v2_runner_on_ok(result)
        self._diffed.discard((result.host.get_name(), result.task._uuid))

    def v2_runner_item_on_ok(self, result: Any) -> None:
        """Keep the text of a debug task."""
        with self._screen.to(self._route_of(result), before=self._heading(result)):
            super().v2_runner_item_on_ok(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """Count the host."""
        self._count(result, skipped=True)
        super().v2_runner_on_skipped(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Show the failure in full."""
        stage = self._count(result)
        if ignore_errors:
            stage.ignored += 1
        else:
            stage.fail(result.host.get_name())
        with self._screen.to(BOTH, before=self._heading(result)):
            super().v2_runner_on_failed(result, ignore_errors)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        """Show the failure in full."""
        with self._screen.to(BOTH, before=self._heading(result)):
            super().v2_runner_item_on_failed(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Show the reason in full."""
        stage = self._count(result)
        if result.task.ignore_unreachable:
            stage.ignored += 1
        else:
            stage.unreachable.add(result.host.get_name())
        with self._screen.to(BOTH, before=self._heading(result)):
            super().v2_runner_on_unreachable(result)

    def v2_runner_on_async_failed(self, result: Any) -> None:
        """Show the failed job."""
        with self._screen.to(BOTH, before=self._heading(result)):
            super().v2_runner_on_async_failed(result)

    def v2_on_file_diff(self, result: Any) -> None:
        """Show the diff in full, and afterwards on which host it is."""

        def shown() -> None:
            self._diffed.add((result.host.get_name(), result.task._uuid))
            heading()

        heading = self._heading(result)
        with self._screen.to(BOTH, before=shown):
            super().v2_on_file_diff(result)

    # Called by the default callback

    def _print_task_banner(self, task: Any) -> None:
        super()._print_task_banner(task)
        if self._everything:
            self._headed = task._uuid

    def _handle_warnings_and_exception(self, result: Any) -> None:
        events = {repr(event) for event in (*result.warnings, *result.deprecations, result.exception) if event}
        # What Ansible has told before it does not repeat, and then the name of the task would stand there alone.
        before = self._heading(result) if events - self._told else None
        self._told |= events
        with self._screen.to(BOTH, before=before):
            super()._handle_warnings_and_exception(result)

    # Stages

    def _enter(self, task: Any) -> None:
        if self._everything:
            return
        stage = self._stage_of(task)
        steers = is_steering(task) and not role_title(task, self._play)
        is_new, stage.only_steering = stage.only_steering, stage.only_steering and steers
        if is_new and not steers and not self._is_free:
            self._screen.begin_title(stage.heading())
        if task.action in PAUSE:
            self._tell(stage)

    def _stage_of(self, task: Any) -> Stage:
        """The stage of a task. With the usual strategy, a new one ends the one before."""
        title = role_title(task, self._play)
        if not title:
            if self._current and is_steering(task):
                return self._current
            title = block_title(task) or self._play.get_name()
        if title not in self._stages:
            if not self._is_free:
                self._end_stages()
            self._stages[title] = Stage(title)
        self._current = self._stages[title]
        return self._current

    @property
    def _is_free(self) -> bool:
        return self._play.strategy in FREE

    @property
    def _names_hosts(self) -> bool:
        return len(self._hosts) > 1 or bool(self._play.serial)

    def _count(self, result: Any, skipped: bool = False) -> Stage:
        """Add a result to its stage."""
        stage = self._current if self._current and not self._is_free else self._stage_of(result.task)
        host = result.host.get_name()
        stage.hosts.add(host)
        stage.ended = time.monotonic() if self._is_free else 0.0
        if not skipped and not isinstance(result.task, TaskInclude):
            stage.did_something = True
        # A task that only looks what it would change (check_mode: true) has changed nothing.
        if result.is_changed() and (self._play.check_mode or result.task.check_mode is not True):
            stage.change(host)
        return stage

    def _end_stages(self, unfinished: bool = False) -> None:
        stages, self._stages, self._current = list(self._stages.values()), {}, None
        if self._everything:
            return
        for stage in stages:
            if stage.is_worth_a_line or unfinished:
                outcome = stage.outcome(bool(self._play.check_mode), self._names_hosts, unfinished)
                self._screen.finish_title(stage.heading(), outcome)
            self._tell(stage)

    def _leave(self) -> None:
        """The end of a process whose run did not come to its end: somebody stopped it, or Ansible gave up."""
        # Ansible has told why, perhaps behind an open title.
        self._screen.end_title()
        self._end_stages(unfinished=True)

    # What the screen gets besides the stages

    def _heading(self, result: Any) -> Any:
        """What comes before the lines of a task: what earlier tasks said, and the task's name, as by default."""

        def show() -> None:
            task = result.task
            for stage in self._stages.values():
                self._tell(stage)
            if self._last_task_banner != task._uuid:
                self._print_task_banner(task)
            if self._headed != task._uuid:
                self._headed = task._uuid
                with self._screen.to(SCREEN):
                    self._print_task_banner(task)

        return None if self._everything else show

    def _route_of(self, result: Any, looped: bool = False) -> str:
        """Where the line of a result belongs that is no failure."""
        if (result.host.get_name(), result.task._uuid) in self._diffed:
            return BOTH
        if looped or self._everything or result.task.action not in constants._ACTION_DEBUG:
            return LOG
        said = result.result.get("msg")
        lines = said.rstrip().splitlines() if isinstance(said, str) else said
        if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
            self._keep(result, [one_line(line) for line in lines])
            return LOG
        return LOG if "censored" in result.result else BOTH

    def _keep(self, result: Any, lines: list[str]) -> None:
        stage = self._stage_of(result.task)
        named = self._names_hosts and not result.task.run_once
        stage.messages.append((result.host.get_name() if named else "", lines))
        if self._is_free:
            self._tell(stage)

    def _tell(self, stage: Stage) -> None:
        """Show what the debug tasks of a stage said."""
        messages, stage.messages = stage.messages, []
        for host, lines in messages:
            several = len(lines) > 1
            if several:
                self._screen.say("")
            if host:
                lines = [f"{host}:", *lines] if several else [f"{host}: {line}" for line in lines]
            for number, line in enumerate(lines):
                self._screen.say(line, None if number else constants.COLOR_OK)
