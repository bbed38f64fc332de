package session

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"
)

// The vectors whose result is not followed, and why.
var exceptions = map[int]struct {
	result string // what is expected here
	why    string
}{
	372: {"invalid", "has a character outside of base64url, which RFC 7515, section 2, does not allow; one token has one text"},
	373: {"invalid", "as 372"},
	367: {"valid", "is, byte for byte, vector 357, which is valid: its padding was lost upstream"},
	370: {"valid", "as 367"},
}

func TestWycheproof(t *testing.T) {
	text, err := os.ReadFile("testdata/wycheproof_hs256.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		TestGroups []struct {
			Key struct {
				K, Kid string
			}
			Tests []struct {
				TcID                 int
				Comment, JWS, Result string
			}
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	texts := map[int]string{}
	for _, group := range file.TestGroups {
		secret, err := base64.RawURLEncoding.DecodeString(group.Key.K)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range group.Tests {
			_, _, _, err := open(test.JWS, []Key{{ID: group.Key.Kid, Signing: secret}})
			want := test.Result
			if e, ok := exceptions[test.TcID]; ok {
				want = e.result
			}
			if (err == nil) != (want == "valid") {
				t.Errorf("%d %s: %v, want %s", test.TcID, test.Comment, err, want)
			}
			texts[test.TcID] = test.JWS
		}
	}
	if len(texts) != 40 || texts[367] != texts[357] || texts[370] != texts[357] {
		t.Errorf("%d vectors, or not the ones that the exceptions are about", len(texts))
	}
}

// The vectors with public keys, each group's key read as an issuer's set of one.
func TestWycheproofPublicKeys(t *testing.T) {
	text, err := os.ReadFile("testdata/wycheproof_public.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		TestGroups []struct {
			Key   json.RawMessage
			Tests []struct {
				TcID                 int
				Comment, JWS, Result string
			}
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, group := range file.TestGroups {
		keys, _ := readJWKS([]byte(`{"keys":[` + string(group.Key) + `]}`)) // none where the key is for something else
		for _, test := range group.Tests {
			n++
			want := test.Result
			if test.Comment == "emptyPayload" { // a token has claims
				want = "invalid"
			}
			if test.TcID == 350 { // signed with PS384, while its key says PS256
				want = "invalid"
			}
			signed, err := readForeign(test.JWS, asymmetric)
			if err == nil {
				_, err = signed.open(keys)
			}
			if (err == nil) != (want == "valid") {
				t.Errorf("%d %s: %v, want %s", test.TcID, test.Comment, err, want)
			}
		}
	}
	if n != 113 {
		t.Errorf("%d vectors", n)
	}
}
