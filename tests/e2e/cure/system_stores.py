"""`trust add` and `trust remove` in the layouts of five systems, below a scratch root.

usage: system_stores.py PROGRAM [LAYOUT:KEYSTORE...]   all of them without one ("debian:jks", "fedora:p12")

After `add`, OpenSSL finds the root by the directory and by the bundle, keytool in the keystore, and the system's own
tool (Debian) would make the same of it. After `remove` and after `undo` every file, link, mode and time is as before.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Lab
from picture import picture

PROGRAM = sys.argv[1]
LAYOUTS = {
    "debian": dict(marker="etc/ca-certificates.conf", anchors="usr/local/share/ca-certificates", certs="etc/ssl/certs",
                   bundle="etc/ssl/certs/ca-certificates.crt", keystore="etc/ssl/certs/java/cacerts"),
    "alpine": dict(marker="etc/alpine-release", anchors="usr/local/share/ca-certificates", certs="etc/ssl/certs",
                   bundle="etc/ssl/certs/ca-certificates.crt", keystore=None),
    "fedora": dict(marker=None, anchors="etc/pki/ca-trust/source/anchors",
                   certs="etc/pki/ca-trust/extracted/pem/directory-hash",
                   bundle="etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                   keystore="etc/pki/ca-trust/extracted/java/cacerts"),
    "suse": dict(marker=None, anchors="etc/pki/trust/anchors", certs="var/lib/ca-certificates/pem",
                 bundle="var/lib/ca-certificates/ca-bundle.pem", keystore="var/lib/ca-certificates/java-cacerts"),
    "arch": dict(marker=None, anchors="etc/ca-certificates/trust-source/anchors",
                 certs="etc/ca-certificates/extracted/cadir",
                 bundle="etc/ca-certificates/extracted/tls-ca-bundle.pem",
                 keystore="etc/ca-certificates/extracted/java-cacerts.keystore"),
}


def run(*words, expected=0, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=180, **more)
    if expected is not None and done.returncode != expected:
        raise RuntimeError(f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def make_root(work, name, layout, kind):
    root = os.path.join(work, f"{name}-{kind}")
    for directory in (layout["anchors"], layout["certs"], os.path.dirname(layout["bundle"])):
        os.makedirs(os.path.join(root, directory), exist_ok=True)
    if layout["marker"]:
        with open(os.path.join(root, layout["marker"]), "w") as file:
            file.write("3.20.0\n" if name == "alpine" else "")
    run(PROGRAM, "bundle", "build", "--quiet", "--root", root, "--output", os.path.join(root, layout["bundle"]))
    if layout["keystore"]:
        keystore = os.path.join(root, layout["keystore"])
        os.makedirs(os.path.dirname(keystore), exist_ok=True)
        run(PROGRAM, "bundle", "build", "--quiet", "--root", root, "--format", kind, "--output", keystore)
        os.utime(keystore, ns=(10**18, 10**18 + 7))
    return root


def java_trusts(keystore, fingerprint):
    if shutil.which("keytool") is None:
        return None
    listed = run("keytool", "-list", "-keystore", keystore, "-storepass", "changeit", "-J-Xshare:auto").stdout
    return fingerprint.upper() in listed.replace(":", "")


def same_as_debian(root, layout, ca, work):
    """What Debian's own tool makes of the same anchor: the same names in the directory, the same roots in the bundle."""
    tool = "/usr/sbin/update-ca-certificates"
    if not os.path.exists(tool):
        return []
    local, etc, hooks = (os.path.join(work, "real-" + part) for part in ("local", "etc", "hooks"))
    for directory in (local, etc, hooks):
        os.makedirs(directory)
    anchor = [name for name in os.listdir(os.path.join(root, layout["anchors"]))][0]
    shutil.copy(os.path.join(root, layout["anchors"], anchor), local)
    run(tool, "--localcertsdir", local, "--etccertsdir", etc, "--hooksdir", hooks, "--certsconf", os.devnull)
    theirs = {name: os.readlink(os.path.join(etc, name)) for name in os.listdir(etc) if name != "ca-certificates.crt"}
    ours = {name: os.readlink(os.path.join(root, layout["certs"], name))
            for name in os.listdir(os.path.join(root, layout["certs"])) if name not in ("ca-certificates.crt", "java")}
    theirs = {name: link.replace(local, "/" + layout["anchors"]) for name, link in theirs.items()}
    return [] if theirs == ours else [f"debian: update-ca-certificates makes {theirs}, we made {ours}"]


