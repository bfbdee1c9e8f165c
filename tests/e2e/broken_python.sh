#!/bin/sh
# A real Python whose _ssl was taken away: what a diagnosis for it says, and what it prints itself.
#   broken_python.sh PROGRAM SOURCE
set -eu
program=$1
real=/usr/bin/python3
[ -x "$real" ] || {
  printf 'Skipped\n%s is not installed\n' "$real"
  exit 77
}
version=$("$real" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
library=/usr/lib/python$version
ls "$library"/lib-dynload/_ssl*.so >/dev/null 2>&1 || {
  printf 'Skipped\nthe _ssl of %s is no file of its own\n' "$real"
  exit 77
}
scratch=$(mktemp -d)
lab=
trap '[ -z "$lab" ] || kill "$lab" 2>/dev/null || true; rm -rf "$scratch"' EXIT

# A copy of its tree by links, without that one module.
mkdir -p "$scratch/bin" "$scratch/lib/python$version/lib-dynload"
cp "$(readlink -f "$real")" "$scratch/bin/python$version"
ln -s "python$version" "$scratch/bin/python3"
for entry in "$library"/*; do
  case $entry in */lib-dynload) ;; *) ln -s "$entry" "$scratch/lib/python$version/" ;; esac
done
for entry in "$library"/lib-dynload/*; do
  case $entry in */_ssl*) ;; *) ln -s "$entry" "$scratch/lib/python$version/lib-dynload/" ;; esac
done
ln -s /usr/lib/python3 "$scratch/lib/python3"
if env -i "$scratch/bin/python3" -c 'import ssl' 2>/dev/null; then
  printf 'Skipped\nthis Python finds its _ssl elsewhere\n'
  exit 77
fi

"$program" lab serve expired-leaf --for 120 --json >"$scratch/lab.json" &
lab=$!
tries=0
until tail -n 1 "$scratch/lab.json" 2>/dev/null | grep -q '^}'; do
  tries=$((tries + 1))
  [ $tries -lt 300 ] || exit 1
  sleep 0.1
done
field() {
  "$real" -c 'import json, sys
site = next(s for s in json.load(open(sys.argv[1]))["sites"] if s["id"] == "expired-leaf.good")
print(site[sys.argv[2]])' "$scratch/lab.json" "$1"
}
client=python@$scratch/bin/python$version
status=0
env -i HOME="$scratch" PATH="$scratch/bin:/usr/bin:/bin" SSL_CERT_FILE="$(field ca_file)" \
  ${ASAN_OPTIONS:+ASAN_OPTIONS="$ASAN_OPTIONS"} \
  "$program" diagnose "$(field url)" --resolve "$(field resolve)" --client "$client" --no-revocation \
  --json >"$scratch/out.json" || status=$?
[ "$status" -eq 1 ] || {
  cat "$scratch/out.json"
  echo "exit status $status, 1 was expected"
  exit 1
}
"$real" - "$scratch/out.json" <<'CHECK'
import json, sys
said = json.load(open(sys.argv[1]))
causes = [f["cause"] for f in said["findings"]]
assert causes == ["ssl-module-broken"], causes
assert said["findings"][0]["certainty"] == "proven", said["findings"][0]
cell = said["matrix"][0]
assert cell["mode"] == "observed" and cell["verdict"] == "fail", cell
assert cell["simulated"] == "fail", cell
assert "https" in cell["said"] or "ssl" in cell["said"], cell
CHECK
