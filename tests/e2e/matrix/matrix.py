"""Predicted against observed: installed clients x lab faults x environments.

usage: matrix.py TLSMEDIC [--slice|--full] [--venv DIR ...] [--clients a,b] [--without TEXT ...] [--sites a,b]
                 [--cells FILE [--again]] [--minutes N] [--json FILE]

The lab serves its faults on loopback; `tlsmedic diagnose --clients all` predicts what each installed
client says of each site, and runs the client. A cell whose prediction and observation differ must
stand in known.json with its reason, and a listed cell that no longer differs fails the run. Cells in
which the client was not run, or failed for a reason that is no question of TLS, are counted as
skipped, with the reasons.

Without an option: every fault with the client told its CA, and every environment for the sites in
which they matter. --full goes on to the whole product (hours), the telling pairs first. --slice takes
seconds and is part of ctest. --cells keeps every cell in FILE, one line of JSON each: a run that was
cut, or stopped by --minutes, goes on where it ended, and what a client said is not asked again.
--again keeps what the clients said and makes the predictions anew, which takes minutes: for a program
that was changed. --venv puts an environment's clients in front of PATH, --without leaves out clients
whose id holds TEXT; clients of registries (PyPI, npm) are rows only where somebody installed them, and
the kinds that were expected and are missing are named.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SLICE = [("expired-leaf.good", "none"), ("expired-leaf.good", "told"), ("expired-leaf.good", "both-other"),
         ("cn-only", "told")]
# Where the environment decides: accepted, the wrong name, another root, the root sent along.
ENVIRONMENT_SITES = ["expired-leaf.good", "wrong-host", "untrusted-root-sent", "self-signed-leaf"]
EXPECTED = ["aiohttp", "botocore", "bundler", "cargo", "composer", "curl", "gem", "git", "go", "google-genai", "grpcio",
            "httplib2", "httpx", "java", "lwp", "node", "npm", "openssl", "php", "php-curl", "pip", "python",
            "requests", "ruby", "shotgun_api3", "truststore", "uv", "wget"]
# They cannot be told an address: the lab's own proxy, which knows its names, is in their way.
THROUGH_PROXY = ("cargo", "composer", "go", "npm", "uv", "wget")
# They answer one connection rightly and another one wrongly: the client's is not the one that was predicted from. The
# report says that they do; a cell of theirs has no one verdict to compare.
BY_TURNS = ("changing-certificate", "flaky")
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
            "WGETRC": str(wgetrc), "SHOTGUN_API_CACERTS": ca, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": ca,
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


def bare_environment(venvs, home):
    """Nothing that decides what a client trusts; where the clients are."""
    keep = ("PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "PYENV_ROOT", "RUSTUP_HOME")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment.setdefault("RUSTUP_HOME", os.path.expanduser("~/.rustup"))
    environment["HOME"] = home
    environment["PATH"] = ":".join([f"{v}/bin" for v in venvs] + [environment["PATH"]])
    return environment


def rows(program, site, environment, proxy, clients, trials):
    """One diagnosis for those that dial, one for those that need the proxy."""
    through = {"https_proxy": proxy, "HTTPS_PROXY": proxy}
    found = []
    for dialling in (True, False):
        chosen = [c for c in clients if (c.split("@")[0] not in THROUGH_PROXY) == dialling]
        if not chosen:
            continue
        done = subprocess.run(
            [program, "diagnose", site["url"], "--json", "--timeout", "20", "--no-revocation",
             "--resolve", site["resolve"], *[w for c in chosen for w in ("--client", c)],
             *([] if dialling else ["--proxy", "none"]), *([] if trials else ["--no-trials"])],
            env=environment | ({} if dialling else through), capture_output=True, timeout=900,
        )
        if not done.stdout:
            raise RuntimeError(f"{site['id']}: {done.stderr.decode()}")
        found += json.loads(done.stdout)["matrix"]
    return found


class Cells:
    """What was predicted and what was seen, by configuration, site and environment."""

    def __init__(self, path):
        self.path = path
        self.known = {}
        if path and os.path.exists(path):
            for line in pathlib.Path(path).read_text().splitlines():
                cell = json.loads(line)
                self.known[(cell["configuration"], cell["site"], cell["environment"])] = cell

    def missing(self, names, site, environment):
        return [client for client, name in names.items() if (name, site, environment) not in self.known]

    def seen(self, names, site, environment):
        return [client for client, name in names.items() if (name, site, environment) in self.known]

    def add(self, row, name, version, site, environment):
        ran = row["mode"] == "observed"
        self.keep({
            "configuration": name, "version": version, "site": site, "environment": environment,
            "simulated": row["simulated"] if ran else row["verdict"],
            "faults": [f["id"] for f in row["faults"]],
            "observed": row["verdict"] if ran else "",
            "not_run": row.get("not_run", ""), "said": row.get("said", ""),
            "why": row.get("why", ""),
        })

    def predict(self, row, name, site, environment):
        """Another prediction for what was seen before."""
        cell = self.known[(name, site, environment)]
        self.keep(cell | {"simulated": row["verdict"], "faults": [f["id"] for f in row["faults"]],
                          "why": row.get("why", "")})

    def keep(self, cell):
        self.known[(cell["configuration"], cell["site"], cell["environment"])] = cell
        if self.path:
            with open(self.path, "a") as file:  # the last line of a cell counts
                file.write(json.dumps(cell) + "\n")


def installed(program, environment):
    done = subprocess.run([program, "inventory", "--json"], env=environment, capture_output=True,
                          timeout=600)
    return {c["id"]: c.get("version") or "" for c in json.loads(done.stdout)["clients"]
            if (c.get("reach") or {}).get("protocol", "https") == "https"}


def usable(site):
    """Over HTTPS, without a proxy of the site's own, without a client certificate, in seconds."""
    plain = not site["starttls"] and not site["proxy"] and not site["id"].endswith(".with-certificate")
    return plain and not site["slow"]


