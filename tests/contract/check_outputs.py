"""Every JSON output obeys its schema in docs/schema, and every schema is strict.

usage: check_outputs.py TLSMEDIC SOURCE_DIRECTORY

Each call's first key "schema": "tlsmedic.<name>/<version>" names docs/schema/<name>-<version>.json.
Exit 77: python3-jsonschema is not installed.
"""

import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree

try:
    import jsonschema
except ImportError:
    print("Skipped\npython3-jsonschema is not installed")
    sys.exit(77)

PROGRAM = sys.argv[1]
SOURCE = pathlib.Path(sys.argv[2])
SCHEMAS = SOURCE / "docs" / "schema"

CALLS = [
    ["version"],
    ["causes"],
    ["causes", "--lang", "ko"],
    ["inventory"],
    ["inventory", "--root", str(SOURCE / "tests" / "clients" / "curl" / "root"), "--lang", "ko"],
    ["audit", str(SOURCE / "tests" / "audit" / "tree")],
    ["audit", str(SOURCE / "tests" / "audit" / "tree"), "--lang", "ko", "--severity", "high"],
    ["explain", "missing-intermediate"],
    ["explain", "install-full-chain", "--lang", "ko"],
    ["explain", "expired"],
    ["explain", "verify-expired"],
    ["explain", "curl: (60) SSL certificate problem: unable to get local issuer certificate"],
    ["explain", "nothing of interest"],
    ["bundle", "build"],
    ["bundle", "inspect", "mozilla"],
    ["bundle", "date", "mozilla"],
    ["bundle", "diff", "mozilla", str(SOURCE / "tests" / "trust" / "data" / "two.jks")],
    ["bundle", "lint", str(SOURCE / "tests" / "trust" / "data" / "two.jks"), "--lang", "ko"],
    ["fix", "--client", "git", "--lang", "ko"],
    ["trust", "list"],
    ["undo"],
    ["env", "--bundle", "/etc/ssl/certs/ca-certificates.crt"],
]


