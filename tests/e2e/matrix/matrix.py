"""Predicted against observed: installed clients x lab faults x environments.

usage: matrix.py TLSMEDIC [--slice|--full] [--venv DIR ...] [--clients a,b] [--sites a,b] [--json FILE]

The lab serves its faults on loopback; `tlsmedic diagnose --clients all` predicts what each installed
client says of each site, and runs the client. A cell whose prediction and observation differ must
stand in known.json with its reason, and a listed cell that no longer differs fails the run. Cells in
which the client was not run, or failed for a reason that is no question of TLS, are counted as
skipped, with the reasons.

Without an option: every fault with the client told its CA, and every environment for the sites in
which they matter. --full is the whole product (hours). --slice takes seconds and is part of ctest.
--venv puts an environment's clients in front of PATH; clients of registries (PyPI, npm) are rows
only where somebody installed them, and the kinds that were expected and are missing are named.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SLICE = [("expired-leaf.good", "none"), ("expired-leaf.good", "told"), ("expired-leaf.good", "both-other"),
         ("cn-only", "told")]
# Where the environment decides: accepted, the wrong name, another root, the root sent along.
ENVIRONMENT_SITES = ["expired-leaf.good", "wrong-host", "untrusted-root-sent", "self-signed-leaf"]
EXPECTED = ["aiohttp", "curl", "git", "go", "httplib2", "httpx", "java", "lwp", "node", "npm", "php",
            "pip", "python", "requests", "ruby", "wget"]
GOAL = 0.99


class Lab:
    def __init__(self, program):
        self.program = program

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.program, "lab", "serve", "--for", "14400", "--json"], stdout=subprocess.PIPE
        )
        text = ""
        while not text.endswith("\n}\n"):
            line = self.process.stdout.readline().decode()
            if not line:
                raise RuntimeError("the lab ended: " + text)
            text += line
        return json.loads(text)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


class Trust:
    """Files that name a CA, in the form each client wants."""

    def __init__(self, directory):
        self.directory = directory
        self.stores = {}
        (directory / "empty").mkdir()
        self.empty = str(directory / "empty")
        self.gone = str(directory / "gone.pem")
        self.invalid = str(directory / "invalid.pem")
        pathlib.Path(self.invalid).write_text("no certificate\n")

    def keystore(self, ca):
        """Java reads no PEM before 18."""
        if ca not in self.stores:
            path = str(self.directory / f"{len(self.stores)}.p12")
            done = subprocess.run(
                ["keytool", "-importcert", "-noprompt", "-alias", "lab", "-file", ca, "-keystore", path,
                 "-storetype", "PKCS12", "-storepass", "changeit"], capture_output=True,
            ) if self.has_keytool() else None
            self.stores[ca] = path if done is not None and done.returncode == 0 else None
        return self.stores[ca]

    @staticmethod
    def has_keytool():
        return any(os.access(os.path.join(d, "keytool"), os.X_OK) for d in os.environ["PATH"].split(":"))

    def told(self, ca):
        """Every client by its own setting."""
        wgetrc = self.directory / (pathlib.Path(ca).name + ".wgetrc")
        wgetrc.write_text(f"ca_certificate = {ca}\n")
        variables = {
            "SSL_CERT_FILE": ca, "REQUESTS_CA_BUNDLE": ca, "CURL_CA_BUNDLE": ca, "GIT_SSL_CAINFO": ca,
            "NODE_EXTRA_CA_CERTS": ca, "HTTPLIB2_CA_CERTS": ca, "PERL_LWP_SSL_CA_FILE": ca,
            "WGETRC": str(wgetrc),
        }
        store = self.keystore(ca)
        if store is not None:
            variables["JAVA_TOOL_OPTIONS"] = (
                f"-Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword=changeit")
        return variables

    def environments(self, right, other):
        """Name -> variables, after the replace-or-add matrix of the guide."""
        return {
            "none": {},
            "told": self.told(right),
            "file-right": {"SSL_CERT_FILE": right},
            "file-other": {"SSL_CERT_FILE": other},
            "file-missing": {"SSL_CERT_FILE": self.gone},
            "file-invalid": {"SSL_CERT_FILE": self.invalid},
            "file-empty-text": {"SSL_CERT_FILE": ""},
            "dir-empty": {"SSL_CERT_DIR": self.empty},
            "both-other": {"SSL_CERT_FILE": other, "SSL_CERT_DIR": self.empty},
            "both-right": {"SSL_CERT_FILE": right, "SSL_CERT_DIR": self.empty},
            "requests-right": {"REQUESTS_CA_BUNDLE": right},
            "requests-other": {"REQUESTS_CA_BUNDLE": other},
            "requests-missing": {"REQUESTS_CA_BUNDLE": self.gone},
            "curl-right": {"CURL_CA_BUNDLE": right},
            "curl-missing": {"CURL_CA_BUNDLE": self.gone},
            "git-right": {"GIT_SSL_CAINFO": right},
            "git-missing": {"GIT_SSL_CAINFO": self.gone},
            "pip-right": {"PIP_CERT": right},
            "node-extra-right": {"NODE_EXTRA_CA_CERTS": right},
            "node-extra-missing": {"NODE_EXTRA_CA_CERTS": self.gone},
            "node-openssl": {"NODE_OPTIONS": "--use-openssl-ca", "SSL_CERT_FILE": right},
            "git-off": {"GIT_SSL_NO_VERIFY": "1"},
            "node-off": {"NODE_TLS_REJECT_UNAUTHORIZED": "0"},
        }


def cells(program, site, variables, proxy, clients, venvs, home):
    keep = ("PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "PYENV_ROOT")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment["HOME"] = home
    environment["PATH"] = ":".join([f"{v}/bin" for v in venvs] + [environment["PATH"]])
    environment.update(variables)
    # The lab's own proxy knows its names: clients that cannot be told an address get there.
    through = {"https_proxy": proxy, "HTTPS_PROXY": proxy}
    rows = []
    for dialling in (True, False):
        chosen = [c for c in clients if (c.split("@")[0] not in ("wget", "npm", "go")) == dialling]
        if not chosen:
            continue
        done = subprocess.run(
            [program, "diagnose", site["url"], "--json", "--timeout", "20", "--no-revocation",
             "--resolve", site["resolve"], *[w for c in chosen for w in ("--client", c)],
             *([] if dialling else ["--proxy", "none"])],
            env=environment | ({} if dialling else through), capture_output=True, timeout=900,
        )
        if not done.stdout:
            raise RuntimeError(f"{site['id']}: {done.stderr.decode()}")
        rows += json.loads(done.stdout)["matrix"]
    return rows


def installed(program, venvs):
    environment = dict(os.environ)
    environment["PATH"] = ":".join([f"{v}/bin" for v in venvs] + [environment["PATH"]])
    done = subprocess.run([program, "inventory", "--json"], env=environment, capture_output=True,
                          timeout=600, check=True)
    return [c["id"] for c in json.loads(done.stdout)["clients"]]


def usable(site):
    plain = not site["starttls"] and not site["proxy"] and not site["client_certificate_file"]
    return plain and not site["slow"]


def short(client, venvs):
    """A row's name without the paths of this machine."""
    kind, _, path = client.partition("@")
    for venv in venvs:
        if path.startswith(str(venv)):
            return f"{kind}@{pathlib.Path(venv).name}"
    parts = [p for p in pathlib.PurePath(path).parts if any(c.isdigit() for c in p)]
    return f"{kind}@{parts[0]}" if parts else kind


