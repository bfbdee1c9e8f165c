#!/usr/bin/env python3
"""CPU of `tlsmedic inventory` on this machine, as a whole process, beside the start of the program.

usage: bench/inventory_bench.py [--build build/release] [--runs 9]

How much there is to look at is this machine's own, so it is counted and printed with the figure.
Ends with status 1 when the goal is missed.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

from diagnose_bench import run_once

GOAL_S = 0.300


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    program = str(pathlib.Path(options.build) / "tlsmedic")
    found = json.loads(subprocess.run([program, "inventory", "--json"], capture_output=True,
                                      text=True, check=False).stdout)
    commands = {"tlsmedic --version": [program, "--version"],
                "tlsmedic inventory": [program, "inventory"]}
    samples = {name: [] for name in commands}
    for _ in range(options.runs + 1):
        for name, command in commands.items():
            cpu, wall, status = run_once(command)
            if status not in (0, 1):
                raise SystemExit(f"{name}: status {status}")
            samples[name].append((cpu, wall))
    print(f"{len(found['clients'])} clients, {len(found['stores'])} stores")
    print(f"{'command':<28} {'CPU ms':>8} {'wall ms':>8}")
    median = {}
    for name, rows in samples.items():
        median[name] = statistics.median(row[0] for row in rows[1:])
        wall = statistics.median(row[1] for row in rows[1:])
        print(f"{name:<28} {median[name] * 1e3:>8.1f} {wall * 1e3:>8.1f}")
    met = median["tlsmedic inventory"] <= GOAL_S
    print(f"{'met' if met else 'MISSED'}: inventory, goal at most {GOAL_S * 1e3:.0f} ms of CPU")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
