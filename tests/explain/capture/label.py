#!/usr/bin/env python3
"""Says which symptom each text of tests/explain/corpus is, by what made it and by what it still says.

  tests/explain/capture/label.py [--write]

Nothing here asks tlsmedic. A label follows from three facts: which fault of the lab the client met, how
the client's library reports that fault (WORDS, from the libraries' sources), and whether the client
passed the reason on (HIDDEN, read text by text). A text that none of them decides is an error: read it,
find out in the client's source why it says so, and add the rule.
"""

import argparse
import json
import pathlib
import re
import sys

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "corpus"
NOTHING = ""  # the client was content, or what it printed says nothing of TLS

# What clients print when the lab's server was accepted and its answer then was no JSON, no repository,
# no package index; also ends of long dumps whose beginning, with the reason, was not kept.
CONTENT = [
    r"not valid JSON", r"invalid character 'l' in literal", r"info/refs not valid", r"expected ident at line",
    r"JSONDecodeError: Expecting value", r"Unsupported `Content-Type`", r"can't parse content type",
    r"^asyncio.exceptions.TimeoutError$", r"server rejected WebSocket connection: HTTP 200", r"calling the ListBuckets operation",
    r"Skipping page https", r"maximum redirect reached", r"Verify return code: 0 \(ok\)", r"_InactiveRpcError",
    r"ZeroReturnError", r"issuerCertificate: \[Circular", r"HTTP request sent; waiting for response",
    r"Can't access startfile https://[^\n]*$(?<!Alert)", r"tlsmedic-lab-package \(from versions: (none)?\)",
    r"forbidden by your security policy", r"IOStream is not idle", r"invalid literal", r"HTTP/1\.[01] 200",
]

