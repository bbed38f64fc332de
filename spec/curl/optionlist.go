package curl

import "strings"

var short = map[string]string{ // :: short option -> its long name
	"X": "request", "H": "header", "d": "data", "F": "form", "u": "user", "b": "cookie", "A": "user-agent", "e": "referer",
	"G": "get", "I": "head", "T": "upload-file", "k": "insecure", "L": "location", "o": "output", "O": "remote-name", "s": "silent",
	"S": "show-error", "v": "verbose", "i": "include", "f": "fail", "g": "globoff", "N": "no-buffer", "m": "max-time", "x": "proxy",
	"w": "write-out", "c": "cookie-jar", "E": "cert", "K": "config", "D": "dump-header", "r": "range", "U": "proxy-user", "C": "continue-at",
	":": "next", "0": "http1.0", "1": "tlsv1", "2": "sslv2", "3": "sslv3", "4": "ipv4", "6": "ipv6", "#": "progress-bar", "z": "time-cond",
	"y": "speed-time", "Y": "speed-limit", "Z": "parallel", "n": "netrc", "q": "disable", "j": "junk-session-cookies", "J": "remote-header-name",
	"R": "remote-time", "a": "append", "t": "telnet-option", "P": "ftp-port", "Q": "quote", "h": "help", "V": "version", "p": "proxytunnel",
	"l": "list-only", "M": "manual", "B": "use-ascii",
}

// taking are the options that take a value, besides those that setters handles
// (the manual page of curl 8.15).
var taking = words(`abstract-unix-socket alt-svc cacert capath cert cert-type ciphers config connect-timeout connect-to continue-at cookie-jar
create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare
etag-save expect100-timeout ftp-account ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip
hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway keepalive-cnt keepalive-time key key-type krb libcurl limit-rate local-port login-options
mail-auth mail-from mail-rcpt max-filesize max-redirs max-time netrc-file noproxy output output-dir parallel-max parallel-max-host pass pinnedpubkey
preproxy proto proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key
proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user
proxy1.0 pubkey quote random-file rate request-target resolve retry retry-delay retry-max-time sasl-authzid service-name sigalgs socks4 socks4a socks5
socks5-gssapi-service socks5-hostname speed-limit speed-time ssl-sessions stderr telnet-option tftp-blksize time-cond tls-max tls13-ciphers
tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket upload-flags variable vlan-priority write-out`)

// harmless are the options that say how to show, keep or wait, not what to send.
var harmless = words(`location output remote-name remote-name-all silent show-error verbose include show-headers fail fail-early fail-with-body globoff
no-buffer buffer compressed progress-bar no-progress-meter progress-meter write-out dump-header remote-header-name remote-time http1.1 http1.0 http0.9
http2 http2-prior-knowledge http3 http3-only ipv4 ipv6 trace trace-ascii trace-config trace-ids trace-time stderr max-time connect-timeout parallel
parallel-immediate parallel-max parallel-max-host basic location-trusted anyauth tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 no-keepalive keepalive-time
keepalive-cnt styled-output max-redirs output-dir create-dirs create-file-mode no-clobber remove-on-error skip-existing disable tr-encoding path-as-is
xattr libcurl out-null http1 suppress-connect-headers tcp-nodelay tcp-fastopen speed-limit speed-time limit-rate max-filesize raw no-alpn no-npn
expect100-timeout happy-eyeballs-timeout-ms no-sessionid cookie-jar junk-session-cookies`)

// valueless are further options without a value; they say how to connect.
var valueless = words(`append ca-native cert-status compressed-ssh crlf disable-eprt disable-epsv disallow-username-in-url doh-cert-status doh-insecure
false-start form-escape ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control haproxy-protocol help ignore-content-length
insecure list-only mail-rcpt-allowfails manual metalink mptcp negotiate netrc netrc-optional ntlm-wb post301 post302 post303 proxy-anyauth proxy-basic
proxy-ca-native proxy-digest proxy-http2 proxy-insecure proxy-negotiate proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tlsv1
proxytunnel retry-all-errors retry-connrefused sasl-ir socks5-basic socks5-gssapi socks5-gssapi-nec ssl ssl-allow-beast ssl-auto-client-cert
ssl-no-revoke ssl-reqd ssl-revoke-best-effort sslv2 sslv3 tftp-no-options tls-earlydata use-ascii version`)

func words(text string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(text) {
		m[w] = true
	}
	return m
}

// isOption reports whether curl has a long option of that name.
func isOption(name string) bool {
	name = strings.TrimPrefix(name, "no-")
	_, set := setters[name]
	_, flag := flags[name]
	return set || flag || taking[name] || harmless[name] || harmless["no-"+name] || valueless[name] || name == "next"
}