def plan(options, sites):
    """The (site, environment name) pairs to ask; None for a name stands for all of them."""
    if options.sites:
        return [(s, None) for s in options.sites.split(",")]
    if options.slice:
        return SLICE
    if options.full:
        return [(s["id"], None) for s in sites]
    faults = [(s["id"], "told") for s in sites if not s["twin"]]
    return faults + [(s, None) for s in ENVIRONMENT_SITES]


class Tally:
    def __init__(self):
        self.equal, self.differing, self.skipped, self.seen = 0, {}, {}, set()

    def add(self, cell, name, site, environment):
        key = (name, site, environment)
        self.seen.add(key)
        if cell["mode"] != "observed":
            why = cell.get("not_run") or "the trial decided nothing"
            self.skipped.setdefault(f"{name.split('@')[0]}: {why}", []).append(key)
        elif cell["verdict"] == cell["simulated"]:
            self.equal += 1
        elif cell["simulated"] == "untested":
            self.skipped.setdefault(f"{name.split('@')[0]}: {cell.get('why', '')}", []).append(key)
        else:
            faults = ",".join(f["id"] for f in cell["faults"])
            self.differing[key] = (f"simulated {cell['simulated']} {faults}, observed {cell['verdict']}: "
                                   f"{cell['said'][:160]}")

    def total(self):
        return self.equal + len(self.differing)


