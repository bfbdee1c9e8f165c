#!/usr/bin/env python3
"""Whole-process figures of tlsmedic beside what a person would pick instead.

usage: bench/diagnose_bench.py [--build build/release] [--runs 15]

Starts the lab with one good server on loopback and runs each command in turn, so that a machine
that is busy is busy for all of them. CPU is user and system time of the finished process (wait4),
wall is the time until it ended; medians. Instructions are counted by valgrind (callgrind) where it
is installed. Ends with status 1 when a goal is missed.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time


def run_once(command):
    """(cpu seconds, wall seconds, exit status) of one process."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begin
    return usage.ru_utime + usage.ru_stime, wall, process.returncode


def instructions(command):
    """User instructions of the whole process, or None where they cannot be counted."""
    if shutil.which("valgrind") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["valgrind", "--tool=callgrind",
                               f"--callgrind-out-file={folder}/out", *command],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    return int(found.group(1)) if found else None


def wait_for_lab(lab):
    text = ""
    while True:
        line = lab.stdout.readline()
        if not line:
            raise SystemExit("the lab did not start")
        text += line
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            continue


def measure(commands, runs):
    samples = {name: [] for name, _ in commands}
    for _ in range(runs + 1):
        for name, command in commands:
            cpu, wall, status = run_once(command)
            if status != 0:
                raise SystemExit(f"{name}: status {status}: {' '.join(command)}")
            samples[name].append((cpu, wall))
    return {name: (statistics.median(s[0] for s in rows[1:]), statistics.median(s[1] for s in rows[1:]))
            for name, rows in samples.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    build = pathlib.Path(options.build)
    program = str(build / "tlsmedic")
    first = str(build / "bench" / "first_handshake_bench")
    bundle = "/etc/ssl/certs/ca-certificates.crt"

    lab = subprocess.Popen([program, "lab", "serve", "expired-leaf", "--json"],
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        good = next(s for s in wait_for_lab(lab)["sites"] if s["twin"])
        with tempfile.TemporaryDirectory() as folder:
            # A store of the usual size: what the machine trusts, and the lab's root at its end.
            roots = pathlib.Path(folder) / "roots.pem"
            system = pathlib.Path(bundle)
            roots.write_text((system.read_text() if system.exists() else "")
                             + pathlib.Path(good["ca_file"]).read_text())
            return compare(program, first, good, str(roots), options.runs)
    finally:
        lab.send_signal(signal.SIGINT)
        lab.wait(10)


def compare(program, first, good, roots, runs):
    address = f"{good['addresses'][0]}:{good['port']}"
    diagnose = [program, "diagnose", good["url"], "--resolve", good["resolve"], "--roots", roots]
    one_handshake = [first, good["url"], good["resolve"], roots]
    commands = [("tlsmedic --version", [program, "--version"]),
                ("tlsmedic causes", [program, "causes"]),
                ("tlsmedic diagnose", diagnose),
                ("first verified handshake", one_handshake)]
    if shutil.which("curl"):
        commands.append(("curl -s", ["curl", "-s", "-o", "/dev/null", "--noproxy", "*", "--cacert", roots,
                                     "--resolve", good["resolve"], good["url"]]))
    if shutil.which("openssl"):
        commands.append(("openssl s_client -CAfile",
                         ["openssl", "s_client", "-connect", address, "-servername", good["host"],
                          "-CAfile", roots, "-verify_return_error"]))
    figures = measure(commands, runs)
    counted = {name: instructions(command) for name, command in commands
               if name in ("tlsmedic diagnose", "first verified handshake", "openssl s_client -CAfile")}
    print(f"{'command':<28} {'CPU ms':>8} {'wall ms':>8} {'M instructions':>15}")
    for name, (cpu, wall) in figures.items():
        count = counted.get(name)
        shown = f"{count / 1e6:.1f}" if count else ("untested" if name in counted else "")
        print(f"{name:<28} {cpu * 1e3:>8.1f} {wall * 1e3:>8.1f} {shown:>15}")
    return judge(figures, counted)


def judge(figures, counted):
    """Prints each goal with what was measured; 1 when one is missed."""
    missed = 0

    def goal(what, value, limit):
        nonlocal missed
        if value is None:
            print(f"untested  {what}")
            return
        missed += value > limit
        print(f"{'met' if value <= limit else 'MISSED':<8}  {what}: {value:.2f}, goal at most {limit}")

    def ratio(a, b, column):
        return figures[a][column] / figures[b][column] if b in figures and figures[b][column] else None

    goal("CPU of diagnose / CPU of curl", ratio("tlsmedic diagnose", "curl -s", 0), 3)
    goal("CPU ms of --version", figures["tlsmedic --version"][0] * 1e3, 10)
    goal("CPU ms of causes", figures["tlsmedic causes"][0] * 1e3, 10)
    goal("wall of the first verified handshake / wall of openssl s_client -CAfile",
         ratio("first verified handshake", "openssl s_client -CAfile", 1), 0.5)
    count = counted["first verified handshake"]
    goal("M instructions of the first verified handshake", count / 1e6 if count else None, 30)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
