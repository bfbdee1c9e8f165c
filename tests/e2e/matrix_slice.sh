#!/bin/sh
# The slice of tests/e2e/matrix that every run can afford.
#   matrix_slice.sh PROGRAM SOURCE
command -v python3 >/dev/null || {
  printf 'Skipped\npython3 is not installed\n'
  exit 77
}
exec python3 "$2/tests/e2e/matrix/matrix.py" "$1" --slice
