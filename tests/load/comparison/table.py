# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""From figures to the table: medians, ratios, and the file of results."""

import os
import platform
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from .rows import Figure, Figures, Row

OURS = "godwitd"


@dataclass
class Results:
    """What was measured: for each row and server the figures of each run, or why there are none."""

    runs: dict[tuple[str, str], list[Figures]] = field(default_factory=dict)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)

    def median(self, row: Row, figure: Figure, server: str) -> float | None:
        values = [run[figure.key] for run in self.runs.get((row.key, server), []) if figure.key in run]
        return statistics.median(values) if values else None


def shown(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    size = abs(value)
    if value == int(value) and size < 100000 or size >= 100:
        text = f"{value:,.0f}"
    elif size >= 10:
        text = f"{value:.1f}"
    elif size >= 1:
        text = f"{value:.2f}"
    else:
        text = f"{value:.3f}"
    return f"{text} {unit}".strip() if unit != "/s" else f"{text}/s"


def ratio(figure: Figure, ours: float | None, theirs: float | None) -> str:
    """How many times better ours is; below 1 it is worse."""
    if figure.better == "none" or ours is None or theirs is None:
        return "–"
    good, bad = (ours, theirs) if figure.better == "high" else (theirs, ours)
    if good == bad:
        return "="
    return "∞" if bad == 0 else f"{good / bad:.3g}x"


def table(results: Results, rows: list[Row], servers: list[str]) -> list[list[str]]:
    peers = [server for server in servers if server != OURS]
    with_ratios = OURS in servers
    lines = [["figure"] + servers + [f"{OURS} vs {peer}" for peer in peers if with_ratios] + ["goal"]]
    for row in rows:
        for figure in row.figures:
            medians = {server: results.median(row, figure, server) for server in servers}
            cells = [
                "failed" if (row.key, server) in results.failures else shown(medians[server], figure.unit)
                for server in servers
            ]
            ratios = [ratio(figure, medians.get(OURS), medians[peer]) for peer in peers if with_ratios]
            lines.append([figure.label] + cells + ratios + [figure.goal])
    return lines


def as_text(lines: list[list[str]]) -> str:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def as_markdown(lines: list[list[str]]) -> str:
    rule = ["---"] + ["---:"] * (len(lines[0]) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [lines[0], rule] + lines[1:])


def sync_milliseconds() -> float:
    """Median time of one fdatasync of a small append, where the servers keep their data."""
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(200):
            file.write(b"x" * 512)
            file.flush()
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def machine() -> list[str]:
    """What has to be known of the machine to compare figures with those of another one."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "unknown system")
    kernel = ".".join(platform.release().split(".")[:2])
    return [
        f"processor: {os.cpu_count()} x {model}; servers and generator share them",
        f"memory: {memory:.0f} GiB; kernel {kernel}; {system}",
        f"fdatasync of a small append: {sync_milliseconds():.2f} ms (median)",
    ]


def document(results: Results, rows: list[Row], servers: list[str], facts: list[str], command: str) -> str:
    parts = [
        "# Figures",
        "",
        f"Made by `{command}` on {time.strftime('%Y-%m-%d', time.gmtime())}; do not edit. README.md says what is",
        "measured and how. Each figure is the median of the runs; a ratio above 1 is in favour of godwitd.",
        "",
        *[f"- {fact}" for fact in facts],
        "",
        as_markdown(table(results, rows, servers)),
        "",
    ]
    if results.failures:
        parts += ["Rows that failed:", ""]
        parts += [f"- {row}, {server}: {reason}" for (row, server), reason in results.failures.items()]
        parts.append("")
    return "\n".join(parts)