# The library's own words for one reason: whoever prints them, they are that symptom. The first that is
# found decides, so what is more exact stands first.
WORDS = [
    # Whoever says "proxy" speaks of the proxy, also where the proxy's bytes were no TLS.
    (r"ProxyError|proxyconnect|CONNECT tunnel|HTTP code 40[37] from proxy|proxy CONNECT|Failed to connect to proxy|"
     r"Proxy returns|Tunnel connection failed|tunneling socket|[Pp]roxy CONNECT aborted|Unable to tunnel|"
     r"unsuccessful tunnel|tunnel error|Unable to connect to proxy|unexpected response from proxy|"
     r"Proxy (?:connection|handshake)|proxy: unexpected|Proxy Authentication|ERR_PROXY|[Pp]roxy tunneling|ClientProxyConnection|kind: Proxy", "proxy-error"),
    (r"unrecognized.name|UNRECOGNIZED_NAME|unrecognised name|name sent was not recognized|UnrecognizedName|UnrecognisedName", "alert-unrecognized-name"),
    (r"certificate.required|CERTIFICATE_REQUIRED|CertificateRequired|Certificate is required", "alert-certificate-required"),
    (r"alert protocol version|ALERT_PROTOCOL_VERSION|protocol_version|ProtocolVersion|protocol version not supported",
     "alert-protocol-version"),
    (r"AlertReceived\(HandshakeFailure|alert handshake failure|ALERT_HANDSHAKE_FAILURE|tls: handshake failure|handshake_failure|"
     r"fatal alert: HandshakeFailure|[Rr]eceived alert \[40\]|Handshake failed\b.*alert|ssl handshake failure:", "alert-handshake-failure"),
    (r"[Ll]egacy.renegotiation|LEGACY_RENEGOTIATION|[Ss]afe renegotiation", "legacy-renegotiation-disabled"),
    (r"[Dd][Hh].key too small|DH_KEY_TOO_SMALL|dh_p value|prime is too small|not an acceptable Diffie", "dh-key-too-small"),
    (r"wrong.version.number|WRONG_VERSION_NUMBER|[Hh]ello requ|first record does not look like|"
     r"unknown protocol|UNKNOWN_PROTOCOL|http request|HTTP_REQUEST|InvalidContentType|packet length too long|"
     r"PACKET_LENGTH_TOO_LONG|Unsupported or unrecognized SSL message|unexpected TLS packet|"
     r"record layer failure|RECORD_LAYER_FAILURE|record is not TLS|gave HTTP response to HTTPS", "wrong-version-number"),
    (r"unsupported.protocol|UNSUPPORTED_PROTOCOL|UNSUPPORTED_SSL_VERSION|[Ww]rong ssl version|selected unsupported protocol"
     r"|PeerIncompatible|peer is incompatible", "unsupported-protocol"),
    (r"self.signed certificate in certificate chain|SELF_SIGNED_CERT_IN_CHAIN", "verify-self-signed-in-chain"),
    (r"self.signed certificate|DEPTH_ZERO_SELF_SIGNED|The certificate is self-signed", "verify-self-signed-leaf"),
    (r"ostname.mismatch|[Hh]ost name mismatch|doesn't match|not valid for|does not match|no alternative certificate|"
     r"altnames|ALTNAME|matching IP address|IP address mismatch|IP SANs|legacy Common Name|cannot be verified|"
     r"NotValidForName|subject alternative DNS|[Nn]ame mismatch|not match the|did not match expected CN|CN mismatch|is valid for|"
     r"Cannot find the hostname|not owned by|owner does not match", "verify-hostname-mismatch"),
    (r"not yet valid|NotValidYet|not yet activated|NOT_YET_VALID|NotBefore|validity starts in the future|"
     r"before it's valid|CertificateNotYetValid|current date is before", "verify-not-yet-valid"),
    (r"has expired|CERT_HAS_EXPIRED|Expired|expired|validity has expired", "verify-expired"),
    (r"revoked|Revoked", "verify-revoked"),
    (r"Missing Authority Key|does not include key usage|not marked critical|Missing Subject Key", "verify-strict-x509"),
    (r"unsuitable|purpose|Purpose|key usage|KeyUsage|extended.key", "verify-wrong-purpose"),
    (r"subtree|name constraint|NameConstraint|[Pp]ermitted subtree|not permitted by|constraints are violated|"
     r"violates the signer's constraints", "verify-name-constraints"),
    (r"too weak|KEY_TOO_SMALL|key too small|weak.key|insecure algorithm|MD5|md5|SHA1|sha1WithRSA|insecure algorithm|"
     r"CA_MD_TOO_WEAK|disabled algorithm|algorithm constraints|Algorithm constraints|unacceptable hash|"
     r"key is not acceptable|bad RSA key size|algorithm check", "verify-weak-signature-or-key"),
    (r"parent certificate cannot sign|unknown authority|unable to get local issuer|UNABLE_TO_GET_ISSUER|unable to get issuer|"
     r"unable to find valid certification path|have a known issuer|issuer is (?:not trusted|unknown)|UnknownIssuer|UNABLE_TO_VERIFY_LEAF|"
     r"unable to verify the first|ISSUER|not correctly signed by the trusted CA|No trusted certificate|no-signer|"
     r"ASN no signer|signer not found|server certificate verification failed", "verify-unknown-issuer"),
    (r"socket hang up|before secure TLS connection.*ECONNRESET|socket hang up[\s\S]*ECONNRESET|ECONNRESET[\s\S]*socket hang up|network socket disconnected", "connection-reset-in-handshake"),
    (r"unexpected eof|UNEXPECTED_EOF|EOF occurred|UnexpectedEof|Remote host terminated the handshake|"
     r"closed before|other side closed|RemoteDisconnected|ended prematurely|terminated properly|"
     r"Unexpected EOF|: EOF\b|\(EOF\)|EOFError|handshake eof|error -308|wsarecv|SSLEOFError|Connection closed by|CONN_EOF|"
     r"Connection was closed|disconnected before secure|closed unexpectedly|Server disconnected|non-properly terminated|"
     r"server closed the connection|indicating that the peer has closed|EOF was observed", "unexpected-eof"),
    (r"SSL_ERROR_SYSCALL|[Cc]onnection reset|ECONNRESET|ConnectionReset|[Rr]eset by peer|Connection aborted|pull function", "connection-reset-in-handshake"),
    (r"certificate signature failure|CERT_SIGNATURE_FAILURE|BadSignature|bad signature|invalid signature|"
     r"signature failure|signature verification has failed|[Bb]ad certificate|decrypt error|DECRYPT_ERROR", "verify-other"),
    (r"handshake operation timed out|read operation timed out|SSL connection timeout|TLS handshake timeout|"
     r"ssl handshake timeout|Read timed out|Read timeout on endpoint", "handshake-timeout"),
    (r"[Cc]onnection refused|ECONNREFUSED|ConnectionRefused|Couldn't connect to server|Could not connect to server|"
     r"All connection attempts failed|Failed to establish connection|actively refused|Cannot connect to host .*:8443 "
     r"ssl:.*Connect call failed|Unable to connect\. Is the computer", "dns-or-tcp"),
    (r"[Nn]ame or service not known|ENOTFOUND", "dns-or-tcp"),
    (r"Connection timed out after|[Oo]peration timed out|timed out|TimeoutError|[Tt]imeout\.|TIMEOUT|ETIMEDOUT|WouldBlock|"
     r"Client\.Timeout exceeded", "TIMEOUT"),
]

