package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// handleFiles registers a typed endpoint that also takes its files as they are:
// multipart/form-data with the body's JSON as the part of the given name, and
// the files by their location as the others. Descriptions are large; as strings
// of a JSON they are larger, and several times in memory.
func handleFiles[B, T any](s *Server, e endpoint, name string, f func(ctx context.Context, workspace string, in *B, files map[string][]byte) (T, error)) {
	op := operation(e)
	op.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
			next(ctx)
			return
		}
		out, err := answerForm(ctx.Context(), s, w, r, name, e.maxBody, f)
		if err != nil {
			writeProblem(w, s.problem(err))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(out)
	}}
	huma.Register(s.api, op, func(ctx context.Context, in *struct{ Body B }) (*answer[T], error) {
		out, err := f(ctx, workspace(ctx), &in.Body, nil)
		if err != nil {
			return nil, s.problem(err)
		}
		return &answer[T]{out}, nil
	})
	describeForm(s.api.OpenAPI().Paths[e.path].Post, name)
}

func answerForm[B, T any](ctx context.Context, s *Server, w http.ResponseWriter, r *http.Request, name string, limit int64, f func(context.Context, string, *B, map[string][]byte) (T, error)) ([]byte, error) {
	form, err := s.readForm(w, r, name, limit)
	if err != nil {
		return nil, err
	}
	defer form.close()
	in := new(B)
	dec := json.NewDecoder(bytes.NewReader(form.json))
	dec.DisallowUnknownFields()
	if err := dec.Decode(in); err != nil {
		return nil, badCall(name, "is not what this endpoint takes: "+err.Error())
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, badCall(name, "holds more than one JSON value")
	}
	files := make(map[string][]byte, len(form.files))
	for location, part := range form.files {
		if files[location], err = contentOf(part); err != nil {
			return nil, badCall(location, "could not be read: "+err.Error())
		}
	}
	out, err := f(ctx, workspace(ctx), in, files)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err = enc.Encode(out)
	return buf.Bytes(), err
}

func contentOf(part *multipart.FileHeader) ([]byte, error) {
	file, err := part.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text := make([]byte, part.Size)
	_, err = io.ReadFull(file, text)
	return text, err
}

func describeForm(op *huma.Operation, name string) {
	op.RequestBody.Content["multipart/form-data"] = &huma.MediaType{Schema: &huma.Schema{
		Type: "object", Required: []string{name}, Properties: map[string]*huma.Schema{name: op.RequestBody.Content["application/json"].Schema},
		AdditionalProperties: &huma.Schema{Type: "string", ContentEncoding: "binary", Description: "A file, under the location it is referred to by"},
	}}
}
