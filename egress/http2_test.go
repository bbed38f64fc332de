package egress_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"testing"

	"golang.org/x/net/http2"

	"github.com/ductape-go/ductape/egress"
)

var silent = log.New(io.Discard, "", 0)

// http2Resetter returns the URL of a server that resets every stream with code
// once its headers have come, and a client that trusts it.
func http2Resetter(t *testing.T, code http2.ErrCode) (string, *egress.Client) {
	t.Helper()
	lender := httptest.NewTLSServer(nil) // for its certificate
	lender.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: lender.TLS.Certificates, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go resetStreams(conn, code)
		}
	}()
	roots := x509.NewCertPool()
	roots.AddCert(lender.Certificate())
	return "https://" + l.Addr().String(), newClient(t, egress.Config{RootCAs: roots})
}

func resetStreams(conn net.Conn, code http2.ErrCode) {
	defer func() { _ = conn.Close() }()
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(conn, preface); err != nil || !bytes.Equal(preface, []byte(http2.ClientPreface)) {
		return
	}
	framer := http2.NewFramer(conn, conn)
	if framer.WriteSettings() != nil {
		return
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() && framer.WriteSettingsAck() != nil {
				return
			}
		case *http2.HeadersFrame:
			if framer.WriteRSTStream(f.StreamID, code) != nil {
				return
			}
		}
	}
}
