/* Shakes hands with mbed TLS: client_mbedtls CA HOST PORT. */
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <stdio.h>

int main(int argc, char** argv) {
  mbedtls_net_context net;
  mbedtls_ssl_context ssl;
  mbedtls_ssl_config config;
  mbedtls_x509_crt anchors;
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context random;
  char text[512];
  (void)argc;
  mbedtls_net_init(&net);
  mbedtls_ssl_init(&ssl);
  mbedtls_ssl_config_init(&config);
  mbedtls_x509_crt_init(&anchors);
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&random);
  mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0);
  mbedtls_x509_crt_parse_file(&anchors, argv[1]);
  int result = mbedtls_net_connect(&net, argv[2], argv[3], MBEDTLS_NET_PROTO_TCP);
  if (result == 0) {
    mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_ca_chain(&config, &anchors, NULL);
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
    mbedtls_ssl_conf_read_timeout(&config, 3000);
    mbedtls_ssl_setup(&ssl, &config);
    mbedtls_ssl_set_hostname(&ssl, argv[2]);
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, mbedtls_net_recv_timeout);
    result = mbedtls_ssl_handshake(&ssl);
  }
  if (result == 0) {
    return 0;
  }
  mbedtls_strerror(result, text, sizeof text);
  printf("failed\n  ! mbedtls_ssl_handshake returned -0x%04X: %s\n", (unsigned)-result, text);
  mbedtls_x509_crt_verify_info(text, sizeof text, "  ! ", mbedtls_ssl_get_verify_result(&ssl));
  if (mbedtls_ssl_get_verify_result(&ssl) != 0 && mbedtls_ssl_get_verify_result(&ssl) != 0xFFFFFFFF) {
    printf("%s\n", text);
  }
  return 1;
}
