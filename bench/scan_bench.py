#!/usr/bin/env python3
"""What a scan costs, beside other probers, against nginx with many virtual hosts.

usage: bench/scan_bench.py [--build build/bench] [--vhosts 2000] [--rounds 5] [--in-flight 64] [--gate]

One nginx worker on the second processor, probers on the first, one after the other in every round, so
that a busy machine is busy for all. CPU is user and system time of the finished process (wait4) per
endpoint, its start included. Every prober must verify every endpoint. --gate counts instructions only
(valgrind), at two sizes, so that start-up falls out. Ends with status 1 when a goal is missed, 77 where
nginx (or, with --gate, valgrind) is not installed.
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
GATE = 2.7e6 * 1.03  # user instructions of an authenticated endpoint, with 3 % tolerance


def pinned(processor, command):
    several = len(os.sched_getaffinity(0)) > 1 and shutil.which("taskset")
    return ["taskset", "-c", str(processor), *command] if several else list(command)


def cpu_of(command, output):
    with open(output, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


class Nginx:
    def __init__(self, directory, port):
        self.port = port
        vhosts = (directory / "vhosts.conf").read_text().replace("PORT", str(port))
        (directory / "vhosts.conf").write_text(vhosts)
        (directory / "nginx.conf").write_text(
            f"""daemon off; worker_processes 1; pid {directory}/nginx.pid; error_log {directory}/error.log crit;
worker_rlimit_nofile 65536;
events {{ worker_connections 32768; }}
http {{ access_log off; server_names_hash_max_size 32768; server_names_hash_bucket_size 128;
ssl_protocols TLSv1.2 TLSv1.3; ssl_session_tickets off; ssl_session_cache off;
include {directory}/vhosts.conf; }}
"""
        )
        self.process = subprocess.Popen(
            pinned(1, ["nginx", "-c", str(directory / "nginx.conf"), "-p", str(directory)]),
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError("nginx does not answer")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def scan_command(options, directory, targets, in_flight, *more):
    return [
        str(options.build / "tlsmedic"), "scan", "--targets", str(targets), "--roots", str(directory / "roots.pem"),
        "--rate", "0", "--per-host", "0", "--per-net", "0", "--loops", "1", "--diagnose", "none", "--retries", "0",
        "--max-in-flight", str(in_flight), "--json", *more,
    ]


def passed(path):
    count = 0
    for line in path.read_bytes().splitlines():
        count += b'"verdict":"pass"' in line and b'"version":"1.3"' in line or b'"verified":true' in line
    return count


def instructions(command):
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={scratch}/out", *command],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=600,
        )
        return int(re.search(r"Collected : (\d+)", done.stderr.decode()).group(1))


def gate(options, directory, lines):
    counts = []
    for size in (50, 150):
        targets = directory / f"targets-{size}.txt"
        targets.write_text("".join(lines[:size]))
        counts.append(instructions(scan_command(options, directory, targets, 64)))
    each = (counts[1] - counts[0]) / 100
    print(f"authenticated endpoint: {each / 1e6:.2f} M user instructions (at most {GATE / 1e6:.2f} M)")
    cpu_of(scan_command(options, directory, directory / "targets-150.txt", 64), directory / "output")
    verified = passed(directory / "output")
    if verified != 150:
        print(f"only {verified} of 150 endpoints pass")
    return each <= GATE and verified == 150


def measure(options, directory, lines):
    targets = directory / "targets.txt"
    targets.write_text("".join(lines))
    roots, n, at_once = str(directory / "roots.pem"), len(lines), str(options.in_flight)
    probers = {
        "tlsmedic scan": scan_command(options, directory, targets, options.in_flight),
        "tlsmedic scan --depth cert": scan_command(options, directory, targets, options.in_flight, "--depth", "cert"),
        "tlsmedic scan, 2,000 in flight": scan_command(options, directory, targets, 2000),
        "libssl, shared context": [str(options.build / "bench" / "libssl_prober"), roots, str(targets), at_once],
    }
    go = directory / "go_prober"
    if shutil.which("go"):
        subprocess.run(["go", "build", "-o", str(go), "main.go"], cwd=SOURCE / "bench" / "go_prober", check=True)
        probers["Go crypto/tls"] = [str(go), roots, str(targets), "300"]
    if shutil.which("curl"):
        probers["curl --parallel"] = curl_command(directory, lines[:200])
    sizes = {"curl --parallel": min(200, n)}
    taken = {name: [] for name in probers}
    whole = True
    for _ in range(options.rounds):
        for name, command in probers.items():
            output = directory / "output"
            cpu = cpu_of(pinned(0, command), output)
            count = sizes.get(name, n)
            if name != "curl --parallel" and passed(output) != count:
                print(f"{name}: {passed(output)} of {count} verified")
                whole = False
            taken[name].append(1e6 * cpu / count)
    ours = statistics.median(taken["tlsmedic scan"])
    cert = statistics.median(taken["tlsmedic scan --depth cert"])
    print(f"{n} endpoints, {options.rounds} rounds, load {os.getloadavg()[0]:.1f}")
    print("| prober | µs of CPU an endpoint, min / median / max | beside tlsmedic scan |")
    print("|---|---|---|")
    for name, values in taken.items():
        middle = statistics.median(values)
        print(f"| {name} | {min(values):.0f} / {middle:.0f} / {max(values):.0f} | {middle / ours:.2f} |")
    goals = [("tlsmedic scan, 2,000 in flight", lambda m: m <= 1.2 * ours, "flat CPU to 2,000 in flight"),
             ("libssl, shared context", lambda m: ours <= 0.30 * m, "0.30 of libssl"),
             ("libssl, shared context", lambda m: cert <= 0.15 * m, "certificates only: 0.15 of libssl"),
             ("Go crypto/tls", lambda m: ours <= 0.50 * m, "half of Go"),
             ("curl --parallel", lambda m: ours * 80 <= m, "an eightieth of curl")]
    met = whole
    for name, fits, words in goals:
        if name in taken:
            fine = fits(statistics.median(taken[name]))
            print(f"{'met' if fine else 'MISSED'}: {words}")
            met = met and fine
    return met


def curl_command(directory, lines):
    config = ["parallel", "parallel-max = 64", f'cacert = "{directory}/roots.pem"', "silent"]
    for line in lines:
        name, address, port = re.match(r"([^@]*)@([^:]*):(\d+)", line).groups()
        config += [f'url = "https://{name}:{port}/"', f'resolve = "{name}:{port}:{address}"', 'output = "/dev/null"']
    (directory / "curl.conf").write_text("\n".join(config) + "\n")
    return ["curl", "-K", str(directory / "curl.conf")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=SOURCE / "build" / "bench")
    parser.add_argument("--vhosts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--gate", action="store_true")
    options = parser.parse_args()
    options.build = options.build.resolve()
    for program in ["nginx"] + (["valgrind"] if options.gate else []):
        if shutil.which(program) is None:
            print(f"Skipped\n{program} is not installed")
            return 77
    with tempfile.TemporaryDirectory(prefix="scan-bench-") as scratch:
        directory = pathlib.Path(scratch)
        vhosts = 150 if options.gate else options.vhosts
        subprocess.run([str(options.build / "bench" / "scan_fixture"), scratch, str(vhosts)], check=True)
        nginx = Nginx(directory, free_port())
        try:
            names = (directory / "hosts.txt").read_text().split()
            lines = [f"{name}@127.0.0.{1 + i % 64}:{nginx.port}\n" for i, name in enumerate(names)]
            return 0 if (gate if options.gate else measure)(options, directory, lines) else 1
        finally:
            nginx.stop()


sys.exit(main())
