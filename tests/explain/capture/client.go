// Command client fetches one URL with the standard library's HTTPS client: client CA URL.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	pem, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	transport.TLSHandshakeTimeout = 2 * time.Second
	client := &http.Client{Transport: transport, Timeout: 3 * time.Second}
	if _, err := client.Get(os.Args[2]); err != nil {
		log.Fatal(err)
	}
}
