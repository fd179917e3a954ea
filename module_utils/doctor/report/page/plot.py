# SPDX-License-Identifier: Apache-2.0
"""A latency distribution as an inline SVG: a bar for each step of the histogram, a line for each percentile."""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, NamedTuple
from xml.etree.ElementTree import Element

from ..markup import element
from ..numbers import count, milliseconds
from ..text import percentiles

# Units of the drawing, about a CSS pixel on a phone; a wide screen shows it larger.
WIDTH, HEIGHT = 360, 146
LEFT, RIGHT, TOP, BOTTOM = 80, 356, 44, 130
SMALLEST_BAR = 2.0
LABELS = 4
LABEL_WIDTH = 76
GAP = 3
# From the top down. A label stands at the left of its line, where no line comes by from above: those are further right.
LINES = (("p99", "p99_ms"), ("p95", "p95_ms"), ("p50", "p50_ms"))
# Fewer bars show nothing that the words do not.
FEWEST_BARS = 3


class Step(NamedTuple):
    """How many answers took more than `lower` and at most `upper` milliseconds."""

    lower: float
    upper: float
    answers: int


def latency_figure(title: str, latency: Mapping[str, Any]) -> Element:
    """The distribution with its figures in words; where a drawing would show no more, the words alone."""
    told = f"{title}: {percentiles(latency)}, of {count(latency['count'], 'answer')}"
    steps = _steps(latency)
    drawn = sum(1 for step in steps if step.answers) >= FEWEST_BARS
    return element("figure", {}, _plot(told, steps, latency) if drawn else None, element("figcaption", {}, told))


def _steps(latency: Mapping[str, Any]) -> List[Step]:
    """The histogram's steps from the first to the last that is not empty; an open end ends with the longest answer."""
    steps, lower = [], 0.0
    for upper, answers in latency.get("histogram") or []:
        end = max(latency["max_ms"], lower) if upper is None else upper
        steps.append(Step(lower, end, answers))
        lower = end
    filled = [index for index, step in enumerate(steps) if step.answers]
    return steps[filled[0] : filled[-1] + 1] if filled else []


def _plot(told: str, steps: List[Step], latency: Mapping[str, Any]) -> Element:
    attributes = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "aria-label": told}
    axis = element("path", {"class": "axis", "d": f"M{LEFT} {BOTTOM}H{RIGHT}"})
    most = max(step.answers for step in steps)
    height = _text(f"{LEFT - GAP:.1f}", TOP + 9, "end", f"{most:,}")
    return element("svg", attributes, *_bars(steps, most), axis, height, *_axis_labels(steps), *_lines(steps, latency))


def _bars(steps: List[Step], most: int) -> Iterator[Element]:
    for index, step in enumerate(steps):
        if step.answers:
            height = max(SMALLEST_BAR, (BOTTOM - TOP) * step.answers / most)
            place = {"x": _x(index, steps), "y": f"{BOTTOM - height:.1f}"}
            size = {"width": f"{_step_width(steps) * 0.9:.1f}", "height": f"{height:.1f}"}
            about = f"{milliseconds(step.lower)} to {milliseconds(step.upper)}: {step.answers:,}"
            yield element("rect", {"class": "bar", **place, **size}, element("title", {}, about))


def _axis_labels(steps: List[Step]) -> Iterator[Element]:
    """The bounds of some steps; the steps stand side by side, however much time each spans."""
    yield _text(str(RIGHT), BOTTOM + 13, "end", milliseconds(steps[-1].upper))
    every = max(1, -(-len(steps) // LABELS))
    for index in range(0, len(steps), every):
        if float(_x(index, steps)) < RIGHT - LABEL_WIDTH:
            yield _text(_x(index, steps), BOTTOM + 13, "start", milliseconds(steps[index].lower))


def _lines(steps: List[Step], latency: Mapping[str, Any]) -> Iterator[Element]:
    """The lines, then their labels: what comes later is drawn over what came before."""
    labels = []
    for row, (name, key) in enumerate(LINES):
        x = _x(_position(latency[key], steps), steps)
        label_y = 10 + 13 * row
        yield element("path", {"class": "percentile", "d": f"M{x} {label_y - 8}V{BOTTOM}"})
        labels.append(_text(f"{float(x) - GAP:.1f}", label_y, "end", f"{name} {milliseconds(latency[key])}"))
    yield from labels


def _position(milliseconds: float, steps: List[Step]) -> float:
    """Where on the axis a time lies, in steps from its start."""
    for index, step in enumerate(steps):
        if milliseconds <= step.upper:
            span = step.upper - step.lower
            return index + (max(0.0, milliseconds - step.lower) / span if span else 1.0)
    return float(len(steps))


def _step_width(steps: List[Step]) -> float:
    return (RIGHT - LEFT) / len(steps)


def _x(position: float, steps: List[Step]) -> str:
    return f"{LEFT + position * _step_width(steps):.1f}"


def _text(x: str, y: float, anchor: str, text: str) -> Element:
    return element("text", {"x": x, "y": y, "text-anchor": anchor}, text)
