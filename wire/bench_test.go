package wire

import (
	"io"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

var stripeBody = jsontext.Value(`{"name":"Jenny Rosen","email":"jenny@example.com","address":{"city":"San Francisco","country":"US","line1":"510 Townsend St"},"expand":["subscriptions","tax"],"items":[{"price":"price_1","quantity":2},{"price":"price_2","quantity":1}],"metadata":{"order_id":"6735"}}`)

func BenchmarkPath(b *testing.B) {
	b.ReportAllocs()
	id := jsontext.Value(`"cus_NffrFeUfNV2Hib"`)
	for b.Loop() {
		if _, err := Path("/v1/customers/{customer}/sources/{id}", nil, func(string) (jsontext.Value, bool) { return id, true }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendPath(b *testing.B) {
	b.ReportAllocs()
	p := &ductape.Param{Name: "customer", In: ductape.InPath}
	v := jsontext.Value(`"cus_NffrFeUfNV2Hib"`)
	buf := make([]byte, 0, 256)
	for b.Loop() {
		if _, err := AppendPath(buf, p, v); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkQuery(b *testing.B, p *ductape.Param, n ductape.Nesting, text string) {
	b.ReportAllocs()
	buf, v := make([]byte, 0, 1024), jsontext.Value(text)
	for b.Loop() {
		if _, err := AppendQuery(buf, p, n, v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendQueryScalar(b *testing.B) {
	benchmarkQuery(b, &ductape.Param{Name: "limit", In: ductape.InQuery}, "", `100`)
}

func BenchmarkAppendQueryArray(b *testing.B) {
	benchmarkQuery(b, &ductape.Param{Name: "color", In: ductape.InQuery}, "", `["blue","black","brown"]`)
}

func BenchmarkAppendQueryDeepObject(b *testing.B) {
	benchmarkQuery(b, &ductape.Param{Name: "filter", In: ductape.InQuery, Style: styleDeep}, ductape.NestIndices, `{"created":{"gte":1,"lt":2},"ids":["a","b"]}`)
}

func BenchmarkHeader(b *testing.B) {
	b.ReportAllocs()
	p := &ductape.Param{Name: "X-Colors", In: ductape.InHeader}
	v := jsontext.Value(`["blue","black","brown"]`)
	for b.Loop() {
		if _, err := Header(p, v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendCookie(b *testing.B) {
	b.ReportAllocs()
	p := &ductape.Param{Name: "session", In: ductape.InCookie}
	buf, v := make([]byte, 0, 256), jsontext.Value(`"abc def"`)
	for b.Loop() {
		if _, err := AppendCookie(buf, p, v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkForm(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Form(stripeBody, FormOptions{Nesting: ductape.NestIndices}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMultipart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		m, err := Multipart(stripeBody, FormOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, m.NewReader()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkXML(b *testing.B) {
	b.ReportAllocs()
	schema := []byte(`{"xml":{"name":"customer"},"properties":{"name":{"xml":{"attribute":true}},"items":{"type":"array","xml":{"wrapped":true},"items":{"xml":{"name":"item"}}}}}`)
	for b.Loop() {
		if _, err := XML(stripeBody, schema, nil); err != nil {
			b.Fatal(err)
		}
	}
}
