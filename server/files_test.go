package server_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/catalog"
)

// formOf writes a form: what has a location is a file, the rest a value.
func formOf(t *testing.T, parts ...[2]string) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var err error
		if name, isFile := strings.CutPrefix(p[0], "file "); isFile {
			part, ferr := w.CreateFormFile(name, name)
			if ferr != nil {
				t.Fatal(ferr)
			}
			_, err = part.Write([]byte(p[1]))
		} else {
			err = w.WriteField(p[0], p[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

func (w *world) form(key, path, contentType, body string) reply {
	w.t.Helper()
	req, err := http.NewRequest("POST", w.http.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	return w.do(req)
}

const splitSpec = `{"openapi":"3.0.3","info":{"title":"Split","version":"1"},"servers":[{"url":"https://split.example"}],
	"paths":{"/pets":{"$ref":"paths/pets.yaml"}}}`

// Descriptions may come as files of a form, as they are.
func TestImportForm(t *testing.T) {
	w := newWorld(t)
	kind, body := formOf(t, [2]string{"import", `{"location":"split.json"}`}, [2]string{"file split.json", splitSpec}, [2]string{"file paths/pets.yaml", "get:\n  operationId: listPets\n  responses: {}\n"})
	r := w.form(w.key, "/v1/apps/import", kind, body)
	if r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if report := decode[catalog.ImportReport](t, r.body); report.App != "split" || report.Actions != 1 || len(report.Warnings) != 0 {
		t.Errorf("report %+v", report)
	}
	kind, body = formOf(t, [2]string{"apply", `{"file":"apps:\n- tag: other\n  import: ./split.json\n","dry_run":true}`}, [2]string{"file ./split.json", splitSpec}, [2]string{"file paths/pets.yaml", "get: {responses: {}}"})
	if r := w.form(w.key, "/v1/apply", kind, body); r.status != 200 || !strings.Contains(r.body, "other") {
		t.Errorf("apply: %d %s", r.status, r.body)
	}
	if r := w.form("", "/v1/apps/import", kind, body); r.status != 401 {
		t.Errorf("without a key: %d", r.status)
	}
	for want, parts := range map[string][][2]string{
		"needs one part named import": {{"file split.json", splitSpec}},
		"unknown field":               {{"import", `{"lokation":"x"}`}},
		"more than one JSON value":    {{"import", `{} {}`}},
		"two files have the same":     {{"import", `{"location":"a"}`}, {"file a", "x"}, {"file a", "y"}},
		"not sent along":              {{"import", `{"location":"a"}`}},
	} {
		kind, body := formOf(t, parts...)
		if r := w.form(w.key, "/v1/apps/import", kind, body); r.status != 400 || !strings.Contains(r.body, want) {
			t.Errorf("%s: %d %s", want, r.status, r.body)
		}
	}
	if r := w.form(w.key, "/v1/apps/import", "multipart/form-data; boundary=x", "--x\r\nbroken"); r.status != 400 {
		t.Errorf("a broken form: %d %s", r.status, r.body)
	}
}
