#!/bin/sh
# with_trust.sh PROGRAM SOURCE: real clients under `tlsmedic run --with-trust` trust the added root and nothing else.
command -v python3 >/dev/null || { echo "Skipped"; echo "python3 is not installed"; exit 77; }
exec python3 "$2/tests/e2e/cure/with_trust.py" "$1"
