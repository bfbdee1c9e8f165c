import requests

VERIFY = False


def fetch(path):
    return requests.get("https://api.example.org/" + path, timeout=5, verify=VERIFY)


def fetch_quickly(path):
    # tlsmedic: allow python-verify-off until 2020-01-31 because the certificate was being renewed
    return requests.get("https://api.example.org/" + path, verify=False)
