#!/usr/bin/env python3
"""tlsmedic request beside curl, against nginx on loopback.

usage: bench/request_bench.py [--build build/release] [--runs 15] [--many 200]

nginx serves a small and a large file over TLS 1.3 with HTTP/1.1 and HTTP/2. One request a process,
then many requests in one process (curl is given all URLs at once, with and without --parallel).
Commands take turns, so that a busy machine is busy for all; medians. Ends with status 1 when a
request of ours costs more than 1.1 times curl's wall time, or many cost more than curl's.
"""

import argparse
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

CONFIG = """
daemon off; master_process off; pid {d}/pid; error_log {d}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {d}; proxy_temp_path {d}; fastcgi_temp_path {d};
  uwsgi_temp_path {d}; scgi_temp_path {d}; sendfile on; keepalive_requests 100000;
  server {{
    listen 127.0.0.1:{port} ssl http2; server_name api.lab.test; root {d}/www;
    ssl_certificate {d}/chain.pem; ssl_certificate_key {d}/key.pem; ssl_protocols TLSv1.2 TLSv1.3;
  }}
}}
"""


def make_certificate(folder):
    run = lambda *words: subprocess.run(words, cwd=folder, check=True, capture_output=True)
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    run("openssl", "req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Bench CA")
    run("openssl", "req", *curve, "-keyout", "key.pem", "-out", "leaf.csr", "-subj", "/CN=api.lab.test")
    (folder / "ext").write_text("subjectAltName=DNS:api.lab.test\nextendedKeyUsage=serverAuth\n")
    run("openssl", "x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", "2", "-extfile", "ext", "-out", "leaf.pem")
    (folder / "chain.pem").write_text((folder / "leaf.pem").read_text())
    # As many roots as a system has: whoever reads them all pays for it.
    system = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
    roots = system.read_text() if system.exists() else ""
    (folder / "bundle.pem").write_text(roots + (folder / "ca.pem").read_text())


def wall(command):
    begin = time.monotonic()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command[:6])} ... ended with {done.returncode}")
    return time.monotonic() - begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--many", type=int, default=200)
    options = parser.parse_args()
    program = str(pathlib.Path(options.build).resolve() / "tlsmedic")
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    for tool in (program, nginx, "openssl", "curl"):
        if shutil.which(tool) is None:
            raise SystemExit(f"{tool} is missing")
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_certificate(folder)
        (folder / "www").mkdir()
        (folder / "www" / "small").write_bytes(b"x" * 200)
        (folder / "www" / "large").write_bytes(os.urandom(1 << 20) * 32)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "nginx.conf").write_text(CONFIG.format(d=folder, port=port))
        server = subprocess.Popen([nginx, "-p", name, "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            failed = compare(program, folder, port, options)
        finally:
            server.terminate()
            server.wait()
    return 1 if failed else 0


def compare(program, folder, port, options):
    base = f"https://api.lab.test:{port}"
    resolve = f"api.lab.test:{port}:127.0.0.1"
    bundle = str(folder / "bundle.pem")
    ours = [program, "request", "GET", "--ca", bundle, "--resolve", resolve, "--no-diagnosis", "--max-bytes", "100000000"]
    curl = ["curl", "-sS", "--cacert", bundle, "--resolve", resolve]
    many = [f"{base}/small"] * options.many
    rows = [
        ("one small, HTTP/1.1", 1.1, [*ours, "--http", "1.1", f"{base}/small"], [*curl, "--http1.1", f"{base}/small"]),
        ("one small, HTTP/2", 1.1, [*ours, f"{base}/small"], [*curl, "--http2", f"{base}/small"]),
        ("32 MiB, HTTP/1.1", 1.1, [*ours, "--http", "1.1", f"{base}/large"], [*curl, "--http1.1", f"{base}/large"]),
        ("32 MiB, HTTP/2", 1.1, [*ours, f"{base}/large"], [*curl, "--http2", f"{base}/large"]),
        (f"{options.many} small, HTTP/1.1", 1.0, [*ours, "--http", "1.1", *many], [*curl, "--http1.1", *many]),
        (f"{options.many} small, HTTP/2", 1.0, [*ours, *many], [*curl, "--http2", *many]),
        (f"{options.many} small, HTTP/2, parallel", 1.0, [*ours, *many],
         [*curl, "--http2", "--parallel", "--parallel-max", "100", *many]),
    ]
    failed = False
    print(f"{'':32} {'ours ms':>9} {'curl ms':>9} {'ratio':>6}  goal")
    for name, goal, mine, theirs in rows:
        times = {0: [], 1: []}
        wall(mine), wall(theirs)
        for _ in range(options.runs):
            for side, command in enumerate((mine, theirs)):
                times[side].append(wall(command))
        a, b = (statistics.median(times[side]) * 1000 for side in (0, 1))
        missed = a / b > goal
        failed = failed or missed
        print(f"{name:32} {a:9.1f} {b:9.1f} {a / b:6.2f}  {goal:.1f}{' MISSED' if missed else ''}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
