// go_prober ROOTS TARGETS IN_FLIGHT: a prober on Go's standard library, as most tools of that
// language are: full verification, a line of JSON for each "name@address:port".
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	pem, _ := os.ReadFile(os.Args[1])
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	file, _ := os.Open(os.Args[2])
	atOnce, _ := strconv.Atoi(os.Args[3])
	lines := make(chan string, 1024)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	var lock sync.Mutex
	var wait sync.WaitGroup
	failed := false
	for i := 0; i < atOnce; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for line := range lines {
				name, address, _ := strings.Cut(line, "@")
				dialer := &net.Dialer{Timeout: 10 * time.Second}
				conn, err := tls.DialWithDialer(dialer, "tcp", address,
					&tls.Config{RootCAs: roots, ServerName: name})
				if err == nil {
					conn.Close()
				}
				text, _ := json.Marshal(map[string]any{"name": name, "verified": err == nil})
				lock.Lock()
				failed = failed || err != nil
				out.Write(append(text, '\n'))
				lock.Unlock()
			}
		}()
	}
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		lines <- scanner.Text()
	}
	close(lines)
	wait.Wait()
	if failed {
		out.Flush()
		os.Exit(1)
	}
}
