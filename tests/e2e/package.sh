# The .deb unpacks into an empty root and the program runs there: with an empty environment, and inside a
# root that holds nothing but the C library. Also: what the release binary is linked with.
#   package.sh PROGRAM SOURCE
set -u
source_dir=$2
release=$source_dir/build/release
skip() {
  printf 'Skipped\n%s\n' "$1"
  exit 77
}
fail() {
  echo "package: $1" >&2
  exit 1
}
[ -f "$release/built.stamp" ] || skip "there is no release build (./tlsmedic makes one)"
[ -z "$(cd "$source_dir" && find src data cmake CMakeLists.txt -newer "$release/built.stamp" | head -n 1)" ] ||
  skip "the release build is older than its sources (./tlsmedic makes it again)"
command -v dpkg-deb >/dev/null || skip "dpkg-deb is not installed"

# Everything but the C library is inside. The vDSO and the loader are no files of a package's choice.
needed=$(ldd "$release/tlsmedic" | awk '{print $1}' | grep -vE '^(linux-vdso|libc\.so|libm\.so|libresolv\.so|.*/ld-linux)')
[ -z "$needed" ] || fail "the release binary needs $needed"

root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
(cd "$release" && cmake --build . --target tlsmedic manual >/dev/null && cpack -G DEB -B "$root/package" >"$root/cpack.log" 2>&1) ||
  fail "cpack: $(cat "$root/cpack.log")"
deb=$(find "$root/package" -maxdepth 1 -name '*.deb')
[ -f "$deb" ] || fail "no .deb was made"

fields=$(dpkg-deb -f "$deb")
echo "$fields"
echo "$fields" | grep -q "^Architecture: $(dpkg --print-architecture)$" || fail "the architecture is wrong"
depends=$(echo "$fields" | sed -n 's/^Depends: //p' | tr ',' '\n' | sed 's/^ *//; s/ .*//' | sort -u)
[ "$depends" = libc6 ] || fail "it depends on more than the C library: $depends"

dpkg-deb -x "$deb" "$root/clean" || fail "the package does not unpack"
for file in usr/bin/tlsmedic usr/share/man/man1/tlsmedic.1 usr/share/man/ko/man1/tlsmedic.1 \
  usr/share/bash-completion/completions/tlsmedic usr/share/zsh/vendor-completions/_tlsmedic \
  usr/share/fish/vendor_completions.d/tlsmedic.fish usr/share/doc/tlsmedic/copyright; do
  [ -s "$root/clean/$file" ] || fail "$file is missing or empty"
done

# An empty environment, the root as current directory: no file of its own is needed.
(cd / && env -i "$root/clean/usr/bin/tlsmedic" explain missing-intermediate --lang ko) | grep -q 중간 ||
  fail "it does not run in an empty environment"

# A root with the C library and nothing else.
ldd "$root/clean/usr/bin/tlsmedic" | grep -o '/[^ ]*' | while read -r library; do
  mkdir -p "$root/clean$(dirname "$library")"
  cp -L "$library" "$root/clean$library"
done
if [ "$(id -u)" = 0 ] && chroot "$root/clean" /usr/bin/tlsmedic --version >/dev/null 2>&1; then
  chroot "$root/clean" /usr/bin/tlsmedic causes | grep -q '^missing-intermediate ' ||
    fail "it does not run in a root with only the C library"
  # The main job there: a server of the lab, outside the root, whose fault must be found from inside it.
  "$release/tlsmedic" lab serve expired-leaf --for 60 >"$root/lab.txt" 2>&1 &
  lab=$!
  trap 'kill "$lab" 2>/dev/null; rm -rf "$root"' EXIT
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    grep -q '^Ctrl-C\|^expired-leaf ' "$root/lab.txt" && break
    sleep 0.5
  done
  sed -n 's/^expired-leaf  *//p' "$root/lab.txt" >"$root/site"
  read -r url ca <"$root/site" || fail "the lab did not start: $(cat "$root/lab.txt")"
  cp "$ca" "$root/clean/ca.pem"
  host=${url#https://}
  host=${host%/}
  status=0
  chroot "$root/clean" /usr/bin/tlsmedic diagnose "$url" --resolve "$host:127.0.0.1" --roots /ca.pem \
    --json >"$root/report.json" 2>"$root/report.err" || status=$?
  [ "$status" = 1 ] || fail "diagnose in the root ended with $status: $(cat "$root/report.err")"
  grep -q '"cause": "expired-leaf"' "$root/report.json" ||
    fail "diagnose in the root did not find the fault: $(cat "$root/report.json")"
  echo "ran in a root with only the C library"
else
  echo "chroot is not possible here: that part was not run"
fi
