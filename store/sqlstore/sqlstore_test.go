package sqlstore_test

import (
	"testing"

	"github.com/ductape-go/ductape/store"
	"github.com/ductape-go/ductape/store/sqlstore"
	"github.com/ductape-go/ductape/store/storetest"
)

func TestStoreInMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		s, err := sqlstore.OpenMemory(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	})
}

func TestStoreInFolder(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, t.TempDir()) })
}
