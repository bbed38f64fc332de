package embedded_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/secret"
)

// A key that is gone is missed; no other is made in its place.
func TestMasterKeyThatIsGone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	d, err := embedded.Open(t.Context(), embedded.Config{Data: folder})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Catalog.SetSecret(context.Background(), ductape.DefaultWorkspace, "K", secret.New("value"), catalog.SecretScope{}); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, secret.MasterKeyFile)
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	_, err = embedded.Open(t.Context(), embedded.Config{Data: folder})
	if err == nil || !strings.Contains(err.Error(), "is gone") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Error("another key was made")
	}
}
