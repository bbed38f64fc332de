package sample_test

import (
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// Made-up credentials, each of a shape that real ones have.
const (
	hex32   = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	base62  = "Zx9Qw2Er7Ty4Ui1Op6As3Df"
	oneUUID = "3f2b8c1e-7a64-4d0f-9c55-1e2d3c4b5a69"
)

func TestJudge(t *testing.T) {
	const header, query = ductape.InHeader, ductape.InQuery
	for _, c := range []struct {
		in          ductape.Location
		name, value string
		want        sample.Verdict
	}{
		{header, "DD-APPLICATION-KEY", hex32, sample.Lift},
		{header, "X-Functions-Key", base62, sample.Lift},
		{header, "X-Parse-Master-Key", "abc", sample.Lift},
		{header, "X-Parse-Application-Id", base62, sample.Lift},
		{header, "X-Query-Key", hex32, sample.Lift},
		{header, "X-Insert-Key", "NRII-" + base62, sample.Lift},
		{header, "X-Admin-Key", hex32, sample.Lift},
		{header, "X-AIO-Key", "aio_" + base62, sample.Lift},
		{header, "Ocp-Key", oneUUID, sample.Lift},
		{header, "Authentication", "abc", sample.Lift},
		{header, "X-Auth", "abc", sample.Lift},
		{header, "X-Auth-Email", "john@example.com", sample.Lift},
		{header, "X-Session-Id", "abc", sample.Lift},
		{header, "X-Thing", "sk_live_" + base62, sample.Lift},
		{header, "X-Thing", hex32, sample.Lift},
		{header, "X-Thing", oneUUID, sample.Lift},
		{header, "X-Signature", hex32, sample.Drop},
		{header, "X-Hub-Signature", "sha1=" + hex32 + "00112233", sample.Drop},
		{header, "X-User", "john@example.com", sample.Drop},
		{header, "X-Tenant-Id", hex32, sample.Drop},
		{header, "X-Request-Id", oneUUID, sample.OnlyShown},
		{header, "Idempotency-Key", oneUUID, sample.OnlyShown},
		{header, "Accept", "application/vnd.github.v3+json", sample.Keep},
		{header, "Accept-Language", "en-US,en;q=0.9", sample.Keep},
		{header, "User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", sample.Keep},
		{header, "Stripe-Version", "2024-06-20", sample.Keep},
		{header, "X-Auth-Type", "two-factor", sample.Keep},
		{header, "X-Sort-Key", "name", sample.Keep},
		{header, "Referer", "https://example.com/a/" + base62, sample.Keep},
		{header, "If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT", sample.Keep},
		{query, "appid", hex32, sample.Lift},
		{query, "appid", "7", sample.Keep},
		{query, "auth", "abc", sample.Lift},
		{query, "key", "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q", sample.Lift},
		{query, "key", "name", sample.Keep},
		{query, "code", base62 + "==", sample.Lift},
		{query, "code", "EUR", sample.Keep},
		{query, "sig", "a%2Bb", sample.Drop},
		{query, "q", hex32, sample.Drop},
		{query, "order", oneUUID, sample.OnlyShown},
		{query, "sort_key", "created", sample.Keep},
		{query, "since", "2024-01-15T09:30:00.000000Z", sample.Keep},
		{query, "fields", "firstName,lastName,numberOfItemsPerPage,getUserProfileInformation", sample.Keep},
		{query, "account", "12345678901234567890", sample.Keep},
		{query, "slug", "how-to-call-any-api-by-its-name-in-2026", sample.Keep},
		{query, "key", "{{key}}", sample.Keep},
	} {
		if got := sample.Judge(c.in, c.name, c.value); got != c.want {
			t.Errorf("%s %s: %s is %d, want %d", c.in, c.name, c.value, got, c.want)
		}
	}
}

func TestCutTokens(t *testing.T) {
	for in, want := range map[string]string{
		"/bot123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11/sendMessage":         "/bot{token}/sendMessage",
		"/bot123456%3AABC/getMe":                                            "/bot{token}/getMe",
		"/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX":            "/services/{token}/{token_2}/{token_3}",
		"/hooks/catch/123456/abc123d/":                                      "/hooks/catch/123456/{token}/",
		"/api/webhooks/1/" + base62 + "/x":                                  "/api/webhooks/1/{token}/x",
		"/webhookb2/" + oneUUID:                                             "/webhookb2/" + oneUUID,
		"/hooks/" + oneUUID:                                                 "/hooks/{token}",
		"/v1/" + hex32 + "/" + base62:                                       "/v1/{token}/{token_2}",
		"/v1/users/{token}/" + hex32:                                        "/v1/users/{token}/{token_2}",
		"/v2/Services/{ServiceSid}/MessagingConfigurations":                 "/v2/Services/{ServiceSid}/MessagingConfigurations",
		"/users/" + oneUUID + "/orders/42":                                  "/users/" + oneUUID + "/orders/42",
		"/2015-03-31/functions/getUserProfileInformation/invocations":       "/2015-03-31/functions/getUserProfileInformation/invocations",
		"/v1/projects/my-project-123/locations/us-central1-a/instances/web": "/v1/projects/my-project-123/locations/us-central1-a/instances/web",
	} {
		if got, _ := sample.CutTokens(in); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

func TestFieldsThatAreSecrets(t *testing.T) {
	for name, want := range map[string]bool{
		"password": true, "newPassword": true, "auth_pwd": true, "user[password]": true, "passphrase": true, "consumer_secret": true, "stripe_api_key": true, "oauth_access_token": true,
		"passwordHint": false, "token": false, "secretName": false, "page_token": false, "keyword": false, "": false,
	} {
		if got := sample.IsSecretField(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