def check(work, name, layout, kind, ca, fingerprint):
    failures = []
    root = make_root(work, name, layout, kind)
    environment = dict(os.environ, HOME=work, XDG_STATE_HOME=os.path.join(work, "state"))
    before = picture(root)

    def expect(what, good):
        if not good:
            failures.append(f"{name} {kind}: {what}")

    change = ("--root", root, "--yes")
    run(PROGRAM, "trust", "add", ca, "--sha256", fingerprint, *change, env=environment)
    added = picture(root)
    certs, bundle = (os.path.join(root, layout[part]) for part in ("certs", "bundle"))
    # Links are those of the inspected system: absolute ones are looked up below its root.
    looked_up = os.path.join(work, f"looked-up-{name}-{kind}")
    os.mkdir(looked_up)
    for entry in os.listdir(certs):
        path = os.path.join(certs, entry)
        while os.path.islink(path):
            target = os.readlink(path)
            path = root + target if target.startswith("/") else os.path.join(os.path.dirname(path), target)
        if os.path.isfile(path):
            shutil.copy(path, os.path.join(looked_up, entry))
    for where in (("-CApath", looked_up), ("-CAfile", bundle)):
        other = ("-no-CAfile",) if where[0] == "-CApath" else ("-no-CApath",)
        expect(f"OpenSSL finds the root by {where[0]}",
               run("openssl", "verify", *where, *other, "-no-CAstore", ca, expected=None).returncode == 0)
    if layout["keystore"]:
        trusts = java_trusts(os.path.join(root, layout["keystore"]), fingerprint)
        expect("keytool finds the root", trusts is not False)
    if name == "debian":
        failures.extend(same_as_debian(root, layout, ca, os.path.join(work, kind)))
    run(PROGRAM, "trust", "add", ca, "--sha256", fingerprint, *change, env=environment)
    expect("adding twice is once", picture(root) == added)
    why = json.loads(run(PROGRAM, "trust", "why", fingerprint, "--root", root, "--json", env=environment).stdout)
    expect("why names the change", len(why["roots"]) == 1 and why["roots"][0]["changes"])
    run(PROGRAM, "trust", "remove", fingerprint, *change, env=environment)

    def content(seen):
        return {path: row[:3] + row[4:] if len(row) > 3 else row for path, row in seen.items()}

    after = content(picture(root))
    if kind == "p12" and layout["keystore"]:  # written anew: the same roots, another salt
        expect("keytool has lost it", java_trusts(os.path.join(root, layout["keystore"]), fingerprint) is not True)
        after.pop(layout["keystore"])
        expect("remove leaves nothing", after == {k: v for k, v in content(before).items() if k != layout["keystore"]})
    else:
        expect("remove leaves nothing", after == content(before))
    run(PROGRAM, "undo", "--all", "--root", root, env=environment)
    expect("undo is exact", picture(root) == before)
    return failures


def main():
    failures, layouts = [], 0
    with tempfile.TemporaryDirectory() as work, Lab(PROGRAM, ["expired-leaf"]) as lab:
        ca = lab.sites["expired-leaf.good"]["ca_file"]
        text = run(PROGRAM, "bundle", "inspect", "--json", ca).stdout
        fingerprint = json.loads(text)["trusted"][0]["fingerprint"]
        for cell in sys.argv[2:] or [f"{name}:{kind}" for name in LAYOUTS for kind in ("jks", "p12")]:
            name, kind = cell.split(":")
            os.makedirs(os.path.join(work, kind), exist_ok=True)
            failures += check(work, name, LAYOUTS[name], kind, ca, fingerprint)
            layouts += 1
    print(f"{layouts} trees, {len(failures)} failed")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
