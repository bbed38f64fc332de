package client

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

// upload sends a call with its files: a multipart body whose part "call" is the
// call, and whose other parts are the files, by their keys.
func (c *Client) upload(ctx context.Context, path string, call ductape.Call) (*http.Response, error) {
	raw, err := callJSON(call)
	if err != nil {
		return nil, err
	}
	return c.sendFiles(ctx, path, "call", raw, call.Files)
}

// DoWithFiles is Do with POST for endpoints that take files: in is the part of a
// multipart body that has the given name, and the files are the others, by their
// keys. Their bytes are sent as they are, as they are read.
func (c *Client) DoWithFiles(ctx context.Context, path, name string, in any, files map[string]ductape.File, out any) error {
	raw, err := encode(in)
	if err != nil {
		return err
	}
	resp, err := c.sendFiles(ctx, path, name, raw, files)
	if err != nil {
		return err
	}
	return c.read(resp, out)
}

func (c *Client) sendFiles(ctx context.Context, path, name string, raw []byte, files map[string]ductape.File) (*http.Response, error) {
	pr, pw := io.Pipe()
	w := multipart.NewWriter(pw)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, pr)
	if err != nil {
		return nil, badURL(c.url, err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	go func() { pw.CloseWithError(writeParts(w, name, raw, files)) }()
	resp, err := c.answer(req)
	pr.Close() // ends the writer, where the server did not want it all
	return resp, err
}

func writeParts(w *multipart.Writer, name string, raw []byte, files map[string]ductape.File) error {
	if err := writePart(w, `form-data; name="`+name+`"`, "application/json", bytes.NewReader(raw)); err != nil {
		return err
	}
	keys := make([]string, 0, len(files))
	for key := range files {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if err := writeFile(w, key, files[key]); err != nil {
			return err
		}
	}
	return w.Close()
}

func writeFile(w *multipart.Writer, key string, f ductape.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	name := f.Name
	if name == "" {
		name = key
	}
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "")
	return writePart(w, `form-data; name="`+escape.Replace(key)+`"; filename="`+escape.Replace(name)+`"`, f.ContentType, r)
}

func writePart(w *multipart.Writer, disposition, typ string, r io.Reader) error {
	h := textproto.MIMEHeader{"Content-Disposition": {disposition}}
	if typ != "" {
		h.Set("Content-Type", typ)
	}
	part, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	_, err = io.Copy(part, r)
	return err
}
