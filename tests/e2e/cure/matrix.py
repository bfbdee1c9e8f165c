"""The cure matrix: real client x cause x {before, apply, verify, negative control, undo}.

usage: matrix.py PROGRAM [CLIENT...]   all clients without one

Each cell has a home directory of its own. After `tlsmedic fix --apply` the client must accept the server with the
private root (where that was the cause) and must refuse an expired certificate, another host's and an unknown CA;
after `tlsmedic undo --all` every file is as before: content, mode, owner, time.
"""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clients import ask, clients
from lab import Lab
from picture import picture

PROGRAM = sys.argv[1]
# What a client's file says when somebody switched verification off, or named a file that is gone.
OFF = {
    "git": (".gitconfig", "[user]\n\tname = Kim\n[http]\n\tsslVerify = false ; the proxy\n"),
    "pip": (".config/pip/pip.conf", "[global]\ntrusted-host =\n    {host}\nretries = 0\n"),
    "npm": (".npmrc", "fund=false\nstrict-ssl=false\n"),
    "curl": (".curlrc", "silent\ninsecure\n"),
    "wget": (".wgetrc", "tries = 1\ncheck_certificate = off\n"),
    "node": (".profile", "export EDITOR=vi\nexport NODE_TLS_REJECT_UNAUTHORIZED=0\n"),
    "lwp": (".profile", "export PERL_LWP_SSL_VERIFY_HOSTNAME=0\n"),
}
BROKEN = {
    "curl": (".curlrc", "# mine\ncacert = \"/gone/ca.pem\"\nsilent\n"),
    "wget": (".wgetrc", "ca_certificate = /gone/ca.pem\ntries = 1\n"),
    "git": (".gitconfig", "[http]\n\tsslCAInfo = /gone/ca.pem\n"),
    "pip": (".config/pip/pip.conf", "[global]\ncert = /gone/ca.pem\nretries = 0\n"),
    "node": (".profile", "# mine\nexport EDITOR=vi\nexport NODE_EXTRA_CA_CERTS=/gone/ca.pem\n"),
    "requests": (".profile", "export REQUESTS_CA_BUNDLE=/gone/ca.pem\n"),
    "python": (".profile", "export SSL_CERT_FILE=/gone/ca.pem\n"),
    "ruby": (".profile", "export SSL_CERT_FILE=/gone/ca.pem\n"),
    "npm": (".npmrc", "fund=false\ncafile=/gone/ca.pem\n"),
    "php": (".profile", "export SSL_CERT_FILE=/gone/ca.pem\n"),
    "go": (".profile", "export SSL_CERT_FILE=/gone/ca.pem\n"),
    "lwp": (".profile", "export PERL_LWP_SSL_CA_FILE=/gone/ca.pem\n"),
    "httpx": (".profile", "export SSL_CERT_FILE=/gone/ca.pem\n"),
    "botocore": (".aws/config", "[default]\nca_bundle = /gone/ca.pem\n"),
    "httplib2": (".profile", "export HTTPLIB2_CA_CERTS=/gone/ca.pem\n"),
    "shotgun_api3": (".profile", "export SHOTGUN_API_CACERTS=/gone/ca.pem\n"),
    "aiohttp": (".profile", "export SSL_CERT_FILE=/gone/ca.pem\n"),
}
# A client whose own bundle, named by its own setting, lacks the root: it is appended to.
OWN = {
    "curl": (".curlrc", "cacert = \"{bundle}\"\n"),
    "git": (".gitconfig", "[http]\n\tsslCAInfo = {bundle}\n"),
    "pip": (".config/pip/pip.conf", "[global]\ncert = {bundle}\n"),
}


