# Ctrl-C: the first asks a run to finish with what it knows, the second ends it; a passphrase is asked for on
# the terminal without showing it.
#   ctrl_c.sh PROGRAM SOURCE
set -u
if ! command -v python3 >/dev/null 2>&1; then
  printf 'Skipped\nthere is no python3\n'
  exit 77
fi
if ! command -v openssl >/dev/null 2>&1; then
  printf 'Skipped\nthere is no openssl to make a PKCS#12 file with\n'
  exit 77
fi
exec python3 - "$1" <<'PYTHON'
import json, os, pty, select, signal, socket, subprocess, sys, tempfile, time

program = sys.argv[1]
failures = []

def check(good, what):
    if not good:
        failures.append(what)

# A server that accepts and says nothing.
silent = socket.socket()
silent.bind(("127.0.0.1", 0))
silent.listen(64)
port = silent.getsockname()[1]
words = [program, "diagnose", f"https://127.0.0.1:{port}", "--timeout", "120", "--roots", "mozilla", "--json"]

def started():
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    silent.settimeout(30)
    silent.accept()  # it is at work now
    time.sleep(0.2)
    return process

once = started()
began = time.monotonic()
once.send_signal(signal.SIGINT)
out, err = once.communicate(timeout=60)
check(time.monotonic() - began < 20, "after one Ctrl-C the run ends soon")
check(once.returncode in (1, 3), f"one Ctrl-C is no crash: status {once.returncode}, {err[-300:]!r}")
if out:
    json.loads(out)  # whole, not cut

twice = started()
twice.send_signal(signal.SIGINT)
twice.send_signal(signal.SIGINT)
deadline = time.monotonic() + 20
while twice.poll() is None and time.monotonic() < deadline:
    # Two signals that arrive together are one: repeat, as an impatient person does.
    twice.send_signal(signal.SIGINT)
    time.sleep(0.05)
check(twice.poll() is not None, "the second Ctrl-C ends the run")
twice.communicate()
check(twice.returncode in (-signal.SIGINT, 1, 3), f"by the signal: {twice.returncode}")

# A PKCS#12 file whose passphrase is typed on a terminal of its own.
phrase = "typed-phrase-5e1c"
with tempfile.TemporaryDirectory() as d:
    def openssl(*args):
        subprocess.run(["openssl", *args], check=True, cwd=d, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "k.pem",
            "-out", "c.pem", "-subj", "/CN=client")
    openssl("pkcs12", "-export", "-in", "c.pem", "-inkey", "k.pem", "-out", "c.p12", "-passout", "pass:" + phrase)
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    free = closed.getsockname()[1]
    closed.close()
    for typed, want in ((phrase, "not"), ("wrong-" + phrase, "refused")):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(program, [program, "diagnose", f"https://127.0.0.1:{free}", "--roots", "mozilla", "--cert",
                               os.path.join(d, "c.p12"), "--lang", "en"])
        shown, asked, deadline = b"", False, time.monotonic() + 60
        while time.monotonic() < deadline:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if not asked and b"c.p12" in shown:
                asked = True
                time.sleep(0.3)  # until the echo is off
                os.write(terminal, typed.encode() + b"\n")
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        check(asked, f"the passphrase is asked for: {shown[-300:]!r}")
        check(typed.encode() not in shown, "what is typed is not shown")
        if want == "refused":
            check(code in (2, 3), f"a wrong passphrase: status {code}, {shown[-300:]!r}")
        else:
            check(code == 1 or (code == 3 and b"passphrase" not in shown.split(b"c.p12", 1)[1]),
                  f"the right passphrase opens the file: status {code}, {shown[-300:]!r}")

for failure in failures:
    print("failed:", failure)
sys.exit(1 if failures else 0)
PYTHON
