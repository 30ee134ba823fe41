"""Measurements -> TSV and Markdown."""

import csv
from statistics import median

FIELDS = ["graph", "kernel", "threads", "peer", "version", "seconds", "min", "first", "runs", "mb", "ratio"]
FIELDS += ["others", "check", "differs_from", "failure", "note"]
# Above this share of a core used by other processes a figure is marked: measure again on a quiet machine.
NOISY = 0.2
# Below so many seconds in all, the kernel's clock ticks (10 ms) do not tell that share.
TOO_SHORT = 0.2


class Measurement:
    """All runs of a peer's kernel on a graph with a number of threads, or the reason why there are none."""

    def __init__(self):
        self.seconds, self.mb, self.others, self.check, self.failure = [], 0.0, 0.0, None, None

    def add(self, seconds, mb, others, check=None, **_):
        """Adds the runs of one process."""
        self.seconds += seconds
        self.others += others
        self.mb = max(self.mb, mb)
        self.check = check if self.check is None else self.check

    def row(self, reference):
        """The part of FIELDS that is measured: `seconds` is the median of the runs, `ratio` that median over the one of
        `reference`, `others` the share of a core that other processes used meanwhile."""
        row = {"failure": self.failure} if self.failure else {}
        if not self.seconds:
            return row
        row |= {"seconds": f"{median(self.seconds):.4g}", "min": f"{min(self.seconds):.4g}"}
        row |= {"first": f"{self.seconds[0]:.4g}", "runs": len(self.seconds), "mb": f"{self.mb:.0f}"}
        if (total := sum(self.seconds)) > TOO_SHORT:
            row["others"] = f"{max(0.0, self.others) / total:.2f}"
        if self.check is not None:
            row["check"] = self.check
        if reference.seconds and reference is not self:
            row["ratio"] = f"{median(self.seconds) / median(reference.seconds):.3g}"
            if None not in (self.check, reference.check) and self.check != reference.check:
                row["differs_from"] = reference.check
        return row


def rows(measurements, versions, notes, reference):
    """One dictionary of FIELDS for each measurement that there is; ratios are to the peer `reference`."""
    for (graph, kernel, threads, peer), measured in measurements.items():
        row = {"graph": graph, "kernel": kernel, "threads": threads, "peer": peer, "version": versions.get(peer, "")}
        if figures := measured.row(measurements[graph, kernel, threads, reference]):
            yield row | figures | {"note": notes.get(peer, {}).get(kernel, "")}


def write_tsv(path, lines):
    """Writes the rows with a head line."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, delimiter="\t", restval="")
        writer.writeheader()
        writer.writerows(lines)


def markdown(lines, peers):
    """A table of kernel x peer for every graph and number of threads, and the remarks below."""
    groups = {}
    for row in lines:
        groups.setdefault((row["graph"], row["threads"]), {}).setdefault(row["kernel"], {})[row["peer"]] = row
    text = []
    for (graph, threads), kernels in groups.items():
        text += [f"### {graph}, {threads} thread{'s' * (threads > 1)}", ""]
        text += ["| kernel | " + " | ".join(peers) + " |", "|---" * (len(peers) + 1) + "|"]
        for kernel, cells in kernels.items():
            text.append(f"| {kernel} | " + " | ".join(map(_cell, map(cells.get, peers))) + " |")
        text.append("")
    text.append(
        f"A cell: median seconds; megabytes by which the peak of resident memory grew; time over that of {peers[0]}. "
        f"~: other processes used more than {NOISY:.0%} of a core meanwhile. "
        f"!: the result differs from that of {peers[0]}."
    )
    return "\n".join([*text, "", *dict.fromkeys(_remarks(lines))])


def _cell(row):
    if row is None:
        return "-"
    if "seconds" not in row:
        return row["failure"] if row["failure"].startswith("over") else "failed"
    marks = "~" * (float(row.get("others", 0)) > NOISY) + "!" * ("differs_from" in row)
    ratio = f"; {row['ratio']}x" if "ratio" in row else ""
    return f"{row['seconds']} s{marks}; {row['mb']} MB{ratio}"


def _remarks(lines):
    for row in lines:
        if row["note"]:
            yield f"- {row['peer']}, {row['kernel']}: {row['note']}"
        if "differs_from" in row:
            yield f"- {row['peer']}, {row['kernel']} on {row['graph']}: {row['check']}, not {row['differs_from']}"
        if "failure" in row and _cell(row) == "failed":
            yield f"- {row['peer']}, {row['kernel']}: {row['failure']}"
