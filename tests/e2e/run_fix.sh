#!/bin/sh
# run_fix.sh PROGRAM SOURCE: `tlsmedic run --fix` cures what stopped curl, runs it again, and can be undone.
for needed in python3 curl; do
  command -v $needed >/dev/null || { echo "Skipped"; echo "$needed is not installed"; exit 77; }
done
exec python3 "$2/tests/e2e/cure/run_fix.py" "$1"