# Faults that nobody but the one library calls a fault of its own kind.
WORDS.insert(0, (r"failed to parse certificate|CaUsedAsEndEntity|"
                 r"tag or value is invalid|keyCertSign|certificate signing|issuer is not a CA|invalid CA|"
                 r"[Pp]ath length|PATH_LENGTH|critical extension", "verify-other"))
WORDS.insert(0, (r"legacy sigalg disallowed", "unsupported-protocol"))
WORDS.insert(0, (r"[Ss]ubjectAltName did not match|hostname verification failed", "verify-hostname-mismatch"))
WORDS.insert(0, (r"SubjectAltNameWarning", "warning-unverified"))
WORDS.insert(0, (r"Alert!: Access denied|Access denied by policy", NOTHING))

H, U, X, O = "verify-hostname-mismatch", "verify-unknown-issuer", "verify-expired", "verify-other"
E, W, R, T = "unexpected-eof", "wrong-version-number", "connection-reset-in-handshake", "handshake-timeout"
S, L, P = "verify-self-signed-in-chain", "verify-self-signed-leaf", "proxy-error"

# What a client that tells its reason says of a fault, in the terms of OpenSSL 1.1.1 and later.
OPENSSL = {
    H: "bare-ip idn-u-label missing-www wildcard-too-deep wrong-host sni-wrong-vhost cn-only changing-certificate",
    "verify-strict-x509": "ca-basic-constraints-not-critical ca-without-key-usage missing-authority-key-id "
                          "missing-subject-key-id",
    P: "captive-portal proxy-403 proxy-407 proxy-down https-proxy-scheme",
    "alert-certificate-required": "client-cert-ca-list client-cert-required-tls13",
    "alert-handshake-failure": "client-cert-required-tls12 weak-ciphers-only",
    E: "close-after-hello", R: "reset-after-hello reset-long-hello flaky", "dh-key-too-small": "dhe-1024",
    X: "expired-cross-sign expired-cross-sign-only-path expired-intermediate expired-leaf expired-root one-address-broken",
    W: "garbage-bytes http-proxy-on-port imap-greeting plain-http postgres-starttls smtp-greeting",
    S: "intercepted-os-trusts intercepted-untrusted untrusted-root-sent",
    U: "untrusted-root missing-intermediate missing-intermediate-no-aia same-name-new-key-ca",
    L: "self-signed-leaf self-signed-ca-leaf",
    O: "intermediate-not-ca path-length-exceeded unknown-critical-extension malformed-extension must-staple-no-staple "
       "key-mismatch",
    "verify-weak-signature-or-key": "md5-signature sha1-signature rsa-1024",
    "verify-name-constraints": "name-constraints-excluded name-constraints-permitted",
    "verify-wrong-purpose": "wrong-eku", "legacy-renegotiation-disabled": "no-secure-renegotiation",
    "verify-not-yet-valid": "not-yet-valid", "verify-revoked": "ocsp-revoked-stapled ocsp-revoked-responder crl-revoked",
    "dns-or-tcp": "port-closed", T: "silence slow-drip",
    "alert-unrecognized-name": "sni-must-be-absent sni-unrecognized sni-unrecognized-warning",
    "unsupported-protocol": "tls10-only tls11-only", "no-shared-cipher": "p521-key ed25519-key rsa-pss-key p384-only",
    NOTHING: "crl-expired intermediate-duplicated intermediate-out-of-order root-included tls12-only tls13-only "
             "unrelated-extra validity-too-long",
}
# Libraries that tell a fault otherwise. Only OpenSSL and BoringSSL tell a self-signed root from an
# unknown one.
UNKNOWN = {fault: U for fault in ("intercepted-os-trusts", "intercepted-untrusted", "untrusted-root-sent",
                                  "self-signed-leaf", "self-signed-ca-leaf")}
OTHERWISE = {"go": UNKNOWN, "gnutls": UNKNOWN, "jsse": UNKNOWN, "rustls": UNKNOWN, "mbedtls": UNKNOWN,
             "wolfssl": UNKNOWN}

