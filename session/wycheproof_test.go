package session

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"
)

// A vectorFile is one of Wycheproof's, with every test that is in it.
type vectorFile struct {
	File          string
	NumberOfTests int
	TestGroups    []struct {
		Key   json.RawMessage // a JWK or a set of them
		Tests []vector
	}
}

type vector struct {
	TcID            int
	Comment, Result string
	JWS, JWE        json.RawMessage // a text, or an object in JSON serialization
}

// token is what a caller would pass.
func (v vector) token() string {
	raw := v.JWS
	if raw == nil {
		raw = v.JWE
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// A ruling is what is expected in place of a vector's own result, and why.
type ruling struct {
	result string
	why    string
}

const (
	noClaims    = "has no payload, and a token has claims"
	otherAlg    = "is signed with PS384, while its key says PS256: a key serves for what it says"
	notInBase64 = "has a character outside of base64url, which RFC 7515, section 2, does not allow; one token has one text"
	lostPadding = "is, byte for byte, vector 357, which is valid: its padding was lost upstream"
	noES521     = "has a key for ES521, which RFC 7518, section 3.1, does not have"
	onlyHS256   = "is signed with HS384 or HS512, and secrets check HS256 only"
)

// The vectors whose result is not followed. Those that are valid and refused here
// run into a rule of ours that is stricter.
var rulings = map[string]ruling{
	"json_web_signature_test.json#259": {"invalid", noClaims},
	"json_web_signature_test.json#264": {"invalid", noClaims},
	"json_web_signature_test.json#268": {"invalid", noClaims},
	"json_web_signature_test.json#272": {"invalid", noClaims},
	"json_web_signature_test.json#320": {"invalid", noClaims},
	"json_web_signature_test.json#325": {"invalid", noClaims},
	"json_web_signature_test.json#346": {"invalid", otherAlg},
	"json_web_signature_test.json#350": {"invalid", otherAlg},
	"json_web_signature_test.json#347": {"invalid", noES521},
	"json_web_signature_test.json#351": {"invalid", noES521},
	"json_web_signature_test.json#372": {"invalid", notInBase64},
	"json_web_signature_test.json#373": {"invalid", notInBase64},
	"json_web_signature_test.json#367": {"valid", lostPadding},
	"json_web_signature_test.json#370": {"valid", lostPadding},
	"json_web_key_test.json#14":        {"invalid", onlyHS256},
	"json_web_key_test.json#15":        {"invalid", onlyHS256},
}

func readVectors(t *testing.T) []vectorFile {
	t.Helper()
	text, err := os.ReadFile("testdata/wycheproof.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Files []vectorFile }
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Files
}

// accepted is how many vectors of each file are: the others are refused.
var accepted = map[string]int{
	"json_web_signature_test.json": 36, // of 401
	"json_web_key_test.json":       3,  // of 26
	"json_web_crypto_test.json":    4,  // of 83
}

// Every vector of C2SP/wycheproof for JSON Web Signatures, for keys of them and
// for both, against each of the three ways in. What is encrypted and not signed
// is no session token and is refused.
func TestWycheproof(t *testing.T) {
	ruled, total := 0, 0
	for _, file := range readVectors(t) {
		n, good := 0, 0
		for _, group := range file.TestGroups {
			keys := keysOf(t, group.Key)
			for _, v := range group.Tests {
				want, ok := expected(file, v)
				n++
				if ok {
					ruled++
				}
				if want == "valid" {
					good++
				}
				v.check(t, file.File, keys, want)
			}
		}
		t.Logf("%s: %d vectors, %d accepted, %d refused", file.File, n, good, n-good)
		if n != file.NumberOfTests || good != accepted[file.File] {
			t.Errorf("%s: %d of %d vectors, %d accepted", file.File, n, file.NumberOfTests, good)
		}
		total += n
	}
	if total != 401+26+83 || ruled != len(rulings) {
		t.Errorf("%d vectors, %d rulings of %d", total, ruled, len(rulings))
	}
	t.Logf("%d vectors, %d of them ruled upon", total, ruled)
}

func (f vectorFile) id(v vector) string { return f.File + "#" + strconv.Itoa(v.TcID) }

func expected(file vectorFile, v vector) (result string, ruled bool) {
	if r, ok := rulings[file.id(v)]; ok {
		return r.result, true
	}
	if v.JWS == nil {
		return "invalid", false
	}
	return v.Result, false
}

// check asks each verifier: only those that the keys are for may accept.
func (v vector) check(t *testing.T, file string, keys []testKey, want string) {
	t.Helper()
	for name, open := range verifiers {
		good := want == "valid" && accepting(keys)[name]
		if err := open(v.token(), keys); (err == nil) != good {
			t.Errorf("%s#%d %s, %s: %v, want %s", file, v.TcID, v.Comment, name, err, want)
		}
	}
}

// What the rulings say is so: the texts are the same, and what keys for another
// algorithm did not open is opened once the keys name none.
func TestWycheproofRulings(t *testing.T) {
	texts := map[int]string{}
	file := readVectors(t)[0]
	for _, group := range file.TestGroups {
		for _, v := range group.Tests {
			texts[v.TcID] = v.token()
			if r := rulings[file.id(v)]; r.why != otherAlg && r.why != noES521 {
				continue
			}
			if err := openWithPublic(v.token(), []testKey{withoutAlg(t, group.Key)}); err != nil {
				t.Errorf("%d %s: %v", v.TcID, v.Comment, err)
			}
		}
	}
	if texts[367] != texts[357] || texts[370] != texts[357] {
		t.Error("367 and 370 are not the text of 357")
	}
}

func withoutAlg(t *testing.T, raw json.RawMessage) testKey {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal(raw, &members); err != nil {
		t.Fatal(err)
	}
	delete(members, "alg")
	raw, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return testKey{raw: raw}
}
