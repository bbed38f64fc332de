// Command upstream is the API that every measured way leads to: plain net/http,
// a small JSON answer to a POST. It refuses what does not carry the credential
// or the body, so that a way that loses either cannot look fast. It prints its
// address and lives until its standard input ends.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/ductape-go/ductape/bench/exchange"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listens on " + listener.Addr().String())
	go http.Serve(listener, http.HandlerFunc(answer)) //nolint:errcheck // ends with the process
	io.Copy(io.Discard, os.Stdin)                     //nolint:errcheck // whoever started it is gone
}

func answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		http.Error(w, "the body broke off", http.StatusBadRequest)
	case r.Method != http.MethodPost || r.URL.Path != exchange.Path:
		http.Error(w, "not here", http.StatusNotFound)
	case r.Header.Get("Authorization") != "Bearer "+exchange.Token:
		http.Error(w, "no credential", http.StatusUnauthorized)
	case !bytes.Equal(body, expected(r)):
		http.Error(w, "another body: "+string(body), http.StatusBadRequest)
	default:
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, exchange.Answer) //nolint:errcheck // the client is gone
	}
}

func expected(r *http.Request) []byte {
	if r.Header.Get("Content-Type") == exchange.FormType {
		return []byte(exchange.Form)
	}
	return []byte(exchange.JSON)
}