def report(tally, known, options):
    unexpected = {k: v for k, v in tally.differing.items() if k not in known}
    stale = [k for k in known if k in tally.seen and k not in tally.differing]
    for key, what in sorted(unexpected.items()):
        print("differs, and is not listed in known.json: " + " ".join(key) + ": " + what)
    for key in sorted(stale):
        print("listed in known.json, and does not differ: " + " ".join(key))
    for why, keys in sorted(tally.skipped.items()):
        print(f"skipped {len(keys)} cells: {why}")
    names = sorted({key[0] for key in tally.seen})
    print(f"{len(names)} configurations: " + ", ".join(names))
    missing = [kind for kind in EXPECTED if not any(n.split("@")[0] == kind for n in names)]
    if missing and not options.slice:
        print("Skipped: not installed here: " + ", ".join(missing))
    equal, total = tally.equal, tally.total()
    print(f"{equal} of {total} cells equal ({100 * equal / total:.2f} %), {len(tally.differing)} differ, "
          f"{sum(len(k) for k in tally.skipped.values())} skipped")
    if options.json:
        found = {"equal": equal, "total": total, "configurations": names,
                 "differing": [{"cell": k, "what": v} for k, v in sorted(tally.differing.items())]}
        pathlib.Path(options.json).write_text(json.dumps(found, indent=1) + "\n")
    return 1 if unexpected or stale or (not options.slice and equal / total < GOAL) else 0


def chosen_clients(options, venvs):
    found = installed(options.program, venvs)
    kinds = options.clients.split(",") if options.clients else None
    if options.slice:
        # What Debian's packages bring: one of each, the system's own.
        first = {}
        for client in found:
            kind, _, path = client.partition("@")
            if kind in ("curl", "git", "node", "requests", "python", "wget", "php", "ruby"):
                if path == "" or path.startswith("/usr/") and "cloud" not in path:
                    first.setdefault(kind, client)
        return list(first.values())
    return [c for c in found if kinds is None or c in kinds or c.split("@")[0] in kinds]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--slice", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--venv", action="append", default=[])
    parser.add_argument("--clients", default="")
    parser.add_argument("--sites", default="")
    parser.add_argument("--json", default="")
    options = parser.parse_args()
    venvs = [str(pathlib.Path(v).resolve()) for v in options.venv]
    known = {tuple(k["cell"]): k["because"] for k in json.loads((HERE / "known.json").read_text())}
    clients = chosen_clients(options, venvs)
    if not clients:
        print("Skipped\nno client to ask is installed")
        return 77
    tally = Tally()
    with Lab(options.program) as lab, tempfile.TemporaryDirectory() as temporary:
        directory = pathlib.Path(temporary)
        trust = Trust(directory)
        (directory / "home").mkdir()
        sites = {s["id"]: s for s in lab["sites"] if usable(s)}
        other = sites["wrong-eku"]["ca_file"]
        for site_id, wanted in plan(options, sites.values()):
            site = sites.get(site_id)
            if site is None:
                continue
            for name, variables in trust.environments(site["ca_file"], other).items():
                if wanted is not None and name != wanted:
                    continue
                for cell in cells(options.program, site, variables, lab["proxy"], clients, venvs,
                                  str(directory / "home")):
                    tally.add(cell, short(cell["client"], venvs), site_id, name)
                if sys.stderr.isatty() or options.json:
                    print(f"{site_id} {name}: {tally.equal} of {tally.total()}", file=sys.stderr, flush=True)
    if tally.total() == 0:
        print("Skipped\nno installed client could be run")
        return 77
    return report(tally, known, options)


sys.exit(main())
