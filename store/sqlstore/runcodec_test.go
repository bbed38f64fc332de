package sqlstore

import (
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
)

func FuzzRunComesBack(f *testing.F) {
	f.Add("shop", "50%\x1fp=x", "\x00%1F%00%25", int64(-7))
	f.Add("", "", strings.Repeat("0a", 32), int64(0))
	f.Add("", "", "##x", int64(0))
	f.Fuzz(func(t *testing.T, product, url, message string, n int64) {
		want := ductape.RunRecord{
			ID: "r", StartedAt: time.UnixMicro(1).UTC(), Product: product, URL: url, Message: message, Identifier: message,
			Outcome: ductape.Code(url), BytesIn: n, Status: int(n),
		}
		got := ductape.RunRecord{ID: "r"}
		doc := encodeRuns([]ductape.RunRecord{want})[0]
		if err := decodeRun(&got, 1, doc); err != nil || got != want {
			t.Errorf("%q: got %+v, %v", doc, got, err)
		}
	})
}

func FuzzDecodeRun(f *testing.F) {
	f.Add("\x1fp=shop\x1fh=200\x1f")
	f.Add("\x1fz=later\x1fq")
	f.Fuzz(func(_ *testing.T, doc string) {
		_ = decodeRun(&ductape.RunRecord{}, 1, doc) // an error or a record, and no panic
	})
}
