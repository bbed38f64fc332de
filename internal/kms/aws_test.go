//go:build kms

package kms

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// awsKMS answers Encrypt and Decrypt as the API of AWS KMS is described at
// docs.aws.amazon.com/kms/latest/APIReference. What it "encrypts" it keeps, with
// the key it was for. Signatures are not checked, only that there is one.
type awsKMS struct {
	*httptest.Server
	mu   sync.Mutex
	kept map[string][2]string // ciphertext -> key, plaintext
	deny bool
}

func newAWS(t *testing.T) *awsKMS {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s3cret-of-aws")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	a := &awsKMS{kept: map[string][2]string{}}
	a.Server = httptest.NewServer(a)
	t.Cleanup(a.Close)
	return a
}

func (a *awsKMS) url(key string) string {
	return "awskms:///" + key + "?region=eu-central-1&endpoint=" + a.URL
}

func (a *awsKMS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var in struct{ KeyId, Plaintext, CiphertextBlob string }
	refuse := func(status int, kind string) {
		w.Header().Set("X-Amzn-ErrorType", kind)
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"__type":%q,"message":"refused"}`, kind)
	}
	signed := strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
	out := map[string]string{}
	switch err := json.NewDecoder(r.Body).Decode(&in); {
	case err != nil || !signed || r.Method != "POST":
		refuse(400, "ValidationException")
		return
	case a.deny:
		refuse(400, "AccessDeniedException")
		return
	case r.Header.Get("X-Amz-Target") == "TrentService.Encrypt":
		sealed := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "sealed %d", len(a.kept)))
		a.kept[sealed] = [2]string{in.KeyId, in.Plaintext}
		out["CiphertextBlob"] = sealed
	default:
		kept, ok := a.kept[in.CiphertextBlob]
		if !ok || in.KeyId != "" && kept[0] != in.KeyId {
			refuse(400, "InvalidCiphertextException")
			return
		}
		out["Plaintext"] = kept[1]
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(out)
}

// From the URL to the service and back: AWS's own client, and gocloud's driver.
func TestAWS(t *testing.T) {
	a, ctx := newAWS(t), t.Context()
	open := func(key string) secret.Wrapper {
		t.Helper()
		w, err := Open(ctx, a.url(key), Config{})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	w, ad := open("alias/ductape"), secret.DataKeyAD("default", "secrets")
	sealed, box, err := secret.NewDataKey(ctx, w, ad)
	if err != nil {
		t.Fatal(err)
	}
	value, err := box.Seal([]byte("value"), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := secret.OpenDataKey(ctx, open("alias/ductape"), sealed, ad)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open(value, nil); err != nil || string(plain) != "value" {
		t.Errorf("%q, %v", plain, err)
	}
	if _, err := secret.OpenDataKey(ctx, open("alias/other"), sealed, ad); !errors.Is(err, secret.ErrWrongMasterKey) {
		t.Errorf("another key: %v", err)
	}
	if _, err := secret.OpenDataKey(ctx, w, sealed, secret.DataKeyAD("other", "secrets")); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("moved to another workspace: %v", err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	if _, err := secret.OpenDataKey(ctx, w, changed, ad); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("changed: %v", err)
	}
	a.mu.Lock()
	a.deny = true
	a.mu.Unlock()
	_, err = secret.OpenDataKey(ctx, w, sealed, ad)
	if ductape.CodeOf(err) != ductape.CodeUpstreamUnreachable || strings.Contains(fmt.Sprint(err), "s3cret") {
		t.Errorf("without permission: %v", err)
	}
}
