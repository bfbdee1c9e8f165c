"""Real clients that ask for a URL through a proxy: how each is called, and whether it is here.

A client's verdict is its exit status: 0 it got the page, else it refused. What it said is kept for the report.
"""

import os
import shutil
import subprocess
import sys

PYTHON_ASK = "import sys,urllib.request as u; u.urlopen(sys.argv[1], timeout=20).read()"
REQUESTS_ASK = "import sys,requests; requests.get(sys.argv[1], timeout=20)"
# Node's own https has no proxy: the tunnel is made here, the TLS over it is Node's.
NODE_ASK = """
const http = require('http'), tls = require('tls'), url = new URL(process.argv[1]);
const proxy = new URL(process.env.https_proxy);
http.request({host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: url.host}).on('connect', (r, socket) => {
  const s = tls.connect({socket, servername: url.hostname, host: url.hostname}, () => process.exit(0));
  s.on('error', (e) => { console.error(e.code || e.message); process.exit(1); });
}).on('error', (e) => { console.error(e.message); process.exit(2); }).end();
"""
JAVA_ASK = """
import java.net.*;
public class Ask {
  public static void main(String[] a) throws Exception {
    URI p = new URI(System.getenv("https_proxy"));
    Proxy proxy = new Proxy(Proxy.Type.HTTP, new InetSocketAddress(p.getHost(), p.getPort()));
    new URI(a[0]).toURL().openConnection(proxy).getInputStream().readAllBytes();
  }
}
"""
# Ruby, Perl and PHP in their own words; each honours https_proxy itself or is told.
RUBY_ASK = """
require 'net/http'; require 'uri'
u = URI(ARGV[0]); p = URI(ENV['https_proxy'])
Net::HTTP.start(u.host, u.port, p.host, p.port, use_ssl: true, open_timeout: 20) { |h| h.get('/') }
"""


PACKAGE_ASKS = {
    "requests": REQUESTS_ASK,
    "httpx": "import sys,httpx; httpx.get(sys.argv[1], timeout=20)",
    "aiohttp": """
import asyncio, sys, aiohttp
async def main():
    async with aiohttp.ClientSession(trust_env=True) as session:
        async with session.get(sys.argv[1]) as answer:
            await answer.read()
asyncio.run(main())
""",
    "httplib2": "import sys,httplib2; httplib2.Http(timeout=20).request(sys.argv[1])",
    # Whatever S3 says to the lab's answer came after the handshake.
    "botocore": """
import sys, botocore.session, botocore.config
client = botocore.session.get_session().create_client('s3', endpoint_url=sys.argv[1], region_name='x',
    aws_access_key_id='x', aws_secret_access_key='x', config=botocore.config.Config(retries={'max_attempts': 0}))
try:
    client.list_buckets()
except Exception as error:
    if 'SSL' in repr(error) or 'certificate' in repr(error):
        raise
""",
    "shotgun_api3": """
import os, sys, urllib.parse, shotgun_api3
proxy = urllib.parse.urlparse(os.environ['https_proxy'])
try:
    shotgun_api3.Shotgun(sys.argv[1], 'x', 'x', http_proxy='%s:%d' % (proxy.hostname, proxy.port)).info()
except Exception as error:
    if 'SSL' in repr(error) or 'certificate' in repr(error):
        raise
""",
}
PHP_ASK = """
$url = $argv[1];
$context = stream_context_create(['http' => ['proxy' => str_replace('http://', 'tcp://', getenv('https_proxy')),
                                             'timeout' => 20, 'ignore_errors' => true]]);
exit(file_get_contents($url, false, $context) === false ? 1 : 0);
"""
LWP_ASK = """
use LWP::UserAgent; my $agent = LWP::UserAgent->new(timeout => 20); $agent->env_proxy;
my $answer = $agent->get($ARGV[0]); print $answer->status_line, $answer->header('Client-Warning') // '';
exit($answer->header('Client-Warning') ? 1 : 0);
"""
GO_ASK = """
package main
import ("fmt"; "net/http"; "os")
func main() { _, err := http.Get(os.Args[1]); if err != nil { fmt.Println(err); os.Exit(1) } }
"""


OPENSSL_ASK = """
host=${1#https://}; host=${host%/}; proxy=${https_proxy#http://}
openssl s_client -proxy "${proxy%/}" -connect "$host" -servername "${host%:*}" -verify_hostname "${host%:*}" \\
  -verify_return_error </dev/null 2>&1 | tail -20 | grep -E "Verify return code: 0|verify error|certificate" &&
  openssl s_client -proxy "${proxy%/}" -connect "$host" -servername "${host%:*}" -verify_hostname "${host%:*}" \\
  -verify_return_error </dev/null >/dev/null 2>&1
"""


