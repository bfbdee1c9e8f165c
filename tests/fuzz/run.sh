#!/bin/sh
# run.sh SECONDS [TARGET...]: every libFuzzer target of build/fuzz for that long, FUZZ_JOBS (2) at a time, from its
# seeds.
# One line each; status 1 when one crashed, leaked or hung. What it found stays in build/fuzz/findings.
set -eu
seconds=${1:?usage: run.sh SECONDS [TARGET...]}
shift
jobs=${FUZZ_JOBS:-2}
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$here/../.." && pwd)/build/fuzz
programs=$build/tests/fuzz
mkdir -p "$build/findings"
if [ $# -eq 0 ]; then
  for program in "$programs"/fuzz_*; do
    if [ -f "$program" ] && [ -x "$program" ]; then
      name=$(basename "$program")
      set -- "$@" "${name#fuzz_}"
    fi
  done
fi
if [ $# -eq 0 ]; then
  echo "no targets: cmake --preset fuzz && cmake --build --preset fuzz" >&2
  exit 3
fi

one() {
  name=$1
  corpus=$(mktemp -d)
  log=$build/findings/$name.log
  status=0
  # 10 s for one input is a hang; 1 GB is no bound of ours.
  "$programs/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$build/findings/$name-" "$corpus" "$here/seeds/$name" >"$log" 2>&1 || status=$?
  rm -rf "$corpus"
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if [ "$status" -eq 0 ]; then
    echo "fuzz $name: ${runs:-0} inputs in $seconds s, nothing found"
  else
    echo "fuzz $name: FOUND something (status $status), see $log"
    grep -E -m3 'ERROR|SUMMARY|runtime error|internal check' "$log" || true
    return 1
  fi
}

failed=0
while [ $# -gt 0 ]; do
  started=
  count=0
  while [ $# -gt 0 ] && [ "$count" -lt "$jobs" ]; do
    one "$1" &
    started="$started $!"
    count=$((count + 1))
    shift
  done
  for pid in $started; do
    wait "$pid" || failed=1
  done
done
exit "$failed"