def run(arguments, stdin=""):
    done = subprocess.run(
        [PROGRAM, *arguments], input=stdin.encode(), capture_output=True, timeout=120
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Lab:
    """`tlsmedic lab serve` with a few faults, for as long as the test runs."""

    FAULTS = ["expired-leaf", "missing-intermediate", "wrong-host", "plain-http"]

    def __enter__(self):
        self.process = subprocess.Popen(
            [PROGRAM, "lab", "serve", "--for", "240", "--json", *self.FAULTS],
            stdout=subprocess.PIPE,
        )
        text = ""
        while not text.endswith("\n}\n"):
            line = self.process.stdout.readline().decode()
            if not line:
                raise RuntimeError("the lab ended: " + text)
            text += line
        self.text = text
        self.sites = json.loads(text)["sites"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)


def outputs():
    """Pairs of a label and what the program printed."""
    for call in CALLS:
        yield " ".join(call), run([*call, "--json"])
    yield "lab list", run(["lab", "list", "--json"])
    yield "lab run", run(
        ["lab", "run", "--json", "--timeout", "20", "--fault", "expired-leaf", "--", "curl", "-sS", "--cacert", "{ca}",
         "--resolve", "{resolve}", "{url}"]
    )
    known = json.loads(run(["bundle", "inspect", "mozilla", "--json"])[1])["trusted"][0]["fingerprint"]
    yield "trust why", run(["trust", "why", known, "--json", "--lang", "ko"])
    yield "trust remove", run(["trust", "remove", known, "--dry-run", "--json"])
    diagnoses = run(["diagnose", "--help"])[0] == 0
    with Lab() as lab:
        yield "lab serve", (0, lab.text, "")
        authority = lab.sites[0]["ca_file"]
        own = json.loads(run(["bundle", "inspect", authority, "--json"])[1])["trusted"][0]["fingerprint"]
        home = str(SOURCE / "tests" / "remedy" / "home")
        yield "trust add", run(
            ["trust", "add", authority, "--sha256", own, "--root", home, "--dry-run", "--json"]
        )
        for site in lab.sites:
            roots = ["--roots", site["ca_file"]]
            chain = pathlib.Path(site["ca_file"]).read_text()
            judged = ["verify", *roots, "--name", site["host"]]
            yield "verify " + site["id"], run([*judged, "--chain", site["ca_file"], "--json"])
            lines = [json.dumps({"id": 7, "chain": chain}), "not JSON", json.dumps({"id": None})]
            yield "verify --batch", run([*judged, "--batch", "--profile", "all"], "\n".join(lines) + "\n")
            yield "request " + site["id"], run(
                ["request", "GET", site["url"], "--ca", site["ca_file"], "--resolve", site["resolve"], "--json"]
            )
            at = f"{site['host']}@{site['addresses'][0]}:{site['port']}"
            if ":" not in site["host"]:
                yield "scan " + site["id"], run(["scan", at, "--roots", site["ca_file"], "--json"])
            if diagnoses and site is lab.sites[0]:
                yield "diagnose --clients all", run(
                    ["diagnose", site["url"], "--clients", "all", "--no-trials", "--resolve", site["resolve"], "--json"]
                )
            if diagnoses:
                for language in ("en", "ko"):
                    yield "diagnose " + site["id"], run(
                        ["diagnose", site["url"], *roots, "--resolve", site["resolve"], "--lang", language, "--json"]
                    )


def validator_for(document, problems, label):
    name = document.get("schema", "")
    if next(iter(document), None) != "schema" or not name.startswith("tlsmedic."):
        problems.append(f"{label}: the first key is not a schema of ours")
        return None
    path = SCHEMAS / (name.removeprefix("tlsmedic.").replace("/", "-") + ".json")
    if not path.exists():
        problems.append(f"{label}: there is no {path.relative_to(SOURCE)}")
        return None
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return path.name, jsonschema.Draft202012Validator(schema)


def objects_without_guard(schema, where=""):
    """Places of a schema where an object may hold any key."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
            yield where or "/"
        for key, value in schema.items():
            yield from objects_without_guard(value, f"{where}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from objects_without_guard(value, f"{where}/{index}")


def audit_formats(problems):
    """What other programs read: SARIF by its schema, the others by what their readers need."""
    tree = str(SOURCE / "tests" / "audit" / "tree")
    findings = json.loads(run(["audit", tree, "--json"])[1])["findings"]
    written = {name: run(["audit", tree, "--format", name])[1] for name in ("sarif", "junit", "github", "gitlab")}
    schema = json.loads((SOURCE / "tests" / "contract" / "sarif-schema-2.1.0.json").read_text())
    sarif = json.loads(written["sarif"])
    for error in jsonschema.Draft4Validator(schema).iter_errors(sarif):
        problems.append(f"SARIF: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    rules = {rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]}
    results = sarif["runs"][0]["results"]
    suites = xml.etree.ElementTree.fromstring(written["junit"])
    gitlab = json.loads(written["gitlab"])
    for name, count in {
        "SARIF": len(results),
        "JUnit": len(list(suites.iter("failure"))),
        "GitHub": len([line for line in written["github"].splitlines() if line.startswith("::")]),
        "GitLab": len(gitlab),
    }.items():
        if count != len(findings) or count == 0:
            problems.append(f"{name}: {count} results for {len(findings)} findings")
    if not {result["ruleId"] for result in results} <= rules:
        problems.append("SARIF: a result of a rule that it does not describe")
    for entry in gitlab:  # https://docs.gitlab.com/ci/testing/code_quality/
        lacking = {"description", "check_name", "fingerprint", "severity", "location"} - set(entry)
        if lacking or entry["severity"] not in ("info", "minor", "major", "critical", "blocker"):
            problems.append(f"GitLab: lacks {sorted(lacking)}, severity {entry.get('severity')}")
        if not entry["location"]["path"] or entry["location"]["lines"]["begin"] < 1:
            problems.append("GitLab: a finding without a place")
    if len({entry["fingerprint"] for entry in gitlab}) != len(gitlab):
        problems.append("GitLab: two findings with one fingerprint")
    for case in suites.iter("testcase"):
        if not case.get("name") or not case.get("classname"):
            problems.append("JUnit: a test case without a name")


def main():
    problems, used, count = [], set(), 0
    audit_formats(problems)
    for label, (status, out, err) in outputs():
        label = "tlsmedic " + label
        # A batch with lines that cannot be read ends with 3 after answering the others.
        if status not in (0, 1) and not (status == 3 and out):
            problems.append(f"{label}: exit status {status}: {err.strip()}")
            continue
        for text in [out] if out.startswith("{\n") else out.splitlines():
            document = json.loads(text)
            if isinstance(document.get("diagnosis"), dict):
                inner = document["diagnosis"]
                for error in validator_for(inner, problems, label)[1].iter_errors(inner):
                    problems.append(f"{label}: diagnosis: {error.message[:300]}")
            found = validator_for(document, problems, label)
            if found is None:
                continue
            name, validator = found
            used.add(name)
            count += 1
            for error in validator.iter_errors(document):
                place = "/".join(str(part) for part in error.absolute_path)
                problems.append(f"{label}: {place}: {error.message[:300]}")
            # A schema that accepts anything would prove nothing.
            if validator.is_valid({**document, "surprise": 1}):
                problems.append(f"{name}: accepts a key it does not know")
    for path in sorted(SCHEMAS.glob("*.json")):
        for place in objects_without_guard(json.loads(path.read_text())):
            problems.append(f"docs/schema/{path.name}: {place} accepts unknown keys")
        if path.name not in used:
            problems.append(f"docs/schema/{path.name}: no call of this test produces it")
    for problem in problems:
        print(problem)
    print(f"{count} outputs, {len(used)} schemas, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