def go_program(work):
    """Compiled once for all cells; none without Go."""
    program = os.path.join(work, "go-ask")
    source = program + ".go"
    if shutil.which("go") is None:
        return "no-go-here"
    with open(source, "w") as file:
        file.write(GO_ASK)
    environment = dict(os.environ, GOCACHE=os.path.join(work, "go-cache"), GOFLAGS="-mod=mod", GO111MODULE="off")
    done = subprocess.run(["go", "build", "-o", program, source], env=environment, capture_output=True)
    return program if done.returncode == 0 else "no-go-here"


def pythons():
    """The system's, and the one of a virtual environment that TLSMEDIC_MATRIX_VENV names."""
    venv = os.environ.get("TLSMEDIC_MATRIX_VENV")
    return [system_python()] + ([os.path.join(venv, "bin/python")] if venv else [])


def system_python():
    return "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable


def has_module(python, module):
    done = subprocess.run([python, "-c", f"import {module}"], capture_output=True)
    return done.returncode == 0


def clients(work):
    """Pairs of a name and the words that ask for `{url}`; only those that are installed."""
    python = system_python()
    java = os.path.join(work, "Ask.java")
    with open(java, "w") as file:
        file.write(JAVA_ASK)
    candidates = [
        ("curl", ["curl", "-sS", "-o", os.devnull, "--max-time", "20", "{url}"]),
        ("wget", ["wget", "-q", "-O", os.devnull, "-T", "20", "-t", "1", "{url}"]),
        ("git", ["git", "ls-remote", "{url}repo.git"]),
        ("python", [python, "-c", PYTHON_ASK, "{url}"]),
        ("pip", [python, "-m", "pip", "download", "--no-cache-dir", "--disable-pip-version-check", "--retries", "0",
                 "--no-deps", "-d", work, "--index-url", "{url}", "tlsmedic-no-such-package"]),
        ("node", ["node", "-e", NODE_ASK, "{url}"]),
        ("ruby", ["ruby", "-e", RUBY_ASK, "{url}"]),
        ("java", ["java", java, "{url}"]),
        ("npm", ["npm", "view", "--registry", "{url}", "--fetch-retries", "0", "tlsmedic-no-such-package"]),
        ("php", ["php", "-r", PHP_ASK, "{url}"]),
        ("lwp", ["perl", "-e", LWP_ASK, "{url}"]),
        ("go", [go_program(work), "{url}"]),
        ("openssl", ["sh", "-c", OPENSSL_ASK, "sh", "{url}"]),
    ]
    for name, script in PACKAGE_ASKS.items():
        interpreter = next((one for one in pythons() if has_module(one, name)), None)
        if interpreter:
            candidates.append((name, [interpreter, "-c", script, "{url}"]))
    found = []
    for name, words in candidates:
        if shutil.which(words[0]) is None:
            continue
        if name == "pip" and not has_module(python, name):
            continue
        found.append((name, words))
    return found


# Clients whose exit status speaks of more than TLS: what they say when the handshake was good, and then the lab's
# server had no repository or package for them.
BEYOND_TLS = {
    "git": ("not found", "not valid: is this a git repository", "dumb http", "returned error"),
    "pip": ("no matching distribution found", "could not find a version"),
    "npm": ("json", "e404", "not found"),
}
REFUSALS = ("certificate", "cert_", "ssl", "tls", "self-signed", "unable_to", "pkix", "self_signed", "leaf_signature", "altname")


def ask(name, words, url, environment):
    """("accepted" | "refused" | "other", what it said)"""
    done = subprocess.run([word.replace("{url}", url) for word in words], env=environment, capture_output=True,
                          text=True, errors="replace", timeout=60)
    said = done.stdout + done.stderr
    if done.returncode == 0:
        return "accepted", said
    low = said.lower().replace("tlsmedic", "")
    refused = any(word in low for word in REFUSALS)
    # pip ends with "no matching distribution" in both cases; only the warnings before it tell.
    if name == "pip":
        if "ssl" in low or "certificate" in low:
            return "refused", said
        return ("accepted" if any(word in low for word in BEYOND_TLS["pip"]) else "other"), said
    if name in BEYOND_TLS and any(word in low for word in BEYOND_TLS[name]) and not refused:
        return "accepted", said
    return ("refused" if refused or name in ("wget", "curl") else "other"), said
