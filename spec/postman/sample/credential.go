package sample

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ductape-go/ductape/spec/naming"
)

const maxName = 256 // bytes of the name of a credential

// IsCredential reports whether a header or query parameter of that name holds a
// credential of the whole App, so that it belongs in an Auth.
func IsCredential(name string) bool {
	if len(name) > maxName {
		return false
	}
	joined := strings.Join(naming.Words(name), "")
	joined = strings.TrimPrefix(joined, "x")
	if slices.Contains([]string{"auth", "authentication", "authorization", "proxyauthorization", "cookie", "apitoken", "authtoken", "accesstoken", "usertoken", "token", "secret", "appsecret", "clientsecret", "authkey", "accesskey", "secretkey", "appkey", "applicationkey", "licensekey", "subscriptionkey", "sessiontoken", "securitytoken", "vaulttoken", "privatetoken", "csrftoken", "xsrftoken"}, joined) {
		return true
	}
	return strings.HasSuffix(joined, "apikey") || strings.HasSuffix(joined, "subscriptionkey") || strings.HasSuffix(joined, "authtoken")
}

// IsSecretName reports whether a value of that name is likely a secret, so that
// it must not be kept. It is wider than IsCredential.
func IsSecretName(name string) bool {
	if len(name) > maxName {
		return false
	}
	w := naming.Words(name)
	if len(w) == 0 {
		return false
	}
	joined := strings.Join(w, "")
	if IsCredential(name) || strings.HasSuffix(joined, "privatekey") {
		return true
	}
	if slices.ContainsFunc(w, func(s string) bool {
		return slices.Contains([]string{"page", "next", "continuation", "cursor", "sync"}, s)
	}) {
		return false
	}
	last := w[len(w)-1]
	return slices.Contains([]string{"token", "secret", "password", "passwd", "pwd", "passphrase", "pin", "apikey", "jwt", "bearer", "credential", "credentials", "assertion", "otp", "signature", "sig", "hmac"}, last) ||
		strings.HasSuffix(last, "password") || strings.HasSuffix(last, "secret") || strings.HasSuffix(last, "token") && len(last) > len("token")
}

// IsSecretField reports whether a body field of that name is a secret: the
// credentials that token endpoints take, not every field that ends in "token".
func IsSecretField(name string) bool {
	w := naming.Words(name)
	if len(name) > maxName || len(w) == 0 {
		return false
	}
	if slices.Contains([]string{"pwd", "passphrase"}, w[len(w)-1]) {
		return true
	}
	joined := strings.Join(w, "")
	return slices.Contains([]string{"idtoken", "clientassertion", "authtoken", "sessiontoken", "codeverifier"}, joined) ||
		slices.ContainsFunc([]string{"password", "passwd", "secret", "secretkey", "apikey", "accesstoken", "refreshtoken", "privatekey", "accesskey"}, func(end string) bool { return strings.HasSuffix(joined, end) })
}

var secretText = regexp.MustCompile(`\b[sr]k_(?:live|test)_[0-9A-Za-z]{8,}|\bAIza[0-9A-Za-z_-]{35}|\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]*|\bxox[abpros]-[0-9A-Za-z-]{10,}|\bgh[pousr]_[0-9A-Za-z]{30,}|\bA[KS]IA[0-9A-Z]{16}\b` +
	`|\bsk-(?:proj-|ant-|live-|test-)?[0-9A-Za-z_-]{20,}|\bgithub_pat_[0-9A-Za-z_]{20,}|\bglpat-[0-9A-Za-z_-]{16,}|\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}|\bya29\.[0-9A-Za-z_-]{20,}|\bwhsec_[0-9A-Za-z]{16,}|\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|\bnpm_[0-9A-Za-z]{36}|\bhooks\.slack\.com/services/[0-9A-Za-z/_-]{10,}|/api/webhooks/[0-9]{10,}/[0-9A-Za-z_-]{20,}|(?:\b|bot)[0-9]{6,12}:[0-9A-Za-z_-]{30,}` +
	`|(?s:-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----)`)

// Removed stands where a secret was taken out of an example.
const Removed = "[removed]"

// Scrub removes texts that have the shape of a well-known credential and
// reports whether there was one.
func Scrub(text string) (string, bool) {
	if len(text) < 16 || !secretText.MatchString(text) {
		return text, false
	}
	return secretText.ReplaceAllLiteralString(text, Removed), true
}
