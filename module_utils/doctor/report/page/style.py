# SPDX-License-Identifier: Apache-2.0
"""How the page looks: its style sheet, and the shapes that tell outcomes apart without colour.

Colours have a contrast of 4.5 to 1 at least against what they stand on, in both schemes (WCAG 2.2, 1.4.3), and what
has the focus has an outline of 3 to 1 (2.4.13).
"""

from __future__ import annotations

from string import Template

_LIGHT = """
  --page: #ffffff; --card: #f6f8fa; --line: #d0d7de; --text: #1f2328; --quiet: #57606a; --link: #0550ae;
  --fail: #a40e26; --warn: #7a4b00; --ok: #116329; --skip: #57606a;
  --fail-back: #fff0ee; --warn-back: #fff8dc; --ok-back: #e9f9ee; --skip-back: #f6f8fa;
"""
_DARK = """
  --page: #0d1117; --card: #161b22; --line: #3d444d; --text: #e6edf3; --quiet: #9da7b3; --link: #79b8ff;
  --fail: #ff9492; --warn: #e3b341; --ok: #6fdd8b; --skip: #9da7b3;
  --fail-back: #2d1517; --warn-back: #2a210c; --ok-back: #0f2417; --skip-back: #161b22;
"""

_SHEET = """
:root { color-scheme: light dark; $light }
@media (prefers-color-scheme: dark) { :root { $dark } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
header, main, footer { padding: 1.5rem max(1rem, calc(50% - 34rem)); overflow-wrap: anywhere; }
header { border-top: .5rem solid currentColor; border-bottom: 1px solid var(--line); }
header.ok { background: var(--ok-back); } header.warn { background: var(--warn-back); }
header.fail { background: var(--fail-back); }
header h1 { color: inherit; }
header .quiet { margin-top: .5rem; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; font-size: .9rem; }
h1 { font-size: 1.6rem; line-height: 1.3; margin: 0; text-wrap: pretty; }
h2 { font-size: 1.25rem; line-height: 1.35; margin: 0 0 .75rem; }
h3 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; }
nav, section { margin-top: 2.5rem; }
section.run { border-top: 1px solid var(--line); padding-top: 1.5rem; }
section.run:first-child { border: 0; padding: 0; }
main > :first-child { margin-top: 0; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .2rem; }
:target { scroll-margin-top: 1rem; outline: 2px solid var(--link); outline-offset: 4px; }
section:target { outline: none; }
.skip-link { position: absolute; left: -100rem; }
.skip-link:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--page); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.fail { color: var(--fail); } .warn { color: var(--warn); } .ok { color: var(--ok); }
.skip { color: var(--skip); } .quiet { color: var(--quiet); }
.mark { white-space: nowrap; font-weight: 600; }
svg.shape { width: 1em; height: 1em; vertical-align: -.12em; margin-right: .4em; fill: currentColor; }
.name { font-weight: 600; }
.count { font-weight: 400; color: var(--quiet); margin-left: .25em; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; }
dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .3rem 1rem; margin: .5rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; white-space: pre-wrap; }
ul { list-style: none; margin: 0; padding: 0; }
ul.probes { border: 1px solid var(--line); border-radius: .4rem; }
ul.probes > li + li { border-top: 1px solid var(--line); }
ul.legend { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin-bottom: .5rem; }
.row { display: grid; grid-template-columns: 6.5rem 1fr auto; gap: .25rem .75rem; align-items: baseline; }
li.probe > .row, summary { padding: .5rem .75rem; }
summary { cursor: pointer; }
li.probe summary { display: block; position: relative; list-style: none; }
li.probe summary::-webkit-details-marker { display: none; }
li.probe summary .time::after { content: " +"; color: var(--quiet); }
li.probe details[open] > summary .time::after { content: " \\2212"; }
summary:focus-visible { outline-offset: -3px; }
summary:hover { background: var(--card); }
.what { display: grid; grid-template-columns: 11.5rem 1fr; gap: 0 1rem; align-items: baseline; }
.what .why { grid-column: 2; }
.question { color: var(--quiet); font-weight: 400; font-size: .93em; }
.why { font-size: .93em; }
.time { color: var(--quiet); white-space: nowrap; }
.body { padding: 0 .75rem .75rem; }
.folded { border: 1px solid var(--line); border-radius: .4rem; margin-top: .75rem; }
.evidence > summary, .all > summary { padding-left: 0; color: var(--link); width: fit-content; }
.finding {
  border: 1px solid var(--line); border-left: .35rem solid currentColor; border-radius: .4rem;
  padding: .75rem 1rem .25rem; margin: .75rem 0;
}
.finding > :not(h4) { color: var(--text); }
.finding > p.quiet { color: var(--quiet); }
.finding h4 .name { color: var(--text); font-size: 1.1rem; margin-left: .5em; }
pre {
  margin: .5rem 0; padding: .6rem .75rem; background: var(--card); border: 1px solid var(--line); border-radius: .3rem;
  white-space: pre-wrap; line-height: 1.45;
}
pre.copy { user-select: all; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; overflow-wrap: normal; }
th, td { text-align: left; vertical-align: top; padding: .45rem .75rem; border-bottom: 1px solid var(--line); }
thead th { background: var(--card); font-weight: 600; vertical-align: bottom; min-width: 7rem; }
tbody:last-child tr:last-child > * { border-bottom: 0; }
tbody th { font-weight: 400; background: var(--page); min-width: 10rem; }
.matrix tbody th { min-width: 19rem; }
.matrix .body .wide { margin-top: .25rem; }
tr.group th { background: var(--card); font-weight: 600; }
tr.group span { position: sticky; left: .75rem; }
th[scope=row], thead tr:first-child th:first-child { position: sticky; left: 0; }
th .name { display: block; }
td.fail { background: var(--fail-back); } td.warn { background: var(--warn-back); }
td.ok { background: var(--ok-back); } td.skip { background: var(--skip-back); }
td a { color: inherit; }
a .mark { text-decoration: underline; }
.small { display: block; font-size: .9em; }
.date { white-space: nowrap; }
.part { display: inline-block; }
.numbers :is(td, th:not(:first-child)) { text-align: right; font-variant-numeric: tabular-nums; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2rem; }
figure { margin: .75rem 0; max-width: 36rem; }
figure svg { display: block; width: 100%; }
figcaption { color: var(--quiet); font-size: .9rem; }
svg text {
  fill: var(--text); font: 11px system-ui, sans-serif; paint-order: stroke; stroke: var(--page); stroke-width: 3px;
}
.bar { fill: var(--quiet); }
.axis { stroke: var(--text); }
.percentile { stroke: var(--text); stroke-dasharray: 3 3; }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .6rem; }
  .row { grid-template-columns: 1fr auto; }
  .row .what { grid-column: 1 / -1; grid-row: 2; display: block; }
  .what > span { display: block; }
  h1 { font-size: 1.35rem; }
  .matrix th .question { display: none; }
  tbody th, .matrix tbody th { min-width: 8rem; max-width: 10rem; overflow-wrap: anywhere; }
}
@media (forced-colors: active) {
  .bar { fill: CanvasText; }
  .percentile, .axis { stroke: CanvasText; }
  svg text { fill: CanvasText; stroke: Canvas; }
}
@media print {
  :root { color-scheme: light; $light }
  @page { margin: 1.5cm; }
  body { font-size: 10pt; }
  h1 { font-size: 16pt; }
  header { padding: .75rem; }
  main, footer { padding: 1rem 0; }
  nav, section { margin-top: 1.25rem; }
  .skip-link, .figures, li.probe summary .time::after, .finding > .evidence:has(.copy) { display: none; }
  .wide { overflow: visible; }
  dl, pre, li.probe, tr, figure { break-inside: avoid; }
  h2, h3, h4, .finding > p { break-after: avoid; }
  .finding > .evidence::details-content { content-visibility: visible; block-size: auto; }
  dd a[href^=http]::after { content: " <" attr(href) ">"; font-size: .85em; color: var(--quiet); }
  .mark, td { print-color-adjust: exact; }
}
"""
STYLE = Template(_SHEET).substitute(light=_LIGHT.strip(), dark=_DARK.strip())

# Drawn in a square of 16: a cross in an octagon, a bar in a triangle, a tick in a circle, an empty square.
SHAPES = {
    "fail": (
        "M5 0h6l5 5v6l-5 5H5l-5-5V5zM4 5.5 6.5 8 4 10.5 5.5 12 8 9.5l2.5 2.5L12 10.5 9.5 8 12 5.5 10.5 4 8 6.5 5.5 4z"
    ),
    "warn": "M8 0l8 15H0zM7 5v5h2V5zM7 11.5v2h2v-2z",
    "ok": "M8 0a8 8 0 1 0 .01 0zM6.8 12 3 8.2l1.4-1.4 2.4 2.4 4.8-4.8L13 5.8z",
    "skip": "M1 1h14v14H1zM3 3v10h10V3z",
}
