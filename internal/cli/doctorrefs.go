package cli

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
)

// secretRef finds references to secrets: $Secret{KEY} and $Secret{KEY@2}. A
// credential that is sealed in its place, connection/…, is no secret of its own.
var secretRef = regexp.MustCompile(`\$Secret\{([^{}@/]+)(?:@(\d+))?\}`)

// unusable says what keeps a connection's references to secrets from working.
func unusable(conn ductape.Connection, env ductape.ConnectionEnv, secrets map[string]*ductape.Secret, now time.Time) []string {
	var texts, faults []string
	for _, fields := range env.Auth {
		for _, text := range fields {
			texts = append(texts, text)
		}
	}
	for _, value := range env.Variables {
		texts = append(texts, string(value))
	}
	for _, text := range texts {
		for _, ref := range secretRef.FindAllStringSubmatch(text, -1) {
			if fault := secretFault(ref[1], ref[2], secrets[ref[1]], conn.App, env.ProductEnv, now); fault != "" {
				faults = append(faults, fault)
			}
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

func secretFault(key, version string, s *ductape.Secret, app, env string, now time.Time) string {
	if s == nil {
		return "the secret " + key + " is not set; set it with: ductape secrets set " + key
	}
	n, _ := strconv.Atoi(version) // digits, or nothing
	switch {
	case n > s.Version:
		return fmt.Sprintf("the secret %s has no version %d", key, n)
	case len(s.Apps) > 0 && !slices.Contains(s.Apps, app):
		return "the secret " + key + " is not for the app " + app + ", only for " + strings.Join(s.Apps, ", ")
	case len(s.Envs) > 0 && !slices.Contains(s.Envs, env):
		return "the secret " + key + " is not for the environment " + env + ", only for " + strings.Join(s.Envs, ", ")
	case s.ExpiresAt != nil && !now.Before(*s.ExpiresAt):
		return "the secret " + key + " has expired; set its next value with: ductape secrets rotate " + key
	}
	return ""
}

// isPrivate reports whether a base URL names an address that runs refuse unless
// its environment allows private ones. A host name is not looked up.
func isPrivate(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	ip = ip.Unmap()
	return err == nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified())
}
