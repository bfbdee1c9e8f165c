#!/usr/bin/env python3
"""Makes tests/explain/corpus: what real clients print at every fault of the lab.

  unshare -m tests/explain/capture/capture.py --tlsmedic build/release/tlsmedic --tools DIR [CLIENT...]

Needs root: inside its own mount namespace it puts the lab's names into /etc/hosts, because most
clients cannot be told an address. DIR holds what the system does not have by itself: bin/ (the client_*
programs beside this file, built), v/NAME (Python environments), node-N and n (node_modules), u (uv); a client that is absent is skipped, loudly. Every client runs
with an empty environment, so that no variable of this machine chooses its trust store.

Writes one file per client: the first line says which client, which version, when; each further line
is one distinct text with the faults that gave it. Ports, temporary paths, process numbers, addresses
and times are replaced by fixed ones, so that a second capture differs only where a client does.
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE.parent / "corpus"
LIMIT_S = 6
# A text longer than this many characters is kept whole for one fault only, of the others the tail.
LONG, TAIL = 1500, 14


class Client:
    def __init__(self, name, library, command, version, env=None, batch=None, skip_proxy=False):
        self.name, self.library, self.command, self.version = name, library, command, version
        self.env, self.batch, self.skip_proxy = env or {}, batch, skip_proxy


def cli(name, library, command, version, **more):
    return Client(name, library, command.split(), version.split(), **more)


def python(venv, client, library, package):
    interpreter = "{tools}/v/%s/bin/python" % venv if venv[0] == "p" and venv[1] == "y" else venv
    return Client("python-%s-%s" % (client, venv if venv.startswith("py") else "py" + venv.split("/")[-3]),
                  library, [interpreter, str(HERE / "python_clients.py"), client],
                  [interpreter, "-c", "import sys,ssl,%s as p;print('Python %%s %%s %s %%s'%%(sys.version.split()[0],"
                   "ssl.OPENSSL_VERSION,getattr(p,'__version__','')))" % (package, package)], batch="json")


def clients():
    pyenv = "{pyenv}/versions/%s/bin/python"
    found = [
        cli("curl", "openssl", "curl -sS -o /dev/null -m 3 --cacert {ca} {url}", "curl --version"),
        cli("curl-verbose", "openssl", "curl -v -o /dev/null -m 3 --cacert {ca} {url}", "curl --version"),
        cli("wget", "gnutls", "wget -T 3 -t 1 -O /dev/null --ca-certificate={ca} {url}", "wget --version"),
        cli("git", "gnutls", "git -c http.sslCAInfo={ca} ls-remote {url}repo.git", "git --version"),
        cli("openssl-s_client", "openssl", "openssl s_client -connect {host}:{port} -servername {host} "
            "-verify_hostname {host} -verify_return_error -CAfile {ca}", "openssl version", skip_proxy=True),
        cli("gnutls-cli", "gnutls", "gnutls-cli --x509cafile {ca} -p {port} {host}", "gnutls-cli --version",
            skip_proxy=True),
        cli("go", "go", "{tools}/bin/client_go {ca} {url}", "go version"),
        cli("go-1.19", "go", "{tools}/bin/client_go119 {ca} {url}", "/usr/lib/go-1.19/bin/go version"),
        Client("java", "jsse", ["java", "-cp", "{tools}/bin", "Client"], ["java", "--version"], batch="java"),
        cli("ruby", "openssl", "ruby %s/client.rb {ca} {url}" % HERE, "ruby --version"),
        cli("php-stream", "openssl", "php %s/client.php stream {ca} {url}" % HERE, "php --version", skip_proxy=True),
        cli("php-curl", "gnutls", "php %s/client.php curl {ca} {url}" % HERE, "php --version"),
        cli("perl-lwp", "openssl", "perl %s/client.pl {ca} {url}" % HERE,
            "perl -MLWP -MIO::Socket::SSL -e print(\"LWP-$LWP::VERSION-IO::Socket::SSL-$IO::Socket::SSL::VERSION\")"),
        cli("mbedtls", "mbedtls", "{tools}/bin/client_mbedtls {ca} {host} {port}", "dpkg-query -W libmbedtls14",
            skip_proxy=True),
        cli("wolfssl", "wolfssl", "{tools}/bin/client_wolfssl {ca} {host} {port}", "dpkg-query -W libwolfssl35",
            skip_proxy=True),
        cli("cargo-curl", "openssl", "cargo search --registry lab x", "cargo --version", skip_proxy=True,
            env={"CARGO_HTTP_CAINFO": "{ca}", "CARGO_REGISTRIES_LAB_INDEX": "sparse+{url}", "CARGO_NET_RETRY": "0",
                 "CARGO_HTTP_TIMEOUT": "3"}),
        cli("redis-cli", "openssl", "timeout 4 redis-cli --tls --sni {host} --cacert {ca} -h {host} -p {port} ping",
            "redis-cli --version", skip_proxy=True),
        cli("mosquitto", "openssl", "timeout 4 mosquitto_pub --cafile {ca} -h {host} -p {port} -t t -m m",
            "mosquitto_pub --help", skip_proxy=True),
        cli("ldapsearch", "gnutls", "ldapsearch -x -o nettimeout=3 -H ldaps://{host}:{port} -b o=lab",
            "dpkg-query -W ldap-utils", env={"LDAPTLS_CACERT": "{ca}"}, skip_proxy=True),
        cli("httpie", "openssl", "https --ignore-stdin --timeout 3 --verify {ca} {url}", "http --version"),
        cli("aria2", "gnutls", "aria2c --no-conf -d /tmp -o aria2.out --timeout=3 --connect-timeout=3 -m 1 "
            "--ca-certificate={ca} {url}", "aria2c --version"),
        cli("lynx", "gnutls", "lynx -dump -connect_timeout=3 -read_timeout=3 {url}", "lynx --version",
            env={"SSL_CERT_FILE": "{ca}"}),
        cli("svn", "openssl", "svn --non-interactive --config-option servers:global:ssl-authority-files={ca} "
            "--config-option servers:global:http-timeout=3 info {url}", "svn --version", skip_proxy=True),
        cli("socat", "openssl", "timeout 4 socat -u OPENSSL:{host}:{port},cafile={ca},connect-timeout=3 -",
            "socat -V", skip_proxy=True),
        cli("swaks", "openssl", "swaks --tls-on-connect --tls-verify --tls-ca-path {ca} -s {host} -p {port} "
            "--timeout 3 -q EHLO", "swaks --version", skip_proxy=True),
        cli("rclone", "go", "rclone --config /dev/null --ca-cert {ca} --timeout 3s --contimeout 3s --retries 1 "
            "--low-level-retries 1 lsf --http-url {url} :http:", "rclone --version"),
        cli("npm", "openssl", "npm view x --registry {url} --cafile {ca} --fetch-retries=0 --fetch-timeout=3000", "npm --version",
            env={"NODE_EXTRA_CA_CERTS": "{ca}"}),
        cli("bun", "boringssl", "{tools}/n/node_modules/bun/bin/bun.exe -e await(fetch('{url}'))",
            "{tools}/n/node_modules/bun/bin/bun.exe --version", env={"NODE_EXTRA_CA_CERTS": "{ca}"}),
        cli("deno", "rustls", "{tools}/n/node_modules/@deno/linux-x64-glibc/deno eval --cert {ca} await(fetch('{url}'))",
            "{tools}/n/node_modules/@deno/linux-x64-glibc/deno --version"),
        cli("uv", "rustls", "{tools}/u/bin/uv --no-config --no-cache pip install --dry-run --python {tools}/v/py312/bin/python "
            "--index-url {url}simple/ tlsmedic-lab-package", "{tools}/u/bin/uv --version",
            env={"SSL_CERT_FILE": "{ca}", "UV_HTTP_TIMEOUT": "3", "UV_HTTP_RETRIES": "0"}),
        cli("rust-native-tls", "openssl", "{tools}/bin/client_rust native {ca} {url}", "cargo --version"),
        cli("rust-rustls", "rustls", "{tools}/bin/client_rust rustls {ca} {url}", "cargo --version"),
        cli("kubectl", "go", "kubectl --server {url} --token t --certificate-authority {ca} --request-timeout 3s get pods",
            "kubectl version --client"),
        cli("aws-cli", "openssl", "{tools}/v/py312/bin/aws --endpoint-url {url} --ca-bundle {ca} "
            "--cli-connect-timeout 3 --cli-read-timeout 3 s3 ls", "{tools}/v/py312/bin/aws --version",
            env={"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "k", "AWS_DEFAULT_REGION": "us-east-1",
                 "AWS_MAX_ATTEMPTS": "1"}),
        cli("ansible", "openssl", "{tools}/v/py39/bin/ansible localhost -m ansible.builtin.uri -a "
            "url={url}__SP__ca_path={ca}__SP__timeout=3", "{tools}/v/py39/bin/ansible --version",
            env={"ANSIBLE_LOCALHOST_WARNING": "False", "ANSIBLE_NOCOLOR": "1"}),
    ]
    for number in ("8", "16", "20", "22", "24"):
        node = "node" if number == "20" else "{tools}/node-%s/node_modules/node/bin/node" % number
        found.append(cli("node-%s" % number, "openssl", "%s %s/client.js https {ca} {url}" % (node, HERE),
                         node + " -p process.version+process.versions.openssl", skip_proxy=True))
        if int(number) >= 20:
            found.append(cli("node-fetch-%s" % number, "openssl", "%s %s/client.js fetch {ca} {url}" % (node, HERE),
                             node + " -p process.version+process.versions.openssl",
                             env={"NODE_EXTRA_CA_CERTS": "{ca}"}, skip_proxy=True))
    for venv, pip in (("py312", "pip"), ("py38", "pip"), ("py36", "pip")):
        found.append(cli("%s-%s" % (pip, venv), "openssl", "{tools}/v/%s/bin/pip --disable-pip-version-check --retries 1 "
                         "--timeout 3 --cert {ca} download --no-deps -d /tmp/pip -i {url}simple/ tlsmedic-lab-package" % venv,
                         "{tools}/v/%s/bin/pip --version" % venv))
    for number in ("3.6.15", "3.7.16", "3.8.18", "3.9.18", "3.10.13", "3.11.7", "3.12.1", "3.13.0"):
        found.append(python(pyenv % number, "urllib", "openssl", "ssl"))
    found.append(python("/usr/bin/x/python3", "urllib", "openssl", "ssl"))
    for venv in ("py36", "py38", "py310", "py312", "py313"):
        found.append(python(venv, "requests", "openssl", "requests"))
    for venv in ("py310", "py312"):
        found += [python(venv, c, "openssl", m) for c, m in (
            ("urllib3", "urllib3"), ("httpx", "httpx"), ("aiohttp", "aiohttp"), ("openai", "openai"),
            ("huggingface", "huggingface_hub"))]
    found.append(python("py313", "httpx", "openssl", "httpx"))
    found += [python("py312", c, lib, m) for c, lib, m in (
        ("httplib2", "openssl", "httplib2"), ("shotgun_api3", "openssl", "shotgun_api3"), ("boto3", "openssl", "boto3"),
        ("grpc", "boringssl", "grpc"), ("genai", "openssl", "google.genai"),
        ("websockets", "openssl", "websockets"), ("tornado", "openssl", "tornado"), ("pyopenssl", "openssl", "OpenSSL"),
        ("ldap3", "openssl", "ldap3"), ("redis", "openssl", "redis"), ("pymongo", "openssl", "pymongo"),
        ("kafka", "openssl", "kafka"), ("paho", "openssl", "paho.mqtt"), ("curl_cffi", "boringssl", "curl_cffi"),
        ("pycurl", "openssl", "pycurl"), ("elasticsearch", "openssl", "elasticsearch"), ("smtplib", "openssl", "ssl"))]
    return found


PORT = re.compile(r"(?<=[:=\s'\"(\[])(\d{5})(?=\D|$)")


def normalised(text, site, roots):
    text = text.replace(str(site["port"]), "8443")
    if site["proxy"]:
        text = text.replace(site["proxy"].rsplit(":", 1)[1], "3128")
    text = text.replace(site["ca_file"], "/etc/ssl/corp/ca.pem")
    for old, new in roots:
        text = text.replace(old, new)
    text = re.sub(r"0x[0-9a-f]{8,16}", "0x7f3a5c0d2e10", text)
    text = re.sub(r"\b[0-9A-F]{12,16}:error:", "0020F0E1717F0000:error:", text)
    text = re.sub(r"\bprocess \d+|\b(?:pid|PID)[ =]\d+", "pid 4242", text)
    text = re.sub(r"\(node:\d+\)", "(node:4242)", text)
    text = re.sub(r"\b20\d\d([-/])\d\d[-/]\d\d([T ])\d\d:\d\d:\d\d(?:[.,]\d+)?", r"2026\g<1>11\g<1>21\g<2>10:00:00", text)
    text = re.sub(r"\b\d{1,2}:\d\d:\d\d(?:\.\d+)?\b", "10:00:00", text)
    text = re.sub(r"\b\d+ms\b", "12ms", text)
    text = re.sub(r"(?m)^.*(?:Downloaded|Dload|--:--:--).*$\n?", "", text)
    return text.replace("\r", "\n").strip("\n")


def environment(client, place):
    base = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/go/bin:" + os.path.expanduser("~/.cargo/bin"),
            "HOME": place["home"], "LANG": "C.UTF-8", "TMPDIR": "/tmp", "NO_COLOR": "1",
            "RUSTUP_HOME": os.path.expanduser("~/.rustup"), "CARGO_HOME": place["home"] + "/.cargo", "RUSTUP_TOOLCHAIN": place["toolchain"]}
    base.update({key: value.format(**place) for key, value in client.env.items()})
    if place["proxy"]:
        base.update({"https_proxy": place["proxy"], "HTTPS_PROXY": place["proxy"]})
    return base


def place_of(site, arguments, home):
    return {"ca": site["ca_file"], "url": site["url"], "host": site["host"], "port": site["port"],
            "proxy": site["proxy"], "tools": arguments.tools, "home": home, "toolchain": arguments.toolchain, "pyenv": arguments.pyenv}


def run_one(client, site, arguments, home):
    place = place_of(site, arguments, home)
    command = [word.replace("__SP__", " ") if "__SP__" in word else word for word in
               (word.format(**place) for word in client.command)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=LIMIT_S, env=environment(client, place), cwd=home)
    except (subprocess.TimeoutExpired, OSError):
        return None
    if done.returncode == 0:
        return None
    return done.stdout.decode("utf-8", "replace")


def run_json_batch(client, sites, arguments, home):
    """One process for all sites: the stack once, elsewhere the exception lines."""
    place = place_of(sites[0], arguments, home)
    command = [word.format(**place) for word in client.command]
    given = "".join(json.dumps(site) + "\n" for site in sites)
    env = environment(client, dict(place, proxy=""))
    done = subprocess.run(command, input=given.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=600, env=env, cwd=home)
    answers = {}
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        if line.startswith('{"'):
            one = json.loads(line)
            answers[one["site"]] = one["text"] if one["site"] == "expired-leaf" else one["last"]
    if not answers:
        print(client.name, "gave nothing:", done.stderr.decode("utf-8", "replace")[-800:], file=sys.stderr)
    return answers


def run_java_batch(client, sites, arguments, home):
    place = place_of(sites[0], arguments, home)
    given = "".join("%s %s %s %s\n" % (s["id"], s["ca_file"], s["url"], s["proxy"] or "-") for s in sites)
    done = subprocess.run([word.format(**place) for word in client.command], input=given.encode(), timeout=600,
                          stdout=subprocess.PIPE, env=environment(client, dict(place, proxy="")), cwd=home)
    answers = {}
    for part in done.stdout.decode().split("@@ ")[1:]:
        name, text = part.split("\n", 1)
        keep = [l for l in text.splitlines() if not l.startswith("\tat ") and "... " not in l]
        answers[name] = text if name == "expired-leaf" else "\n".join(keep)
    return answers


def capture(client, sites, arguments, home):
    mine = [s for s in sites if not (client.skip_proxy and s["proxy"])]
    if client.batch == "json":
        return run_json_batch(client, mine, arguments, home)
    if client.batch == "java":
        return run_java_batch(client, mine, arguments, home)
    answers = {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for site, text in zip(mine, pool.map(lambda s: run_one(client, s, arguments, home), mine)):
            if text and text.strip():
                answers[site["id"]] = text
    return answers


def version_of(client, arguments):
    if "{tools}/bin/" in client.command[0] and not os.path.exists(client.command[0].format(tools=arguments.tools)):
        return None
    try:
        done = subprocess.run([w.format(tools=arguments.tools, pyenv=arguments.pyenv, ca="", url="") for w in client.version],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20,
                              env={"PATH": os.environ["PATH"], "HOME": os.path.expanduser("~")})
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    return lines[0][:160] if lines else None


def write(client, version, answers, sites, arguments, home):
    by_text = {}
    roots = [(arguments.tools, "/opt"), (str(HERE), "/home/user"), (home, "/home/user"), (arguments.pyenv, "/opt/pyenv"),
             (os.path.expanduser("~") + "/", "/home/user/")]
    for site in sites:
        if site["id"] in answers:
            text = normalised(answers[site["id"]], site, roots)
            if site["id"] != "expired-leaf" and len(text) > LONG:
                text = "\n".join(text.splitlines()[-TAIL:])
            generic = text.replace(site["host"], "{host}")
            by_text.setdefault(generic, (text, []))[1].append(site["id"])
    path = CORPUS / (client.name + ".jsonl")
    with open(path, "w", encoding="utf-8") as out:
        head = {"client": client.name, "library": client.library, "version": version,
                "captured": datetime.date.today().isoformat()}
        out.write(json.dumps(head, ensure_ascii=False) + "\n")
        for text, faults in by_text.values():
            out.write(json.dumps({"faults": faults, "text": text}, ensure_ascii=False) + "\n")
    print("%-28s %3d faults, %3d texts, %6d bytes" % (client.name, len(answers), len(by_text), path.stat().st_size),
          flush=True)


def serve(arguments):
    lab = subprocess.Popen([arguments.tlsmedic, "lab", "serve", "--json"], stdout=subprocess.PIPE)
    text = ""
    for line in lab.stdout:
        text += line.decode()
        if line.rstrip() == b"}":
            break
    return lab, json.loads(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tlsmedic", required=True)
    parser.add_argument("--tools", required=True)
    parser.add_argument("--toolchain", default="")
    parser.add_argument("--pyenv", default=os.path.expanduser("~/.pyenv"))
    parser.add_argument("clients", nargs="*")
    arguments = parser.parse_args()
    lab, served = serve(arguments)
    try:
        sites = [s for s in served["sites"] if not s["twin"]]
        with tempfile.TemporaryDirectory() as home:
            hosts = pathlib.Path(home) / "hosts"
            hosts.write_text("127.0.0.1 localhost\n" + "".join(
                "%s %s\n" % (address, site["host"]) for site in served["sites"] for address in site["addresses"]
                if site["host"].isascii() and not site["host"][0].isdigit()))
            subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)
            for client in clients():
                if arguments.clients and client.name not in arguments.clients:
                    continue
                version = version_of(client, arguments)
                if version is None:
                    print("SKIPPED", client.name, "is not installed", file=sys.stderr)
                    continue
                write(client, version, capture(client, sites, arguments, home), sites, arguments, home)
    finally:
        lab.terminate()


if __name__ == "__main__":
    main()
