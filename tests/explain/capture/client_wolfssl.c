/* Shakes hands with wolfSSL: client_wolfssl CA HOST PORT. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

int main(int argc, char** argv) {
  struct addrinfo* at = NULL;
  const struct timeval limit = {3, 0};
  char text[WOLFSSL_MAX_ERROR_SZ];
  (void)argc;
  wolfSSL_Init();
  WOLFSSL_CTX* context = wolfSSL_CTX_new(wolfTLS_client_method());
  if (wolfSSL_CTX_load_verify_locations(context, argv[1], NULL) != WOLFSSL_SUCCESS) {
    fprintf(stderr, "ERROR: failed to load %s, please check the file.\n", argv[1]);
    return 1;
  }
  if (getaddrinfo(argv[2], argv[3], NULL, &at) != 0) {
    return 1;
  }
  const int fd = socket(at->ai_family, SOCK_STREAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
    perror("ERROR: failed to connect");
    return 1;
  }
  WOLFSSL* ssl = wolfSSL_new(context);
  wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, argv[2], (unsigned short)strlen(argv[2]));
  wolfSSL_check_domain_name(ssl, argv[2]);
  wolfSSL_set_fd(ssl, fd);
  if (wolfSSL_connect(ssl) == WOLFSSL_SUCCESS) {
    return 0;
  }
  const int error = wolfSSL_get_error(ssl, -1);
  wolfSSL_ERR_error_string((unsigned long)error, text);
  fprintf(stderr, "wolfSSL_connect error %d, %s\n", error, text);
  return 1;
}