def short(client, venvs):
    """A row's name without the paths of this machine."""
    kind, _, path = client.partition("@")
    for venv in venvs:
        if path.startswith(str(venv)):
            return f"{kind}@{pathlib.Path(venv).name}"
    parts = [p for p in pathlib.PurePath(path).parts if any(c.isdigit() for c in p)]
    return f"{kind}@{parts[0]}" if parts else kind


def plan(options, sites, environments):
    """The (site, environment) pairs to ask, the telling ones first, each once."""
    if options.slice:
        return SLICE
    if options.sites:
        return [(s, e) for s in options.sites.split(",") for e in environments]
    pairs = [(s["id"], "told") for s in sites if not s["twin"]]
    pairs += [(s, e) for s in ENVIRONMENT_SITES for e in environments]
    if options.full:
        pairs += [(s["id"], "none") for s in sites if not s["twin"]]
        pairs += [(s["id"], "told") for s in sites if s["twin"]]
        pairs += [(s["id"], e) for e in environments for s in sites]
    return list(dict.fromkeys(pairs))


class Tally:
    def __init__(self, cells):
        self.equal, self.differing, self.skipped, self.seen = 0, {}, {}, set(cells)
        self.by_environment = {}
        for key, cell in cells.items():
            kind = cell["configuration"].split("@")[0]
            if cell["site"] in BY_TURNS and cell["observed"]:
                self.skipped.setdefault(f"the server of {cell['site']} answers by turns", []).append((key, cell["said"]))
            elif not cell["observed"]:
                why = cell["not_run"] or "its words decide nothing about TLS"
                self.skipped.setdefault(f"{kind}: {why}", []).append((key, cell["said"]))
            elif cell["simulated"] == "untested":
                self.skipped.setdefault(f"{kind}: not predicted: {cell['why']}", []).append((key, cell["said"]))
            else:
                self.judge(key, cell)

    def judge(self, key, cell):
        equal, total = self.by_environment.get(cell["environment"], (0, 0))
        same = cell["observed"] == cell["simulated"]
        self.by_environment[cell["environment"]] = (equal + same, total + 1)
        if same:
            self.equal += 1
        else:
            self.differing[key] = (f"simulated {cell['simulated']} {','.join(cell['faults'])}, "
                                   f"observed {cell['observed']}: {cell['said'][:160]}")

    def total(self):
        return self.equal + len(self.differing)


def matches(pattern, key):
    """'kind@*' stands for every configuration of a kind."""
    return all(p == k or (p.endswith("@*") and k.split("@")[0] == p[:-2]) for p, k in zip(pattern, key))


