"""A person runs curl, it fails, `run --fix` cures it and runs it again; undo leaves the home as it was.

usage: run_fix.py PROGRAM
"""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Lab
from picture import picture

PROGRAM = sys.argv[1]


def main():
    failures = []

    def expect(what, expected, found, said):
        if expected != found:
            failures.append(f"{what}: expected {expected}, found {found}:\n{said[-1500:]}")

    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as state, Lab(
        PROGRAM, ["expired-leaf"]
    ) as lab:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "XDG_STATE_HOME": state, "LANG": "C",
                       "https_proxy": lab.proxy}

        def run(*words):
            done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120)
            return done.returncode, done.stdout + done.stderr

        good = lab.sites["expired-leaf.good"]
        inspected = run(PROGRAM, "bundle", "inspect", "--json", good["ca_file"])[1]
        fingerprint = json.loads(inspected)["trusted"][0]["fingerprint"]
        curl = ["curl", "-sS", good["url"]]
        before = picture(home)

        status, said = run(PROGRAM, "run", "--offline", "--", *curl)
        expect("run keeps curl's status", 60, status, said)
        expect("the host stands in the command, not in curl's words", True,
               f"tlsmedic diagnose {good['host']}:{good['port']} --client curl" in said, said)
        expect("explaining changes nothing", before, picture(home), "")

        status, said = run(PROGRAM, "run", "--offline", "--fix", "--yes", "--add", good["ca_file"],
                           "--sha256", fingerprint, "--", *curl)
        expect("cured and run again", 0, status, said)
        status, said = run(*curl)
        expect("curl alone accepts the site now", 0, status, said)
        status, said = run("curl", "-sS", lab.sites["expired-leaf"]["url"])
        expect("curl still refuses an expired certificate", 60, status, said)

        status, said = run(PROGRAM, "undo", "--last")
        expect("undo", 0, status, said)
        expect("everything is as it was", before, picture(home), said)
    print("\n".join(failures) or "run --fix: 8 checks passed")
    return 1 if failures else 0


sys.exit(main())