class Cell:
    def __init__(self, name, words, cause, lab, stranger):
        self.name, self.words, self.cause, self.lab, self.stranger = name, words, cause, lab, stranger
        self.failures, self.steps = [], 0

    def environment(self, lab):
        venv = os.environ.get("TLSMEDIC_MATRIX_VENV")
        path = os.environ["PATH"] + (f":{venv}/bin" if venv else "")
        environment = {"PATH": path, "HOME": self.home, "LANG": "C", "SHELL": "/bin/sh",
                       "XDG_STATE_HOME": self.state, "https_proxy": lab.proxy, "HTTPS_PROXY": lab.proxy,
                       "GIT_TERMINAL_PROMPT": "0", "PYTHONWARNINGS": "ignore"}
        return environment

    def ask(self, site, lab=None):
        lab = lab or self.lab
        # As from a shell that logged in now.
        words = ["sh", "-c", 'test -f "$HOME/.profile" && . "$HOME/.profile"; exec "$@"', "sh", *self.words]
        return ask(self.name, words, lab.sites[site]["url"], self.environment(lab))

    def expect(self, what, wanted, got):
        self.steps += 1
        if got[0] != wanted:
            self.failures.append(f"{self.name}, {self.cause}: {what}: expected {wanted}, it {got[0]}:\n{got[1][-500:]}")

    def tlsmedic(self, *arguments):
        environment = self.environment(self.lab)
        del environment["https_proxy"], environment["HTTPS_PROXY"]
        done = subprocess.run(
            ["sh", "-c", 'test -f "$HOME/.profile" && . "$HOME/.profile"; exec "$@"', "sh", PROGRAM, *arguments],
            env=environment, capture_output=True, text=True, timeout=180)
        return done

    def prepare(self, broken):
        path, text = broken
        full = os.path.join(self.home, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        bundle = os.path.join(self.home, "corp.pem")
        if "{bundle}" in text:
            subprocess.run([PROGRAM, "bundle", "build", "--quiet", "--output", bundle], check=True)
        with open(full, "w") as file:
            file.write(text.replace("{bundle}", bundle).replace("{host}", self.lab.sites["expired-leaf"]["host"]))
        os.chmod(full, 0o640)
        os.utime(full, ns=(10**18, 10**18 + 123456789))

    def expect_tried(self, done):
        """`fix` itself ran the client, and it refused what it must."""
        rows = [row for one in json.loads(done.stdout or '{"done": []}')["done"] for row in one["tried"]
                if row["client"].split("@")[0] == self.name]
        refused = {control["control"] for row in rows for control in row["controls"] if control["verdict"] == "fail"}
        wanted = {"unknown-ca", "expired", "wrong-host"}
        self.expect("tried by fix", "yes", ("yes" if rows and refused >= wanted else "no", str(rows) + done.stderr))

    def run(self, home, state):
        self.home, self.state = home, state
        table = {"verification-disabled-on-purpose": OFF, "ca-path-broken": BROKEN, "own bundle lacks the root": OWN}
        if self.cause in table:
            self.prepare(table[self.cause][self.name])
        before, shared = picture(home), system_bundle()
        about_root = "root" in self.cause
        arguments = ["fix", "--apply", "--yes", "--client", self.name]
        if about_root:
            self.expect("before: the private root", "refused", self.ask("expired-leaf.good"))
            arguments += ["--cause", "private-ca-not-trusted"]
            for path in {site["ca_file"] for site in self.lab.sites.values()}:
                text = self.tlsmedic("bundle", "inspect", "--json", path).stdout
                arguments += ["--add", path]
                for anchor in json.loads(text)["trusted"]:
                    arguments += ["--sha256", anchor["fingerprint"]]
        elif self.cause == "verification-disabled-on-purpose":
            self.expect("before: the expired one", "accepted", self.ask("expired-leaf"))
            arguments += ["--cause", self.cause]
        else:
            arguments += ["--cause", self.cause]
        done = self.tlsmedic(*arguments, "--json")
        self.expect("the system's bundle", "same", ("same" if system_bundle() == shared else "changed", ""))
        self.expect_tried(done)
        journal = json.loads(self.tlsmedic("undo", "--json").stdout)["entries"]
        applied = [entry for entry in journal if entry["state"] == "applied"]
        if not applied:
            self.failures.append(f"{self.name}, {self.cause}: nothing was applied: {done.stdout[-800:]}{done.stderr[-800:]}")
            return
        if about_root:
            self.expect("after: the private root", "accepted", self.ask("expired-leaf.good"))
        self.expect("after: an expired certificate", "refused", self.ask("expired-leaf"))
        self.expect("after: another host's", "refused", self.ask("wrong-host"))
        self.expect("after: an unknown CA", "refused", self.ask("expired-leaf.good", self.stranger))
        if self.cause == "ca-path-broken":
            left = json.loads(self.tlsmedic("fix", "--json", "--client", self.name, "--cause", self.cause).stdout)
            self.expect("after: the path", "cured", ("cured" if not left["plans"] else "left", str(left)))
        undone = self.tlsmedic("undo", "--all")
        # A client that we ran may have made files of its own; nothing of ours may be left or changed.
        after = {path: row for path, row in picture(home).items() if path in before or "tlsmedic" in path}
        same = after == before
        self.expect("undone", "same", ("same" if same else "different", undone.stdout + str(set(after) ^ set(before))))


def weakened_client(work, lab):
    """Something that no setting shows makes this Python accept everything: a cure of it is taken back, and said."""
    home = os.path.join(work, "weak")
    os.mkdir(home)
    with open(os.path.join(home, "sitecustomize.py"), "w") as file:
        file.write("import ssl\nssl._create_default_https_context = ssl._create_unverified_context\n"
                   "ssl.create_default_context = ssl._create_unverified_context\n")
    with open(os.path.join(home, ".profile"), "w") as file:
        file.write("export SSL_CERT_FILE=/gone/ca.pem\n")
    before = picture(home)
    environment = {"PATH": "/usr/bin:/bin", "HOME": home, "SHELL": "/bin/sh", "PYTHONPATH": home,
                   "PYTHONDONTWRITEBYTECODE": "1", "XDG_STATE_HOME": os.path.join(work, "weak-state")}
    done = subprocess.run([PROGRAM, "fix", "--apply", "--yes", "--json", "--cause", "ca-path-broken"], env=environment,
                          capture_output=True, text=True, timeout=180)
    endings = [(one["ending"], one["reason"]) for one in json.loads(done.stdout or '{"done": []}')["done"]]
    if not any(ending == "rolled-back" and "accepts what it must refuse" in reason for ending, reason in endings):
        return [f"a weakened Python was not noticed: {endings} {done.stderr}"]
    return [] if picture(home) == before else ["rolled back, but the home directory differs"]


def system_bundle():
    """What a cure for one client leaves alone."""
    path = "/etc/ssl/certs/ca-certificates.crt"
    return open(path, "rb").read() if os.path.exists(path) else b""


def main():
    failures, cells, steps, rows = [], 0, 0, []
    with tempfile.TemporaryDirectory() as work, Lab(PROGRAM, ["expired-leaf", "wrong-host"], 3600) as lab, Lab(
        PROGRAM, ["expired-leaf"], 900
    ) as stranger:
        for name, words in clients(work):
            # Java's own keystore is the system's: its cells are those of system_stores.py, below a scratch root.
            causes = ["private root in no store of it"] if name != "java" else []
            causes += [cause for cause, table in (("own bundle lacks the root", OWN), ("ca-path-broken", BROKEN),
                                                  ("verification-disabled-on-purpose", OFF)) if name in table]
            for cause in causes:
                if sys.argv[2:] and name not in sys.argv[2:]:
                    continue
                home, state = (os.path.join(work, f"{kind}{cells}") for kind in ("home", "state"))
                os.mkdir(home)
                cell = Cell(name, words, cause, lab, stranger)
                cell.run(home, state)
                cells, steps = cells + 1, steps + cell.steps
                failures += cell.failures
                rows.append((name, cause, "passed" if not cell.failures else "failed"))
                print("| " + " | ".join(rows[-1]) + " |", flush=True)
        if os.path.exists("/usr/bin/python3"):
            failures += weakened_client(work, lab)
    print(f"{cells} cells, {steps} steps, {len(failures)} failed")
    for failure in failures:
        print(failure)
    return 1 if failures or cells == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
