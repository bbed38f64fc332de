package egress

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// reason says in words what went wrong. It never repeats the text of an error
// it does not know: those of net/http and net/url hold URLs.
func reason(err error) string {
	var (
		inURL *url.Error
		dns   *net.DNSError
		cert  *tls.CertificateVerificationError
		alert tls.AlertError
		plain tls.RecordHeaderError
		sys   syscall.Errno
	)
	if errors.As(err, &inURL) {
		err = inURL.Err
	}
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no such host"
	case errors.As(err, &dns):
		return "the name could not be looked up"
	case errors.As(err, &cert):
		return "its certificate is not trusted: " + certificateReason(cert)
	case errors.As(err, &alert):
		return "it refused the TLS handshake"
	case errors.As(err, &plain), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "it does not speak TLS on this port"
	case errors.As(err, &sys):
		return sys.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), strings.Contains(err.Error(), "server closed idle connection"):
		return "the connection ended before the answer was complete"
	case errors.Is(err, os.ErrClosed), errors.Is(err, net.ErrClosed):
		return "the connection was closed"
	case strings.Contains(err.Error(), "malformed HTTP"):
		return "the answer is not HTTP"
	case strings.Contains(err.Error(), "net/http: invalid header"), strings.Contains(err.Error(), "net/http: invalid method"):
		return "the request holds a method or header that cannot be sent"
	case strings.Contains(err.Error(), "http2:"), strings.Contains(err.Error(), "stream error:"):
		return "the HTTP/2 exchange failed"
	}
	return "the exchange failed"
}

func certificateReason(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &unknown):
		return "signed by an unknown authority"
	case errors.As(err, &host):
		return "made for another host"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "expired or not valid yet"
	}
	return "not valid"
}
