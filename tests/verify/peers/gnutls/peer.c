/* Reads one chain a line, prints GnuTLS's own verdict a line: what gnutls_certificate_verify_peers2() and
 * wget's gnutls_x509_crt_check_hostname() do with a server's certificates, without the connection. The
 * fields are as for Peer.java. */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_CERTIFICATES = 64 };

static time_t now_asked;

static time_t asked_time(time_t *t) {
  if (t != NULL) {
    *t = now_asked;
  }
  return now_asked;
}

static int parse(const char *base64, gnutls_x509_crt_t *certificate) {
  const gnutls_datum_t text = {(unsigned char *)base64, (unsigned)strlen(base64)};
  gnutls_datum_t der = {NULL, 0};
  int rc = gnutls_base64_decode2(&text, &der);
  if (rc == 0) {
    gnutls_x509_crt_init(certificate);
    rc = gnutls_x509_crt_import(*certificate, &der, GNUTLS_X509_FMT_DER);
    gnutls_free(der.data);
  }
  return rc;
}

static void judge(char *line) {
  gnutls_x509_crt_t chain[MAX_CERTIFICATES];
  unsigned chain_size = 0;
  gnutls_x509_trust_list_t roots = NULL;
  unsigned status = 0;
  int rc = 0;
  char *rest = NULL;
  const char *id = strtok_r(line, " ", &rest);
  const char *name = strtok_r(NULL, " ", &rest);
  now_asked = (time_t)strtoll(strtok_r(NULL, " ", &rest), NULL, 10);
  gnutls_x509_trust_list_init(&roots, 0);
  for (char *word = strtok_r(NULL, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
    gnutls_x509_crt_t certificate;
    const int parsed = parse(word + 2, &certificate);
    if (word[0] == 'c') {
      if (parsed != 0) {
        rc = parsed;
        break;
      }
      chain[chain_size++] = certificate;
    } else if (parsed == 0) {
      gnutls_x509_trust_list_add_cas(roots, &certificate, 1, 0);
    }
  }
  if (rc == 0) {
    rc = gnutls_x509_trust_list_verify_crt(roots, chain, chain_size,
                                           GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_LOW), &status,
                                           NULL);
  }
  if (rc == 0 && status == 0 && gnutls_x509_crt_check_hostname(chain[0], name) == 0) {
    status = GNUTLS_CERT_UNEXPECTED_OWNER;
  }
  if (rc == 0 && status == 0) {
    printf("%s pass\n", id);
  } else {
    printf("%s fail rc %d status 0x%x\n", id, rc, status);
  }
  for (unsigned i = 0; i < chain_size; i++) {
    gnutls_x509_crt_deinit(chain[i]);
  }
  gnutls_x509_trust_list_deinit(roots, 1);
}

int main(void) {
  char *line = NULL;
  size_t room = 0;
  gnutls_global_set_time_function(asked_time);
  while (getline(&line, &room, stdin) > 0) {
    line[strcspn(line, "\r\n")] = '\0';
    judge(line);
  }
  free(line);
  return 0;
}
