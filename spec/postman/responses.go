package postman

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// responses reads the saved answers of a request, one entry for each status.
func responses(v sample.Value) []ductape.Response {
	var out []ductape.Response
	for _, saved := range v.Items {
		code := strings.TrimSuffix(saved.Get("code").Text(), ".0")
		if len(code) != 3 || code[0] < '1' || code[0] > '5' {
			continue
		}
		i := slices.IndexFunc(out, func(r ductape.Response) bool { return r.Status == code })
		if i < 0 {
			i = len(out)
			out = append(out, ductape.Response{Status: code, Description: responseName(saved)})
		}
		if m := responseType(saved); m != "" && !slices.Contains(out[i].Types, m) {
			out[i].Types = append(out[i].Types, m)
		}
	}
	return out
}

func responseName(saved sample.Value) string {
	if s := saved.Get("status").Text(); s != "" {
		return s
	}
	return saved.Get("name").Text()
}

func responseType(saved sample.Value) string {
	for _, h := range headerEntries(saved.Get("header")) {
		if strings.EqualFold(h.Get("key").Text(), "Content-Type") {
			m, _, _ := strings.Cut(h.Get("value").Text(), ";")
			if m = strings.ToLower(strings.TrimSpace(m)); m != "" && !strings.Contains(m, "{{") {
				return m
			}
		}
	}
	if text(saved.Get("body")) == "" {
		return ""
	}
	return languages[saved.Get("_postman_previewlanguage").Text()]
}
