#!/bin/sh
# cure_matrix.sh PROGRAM SOURCE: `fix` cures real clients, they refuse what they should, and `undo` is exact.
# All clients: python3 tests/e2e/cure/matrix.py PROGRAM
command -v python3 >/dev/null || { echo "Skipped"; echo "python3 is not installed"; exit 77; }
exec python3 "$2/tests/e2e/cure/matrix.py" "$1" git curl
