"""Every client of this machine under `tlsmedic run --with-trust`: the private root counts, nothing else does.

usage: with_trust.py PROGRAM
"""

import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clients import ask, clients
from lab import Lab

PROGRAM = sys.argv[1]
# Java needs a second to start, and git and wget have no variable or none in every build.
NOT_BY_VARIABLE = {"wget"}


def fingerprint(path):
    import subprocess

    text = subprocess.run([PROGRAM, "bundle", "inspect", "--json", path], capture_output=True, check=True).stdout
    import json

    return [anchor["fingerprint"] for anchor in json.loads(text)["trusted"]]


def main():
    failures = []
    with tempfile.TemporaryDirectory() as work, Lab(PROGRAM, ["expired-leaf", "wrong-host"]) as lab, Lab(
        PROGRAM, ["expired-leaf"]
    ) as stranger:
        environment = {"PATH": os.environ["PATH"], "HOME": work, "https_proxy": lab.proxy, "LANG": "C",
                       "HTTPS_PROXY": lab.proxy, "TMPDIR": work, "GIT_TERMINAL_PROMPT": "0"}
        away = dict(environment, https_proxy=stranger.proxy, HTTPS_PROXY=stranger.proxy)
        ca = lab.sites["expired-leaf.good"]["ca_file"]
        good = lab.sites["expired-leaf.good"]["url"]
        lend = [PROGRAM, "run", "--offline", "--with-trust"]
        for path in {lab.sites[site]["ca_file"] for site in lab.sites}:
            for one in fingerprint(path):
                lend += ["--add", path, "--sha256", one]
        lend.append("--")
        cells = 0
        for name, words in clients(work):
            if name in NOT_BY_VARIABLE:
                continue
            rows = [
                ("without it, the private root is refused", words, good, environment, "refused"),
                ("with it, the private root is trusted", lend + words, good, environment, "accepted"),
                ("an expired certificate", lend + words, lab.sites["expired-leaf"]["url"], environment, "refused"),
                ("a certificate for another host", lend + words, lab.sites["wrong-host"]["url"], environment, "refused"),
                ("a CA that nobody added", lend + words, stranger.sites["expired-leaf.good"]["url"], away, "refused"),
            ]
            for what, argv, url, env, expected in rows:
                verdict, said = ask(name, argv, url, env)
                cells += 1
                if verdict != expected:
                    failures.append(f"{name}: {what}: expected {expected}, it {verdict}:\n{said[-600:]}")
        left = [entry for entry in os.listdir(work) if entry.startswith("tlsmedic")]
        if left:
            failures.append(f"left behind: {left}")
    print(f"{cells} cells, {len(failures)} failed")
    for failure in failures:
        print(failure)
    return 1 if failures or cells == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