# Texts in which the client keeps the reason to itself, by client and by what it prints instead.
HIDDEN = [
    ("lynx", r"Unable to make secure connection", "other"),
    ("ldapsearch", r"Can't contact LDAP server", "other"),
    ("svn", r"An error occurred during SSL communication", "other"),
    ("svn", r"and other reason\(s\)", O),
    ("wget", r"Unable to establish SSL connection", "other"),
    ("wget", r"is not trusted\.", O),
    ("mosquitto", r"The connection was lost", NOTHING),
    ("mosquitto", r"A TLS error occurred", "other"),
    ("bun", r"TLS handshake failed", "other"),
    ("aria2", r"not signed by known authorities or invalid", O),
    ("aria2|wget|gnutls-cli|git|lynx", r"fatal alert has been received", "alert-other"),
    ("wolfssl", r"error -313", "alert-other"),
    ("mbedtls", r"fatal alert message was received", "alert-other"),
    ("wolfssl", r"error -330|error -425", O),
    ("wolfssl", r"error -341", W),
    ("php-stream", r"Failed to enable crypto", "other"),
    ("python-openai-.*", r"AttributeError: 'str' object", NOTHING),
    ("swaks", r"Remote host closed connection", E),
    ("deno", r"proxy authentication required", P),
    ("uv", r"tunnel error", P),
    ("perl-lwp|redis-cli", r"closed the connection|Server closed connection", E),
    ("perl-lwp", r"Can't connect to", "dns-or-tcp"),
    ("perl-lwp", r"Transport endpoint is not connected", NOTHING),
    ("socat", r"nonblocking operation did not complete", NOTHING),
    ("php-stream", r"HTTP request failed!", NOTHING),
    ("go|go-1.19|rclone", r'lab\.test:8443/": (Found|Forbidden)', P),
    ("python-shotgun_api3-py312", r"socks\.HTTPError", P),
    ("rust-native-tls|rust-rustls", r"kind: ProxyConnect|TunnelUnsuccessful|tunnel", P),
    ("svn", r"does not support the HTTP/DAV|doesn't seem to be|Unexpected HTTP status", NOTHING),
    ("node-2[024]", r"provider signature failure", O),
]
BARE = r"certificate verify failed"  # without a reason behind it
SPEAKS = r"(?i)ssl|tls|x509|certificat|handshake|gnutls|critical extension|pull function|PATH_LENGTH|connect to"


def by_fault(fault, library):
    if fault in OTHERWISE.get(library, {}):
        return OTHERWISE[library][fault]
    for symptom, faults in OPENSSL.items():
        if fault in faults.split():
            return symptom
    raise SystemExit("label.py knows no fault '%s'" % fault)


# What stands in a text without being its reason.
NOISE = (r"https?://[^\s\"'<>]+|\S+\.lab\.test|[Nn]ot_?Before'?:? [^;}\n]*|[Tt]imeout ?(?:=|:|   :) ?\w+|--timeout\S*|"
         r"\(Request ID[^)]*\)|proxy=\w+|/proxy\S*|[\w./-]*[Pp]roxy\.(?:py|js)\S*|if you are behind a proxy[^\n]*|"
         r"'proxy' config[^\n]*|expired, revoked[^\n]*")


def said_by(text, expected):
    """All symptoms that the words name, in the order of WORDS."""
    found = []
    for pattern, symptom in WORDS:
        if not re.search(pattern, text):
            continue
        if symptom == "TIMEOUT":
            symptom = T if re.search(r"(?i)handshake|tls connection init|\bssl\b.{0,20}time", text) and T in expected else "dns-or-tcp"
        found.append(symptom)
    return found


def label(record, client, library):
    text = re.sub(NOISE, " ", record["text"])
    expected = {by_fault(fault, library) for fault in record["faults"]}
    if re.fullmatch(r"\s*asyncio\.exceptions\.\w+Error(\s*TimeoutError)?\s*", text):
        return NOTHING
    said = said_by(text, expected)
    if re.search(r"x509: certificate signed by unknown authority", text) and "insecure algorithm" not in text:
        return U  # Go's headline, whatever it says in parentheses
    for symptom in said:
        if symptom in expected:
            return symptom
    if said:
        return said[0]
    if re.search(BARE, text):
        return O  # the reason was not passed on
    for name, pattern, symptom in HIDDEN:
        if re.fullmatch(name, client) and re.search(pattern, record["text"]):
            return symptom
    if any(re.search(pattern, record["text"]) for pattern in CONTENT):
        return NOTHING
    if len(expected) == 1:
        # It failed, in words of the client's own: the fault decides.
        return next(iter(expected)) if re.search(SPEAKS, text) else None
    return None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", action="store_true")
    write = options.parse_args().write
    undecided = 0
    for path in sorted(CORPUS.glob("*.jsonl")):
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        if path.name == "errors_dev.jsonl":
            continue  # labelled by whoever collected it
        head, records = lines[0], lines[1:]
        for number, record in enumerate(records, 2):
            symptom = label(record, head["client"], head["library"])
            if symptom is None:
                undecided += 1
                print("%s:%d: undecided: %s | %s" % (path.name, number, ",".join(record["faults"]),
                                                     record["text"][-200:].replace("\n", " / ")))
            record["symptom"] = symptom
        if write:
            path.write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in [head] + [
                {"faults": r["faults"], "symptom": r["symptom"], "text": r["text"]} for r in records]))
    return 1 if undecided else 0


if __name__ == "__main__":
    sys.exit(main())
