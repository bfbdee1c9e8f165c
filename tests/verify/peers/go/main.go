// Reads one chain a line as JSON, prints Go's own verdict a line: what crypto/tls does with a server's
// certificates, without the connection.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

type question struct {
	ID    int64    `json:"id"`
	Chain [][]byte `json:"chain"`
	Roots [][]byte `json:"roots"`
	Name  string   `json:"name"`
	At    int64    `json:"at"`
}

type answer struct {
	ID    int64  `json:"id"`
	Pass  bool   `json:"pass"`
	Error string `json:"error"`
}

func judge(q question) error {
	var chain []*x509.Certificate
	for _, der := range q.Chain {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return err
		}
		chain = append(chain, certificate)
	}
	roots := x509.NewCertPool()
	for _, der := range q.Roots {
		if certificate, err := x509.ParseCertificate(der); err == nil {
			roots.AddCert(certificate)
		}
	}
	intermediates := x509.NewCertPool()
	for _, certificate := range chain[1:] {
		intermediates.AddCert(certificate)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		DNSName:       q.Name,
		Roots:         roots,
		Intermediates: intermediates,
		CurrentTime:   time.Unix(q.At, 0),
	})
	return err
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var q question
		if err := json.Unmarshal(in.Bytes(), &q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		a := answer{ID: q.ID, Pass: true}
		if err := judge(q); err != nil {
			a.Pass = false
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			os.Exit(1)
		}
	}
}
