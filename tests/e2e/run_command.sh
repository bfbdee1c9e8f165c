#!/bin/sh
# run_command.sh PROGRAM SOURCE: `tlsmedic run` changes nothing of the command it runs, and explains a failure of TLS.
set -eu
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
expect() { # what, expected, found
  if [ "$2" != "$3" ]; then
    echo "$1: expected '$2', found '$3'"
    failed=1
  fi
}
status() { # runs "$@" under tlsmedic, prints its status
  code=0
  "$program" run --offline -- "$@" >"$work/out" 2>"$work/err" || code=$?
  echo "$code"
}

expect "the status of a success" 0 "$(status sh -c 'echo out; echo err >&2')"
expect "its output" out "$(cat "$work/out")"
expect "its errors, and nothing of ours" err "$(cat "$work/err")"
expect "the status of a failure" 3 "$(status sh -c 'exit 3')"
expect "a failure without TLS says nothing" "" "$(cat "$work/err")"
expect "a signal, as shells count" 143 "$(status sh -c 'kill -TERM $$')"
expect "a command that is not there" 127 "$(status tlsmedic-no-such-command)"
expect "standard input goes through" hello "$(echo hello | "$program" run -- cat)"
expect "a failure of TLS keeps its status" 60 \
  "$(status sh -c 'echo "curl: (60) SSL certificate problem: unable to get local issuer certificate" >&2; exit 60')"
case $(cat "$work/err") in
*verify-unknown-issuer*) ;;
*)
  echo "the failure is not explained: $(cat "$work/err")"
  failed=1
  ;;
esac

"$program" run --offline -- sleep 30 &
child=$!
sleep 1
kill -TERM "$child"
code=0
wait "$child" || code=$?
expect "a signal sent to us reaches the command" 143 "$code"
exit "$failed"
