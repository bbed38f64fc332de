package spec_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/spec"
)

const before = `{"openapi":"3.1.0","info":{"title":"T","version":"1"},`

// TestHostileDescriptionsTakeBoundedMemory reads small descriptions of which
// each warning, or each name, could grow with the whole text.
func TestHostileDescriptionsTakeBoundedMemory(t *testing.T) {
	server := `"servers":[{"url":"https://api.acme.io"}],`
	path := `"paths":{"/a":{"get":{"operationId":"a","responses":{}}}}}`
	long := strings.Repeat(`é\u00e9`, 25_000)
	for name, text := range map[string]string{
		"undescribed path parameters": before + server + `"paths":{"/` + each(40_000, "{s%d}", "/") + `":{"get":{"responses":{}}}}}`,
		"bad parameters of a long path": before + server + `"paths":{"/` + long + `":{"get":{"responses":{},"parameters":[` +
			each(2000, `{"name":"p%d","in":"nowhere"}`, ",") + `,` + each(2000, `{"name":"p%d","in":"path"}`, ",") + `]}}}}`,
		"variables of one server": before + `"servers":[{"url":"https://api.acme.io/` + each(40_000, "{v%d}", "/") + `"}],` + path,
		"servers of operations": before + server + `"paths":{` +
			each(5000, `"/p%[1]d":{"get":{"servers":[{"url":"https://b%[1]d.acme.io/{v%[1]d}","variables":{"v%[1]d":{"default":"x"}}}],"responses":{}}}`, ",") + `}}`,
		"security schemes of one name": before + server + `"components":{"securitySchemes":{` +
			each(5000, `"a %[1]*[2]s":{"type":"http","scheme":"bearer"}`, ",") + `}},` + path,
	} {
		t.Run(name, func(t *testing.T) {
			var from, to runtime.MemStats
			runtime.ReadMemStats(&from)
			res, err := spec.Read(spec.Source{Data: []byte(text)}, spec.Options{})
			runtime.ReadMemStats(&to)
			if err != nil {
				t.Fatal(err)
			}
			size := 0
			for _, w := range res.Warnings {
				size += len(w.Where) + len(w.Message)
			}
			took := (to.TotalAlloc - from.TotalAlloc) >> 20
			t.Logf("%d KB of text, %d MB allocated, %d warnings of %d KB", len(text)>>10, took, len(res.Warnings), size>>10)
			if took > 400 || size > 2<<20 {
				t.Errorf("%d MB allocated, %d KB of warnings", took, size>>10)
			}
		})
	}
}

// each writes a format n times, for the numbers from 0.
func each(n int, format, between string) string {
	list := make([]string, n)
	for i := range list {
		if strings.Contains(format, "*") {
			list[i] = fmt.Sprintf(strings.ReplaceAll(format, "%[1]*[2]s", "%s"), strings.Repeat("-", i%100)+strings.Repeat(".", i/100))
			continue
		}
		list[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(list, between)
}
