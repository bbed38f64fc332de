package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
	"github.com/ductape-go/ductape/store/sqlstore"
)

func open(t testing.TB, folder string) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func run(n int) ductape.RunRecord {
	return ductape.RunRecord{
		ID: fmt.Sprintf("run_%022d", n), Workspace: "default", StartedAt: time.UnixMicro(int64(1_800_000_000_000_000 + n)),
		DurationUS: 4213, Product: "my-product", Env: "dev", App: "stripe-app", Event: "create_customer", Method: "POST",
		URL: "https://api.stripe.com/v1/customers", KeyID: "key_0193f", Outcome: ductape.OutcomeOK, Status: 200, Attempts: 1,
		Cache: "none", BytesOut: 123, BytesIn: 4567,
	}
}

func BenchmarkAppendRuns(b *testing.B) {
	for _, size := range []int{1, 16, 64, 256, 1024} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := open(b, b.TempDir())
			batch, all := make([]ductape.RunRecord, size), make([]ductape.RunRecord, b.N+size)
			for i := range all {
				all[i] = run(i)
			}
			b.ReportAllocs()
			b.ResetTimer()
			begin := cpuTime(b)
			for i := 0; i < b.N; i += size {
				copy(batch, all[i:])
				if err := s.AppendRuns(b.Context(), batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpuTime(b)-begin)/float64(b.N)/1000, "cpu-µs/row")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkVersion(b *testing.B) {
	s := open(b, b.TempDir())
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.Version(b.Context(), "default"); err != nil {
				b.Error(err)
			}
		}
	})
}

func actions(n int) []ductape.Action {
	all := make([]ductape.Action, n)
	for i := range all {
		all[i] = ductape.Action{
			Tag: fmt.Sprintf("get_thing_%06d", i), OperationID: fmt.Sprintf("GetThing%06d", i), Method: "GET",
			Resource: fmt.Sprintf("/v1/things/%06d/{id}", i), Aliases: []string{fmt.Sprintf("things.%d.get", i)},
			Params: []ductape.Param{
				{Name: "id", In: ductape.InPath, Required: true, Schema: []byte(`{"type":"string","maxLength":5000}`)},
				{Name: "expand", In: ductape.InQuery, Style: "deepObject", Schema: []byte(`{"items":{"maxLength":5000,"type":"string"},"type":"array"}`)},
			},
			Responses: []ductape.Response{{Status: "200", Description: "Successful response.", Types: []string{"application/json"}}},
		}
	}
	return all
}

func put(b testing.TB, s store.Store, app *ductape.App) {
	b.Helper()
	if err := s.Change(b.Context(), "default", func(tx store.Tx) error { return tx.PutApp(b.Context(), app) }); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkImport(b *testing.B) {
	app := &ductape.App{Tag: "big", Actions: actions(22_000)}
	b.Run("new", func(b *testing.B) {
		for range b.N {
			b.StopTimer()
			s := open(b, b.TempDir())
			b.StartTimer()
			put(b, s, app)
		}
	})
	b.Run("same again", func(b *testing.B) {
		s := open(b, b.TempDir())
		put(b, s, app)
		b.ResetTimer()
		for range b.N {
			put(b, s, app)
		}
	})
}

func BenchmarkAction(b *testing.B) {
	for _, n := range []int{10, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := open(b, b.TempDir())
			put(b, s, &ductape.App{Tag: "big", Actions: actions(n)})
			b.ResetTimer()
			for i := range b.N {
				name := fmt.Sprintf("GetThing%06d", i*7919%n)
				if _, err := s.Action(b.Context(), "default", "big", name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