def report(tally, known, options):
    unexpected = {k: v for k, v in tally.differing.items() if not any(matches(p, k) for p in known)}
    stale = [p for p in known if any(matches(p, k) for k in tally.seen)
             and not any(matches(p, k) for k in tally.differing)]
    for key, what in sorted(unexpected.items()):
        print("differs, and is not listed in known.json: " + " ".join(key) + ": " + what)
    for key in sorted(stale):
        print("listed in known.json, and does not differ: " + " ".join(key))
    for why, keys in sorted(tally.skipped.items()):
        key, said = keys[0]
        print(f"skipped {len(keys)} cells: {why} (first: {' '.join(key)}: {said[:120]})")
    for environment, (equal, total) in tally.by_environment.items():
        print(f"{environment}: {equal} of {total}")
    names = sorted({key[0] for key in tally.seen})
    print(f"{len(names)} configurations: " + ", ".join(names))
    missing = [kind for kind in EXPECTED if not any(n.split("@")[0] == kind for n in names)]
    if missing and not options.slice:
        print("Skipped: not installed here: " + ", ".join(missing))
    equal, total = tally.equal, tally.total()
    print(f"{equal} of {total} cells equal ({100 * equal / total:.2f} %), {len(tally.differing)} differ, "
          f"{sum(len(k) for k in tally.skipped.values())} skipped, over "
          f"{len({key[1] for key in tally.seen})} sites and {len(tally.by_environment)} environments")
    if options.json:
        found = {"equal": equal, "total": total, "configurations": names,
                 "environments": tally.by_environment,
                 "differing": [{"cell": k, "what": v} for k, v in sorted(tally.differing.items())]}
        pathlib.Path(options.json).write_text(json.dumps(found, indent=1) + "\n")
    return 1 if unexpected or stale or (not options.slice and equal / total < GOAL) else 0


def chosen_clients(options, environment):
    """Id -> version."""
    found = installed(options.program, environment)
    kinds = options.clients.split(",") if options.clients else EXPECTED
    if options.slice:
        # What Debian's packages bring: one of each, the system's own.
        first = {}
        for client in found:
            kind, _, path = client.partition("@")
            if kind in ("curl", "git", "node", "requests", "python", "wget", "php", "ruby"):
                if path == "" or path.startswith("/usr/") and "cloud" not in path:
                    first.setdefault(kind, client)
        return {client: found[client] for client in first.values()}
    return {c: v for c, v in found.items() if (c in kinds or c.split("@")[0] in kinds)
            and not any(text in c for text in options.without)}


class Run:
    def __init__(self, options, lab, directory):
        self.options, self.lab = options, lab
        self.venvs = [str(pathlib.Path(v).resolve()) for v in options.venv]
        (directory / "home").mkdir()
        self.bare = bare_environment(self.venvs, str(directory / "home"))
        self.versions = chosen_clients(options, self.bare)
        self.names = {client: short(client, self.venvs) for client in self.versions}
        self.sites = {s["id"]: s for s in lab["sites"] if usable(s)}
        self.trust = Trust(directory)
        self.cells = Cells(options.cells)

    def environments(self, site):
        return self.trust.environments(site["ca_file"], self.sites["wrong-eku"]["ca_file"])

    def ask(self, site, environment, clients, trials):
        if not clients:
            return
        variables = self.bare | self.environments(site)[environment]
        for row in rows(self.options.program, site, variables, self.lab["proxy"], clients, trials):
            client = row["client"]
            if trials:
                self.cells.add(row, self.names[client], self.versions[client], site["id"], environment)
            else:
                self.cells.predict(row, self.names[client], site["id"], environment)

    def go(self):
        pairs = plan(self.options, self.sites.values(), self.environments(self.sites["wrong-eku"]))
        pairs = [pair for pair in pairs if pair[0] in self.sites]
        began = time.monotonic()
        for at, (site, environment) in enumerate(pairs, 1):
            if self.options.minutes and time.monotonic() - began > 60 * self.options.minutes:
                print(f"stopped after {self.options.minutes} minutes: {at - 1} of {len(pairs)} pairs of a "
                      "site and an environment")
                return
            chosen = self.cells.seen if self.options.again else self.cells.missing
            clients = chosen(self.names, site, environment)
            self.ask(self.sites[site], environment, clients, not self.options.again)
            if clients and not self.options.slice:
                print(f"{at}/{len(pairs)} {site} {environment}: {int(time.monotonic() - began)} s",
                      file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--slice", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--venv", action="append", default=[])
    parser.add_argument("--clients", default="")
    parser.add_argument("--sites", default="")
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--cells", default="")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--minutes", type=int, default=0)
    parser.add_argument("--json", default="")
    options = parser.parse_args()
    known = {tuple(k["cell"]): k["because"] for k in json.loads((HERE / "known.json").read_text())}
    with Lab(options.program) as lab, tempfile.TemporaryDirectory() as temporary:
        run = Run(options, lab, pathlib.Path(temporary))
        if not run.names:
            print("Skipped\nno client to ask is installed")
            return 77
        try:
            run.go()
        except KeyboardInterrupt:
            print("stopped: what follows is about the cells so far")
    tally = Tally(run.cells.known)
    if tally.total() == 0:
        print("Skipped\nno installed client could be run")
        return 77
    return report(tally, known, options)


sys.exit(main())
