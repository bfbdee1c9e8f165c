#!/bin/sh
# system_stores.sh PROGRAM SOURCE: `trust add` and `trust remove` in five systems' layouts, against OpenSSL, keytool, Debian's tool.
for tool in python3 openssl; do command -v $tool >/dev/null || { echo "Skipped"; echo "$tool is not installed"; exit 77; }; done
exec python3 "$2/tests/e2e/cure/system_stores.py" "$1" debian:jks fedora:p12
