package judge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/yaml"
)

// load lets the judge read a description for itself. One that it cannot read is
// read again without what says nothing of requests.
func load(location string, data []byte) (*openapi3.T, error) {
	doc, err := loadAll(location, data)
	if err == nil {
		return doc, nil
	}
	fewer, failed := requestsOnly(data)
	if failed != nil {
		return nil, err
	}
	if doc, failed = loadAll(location, fewer); failed != nil {
		return nil, err
	}
	return doc, nil
}

// requestsOnly leaves out responses, callbacks and examples, and patterns that
// are no texts.
func requestsOnly(data []byte) ([]byte, error) {
	doc, err := decodeYAML(data)
	if err != nil {
		return nil, err
	}
	trim(doc, false)
	return json.Marshal(doc)
}

// trim goes through a description. Names says that v is a map of what its author
// named, in which a pattern is a property.
func trim(v any, names bool) {
	switch v := v.(type) {
	case []any:
		for _, part := range v {
			trim(part, false)
		}
	case map[string]any:
		for name, part := range v {
			if _, text := part.(string); !names && trimmed(name, text) {
				delete(v, name)
				continue
			}
			trim(part, !names && (name == "properties" || name == "schemas" || name == "definitions"))
		}
	}
}

func trimmed(name string, text bool) bool {
	switch name {
	case "responses", "callbacks", "examples", "example":
		return true
	case "pattern":
		return !text
	}
	return false
}

func loadAll(location string, data []byte) (doc *openapi3.T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the judge panics: %v", p)
		}
	}()
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	if isSwagger(data) {
		return loadSwagger(loader, location, data)
	}
	absolute, err := filepath.Abs(location)
	if err != nil {
		return nil, err
	}
	loader.ReadFromURIFunc = openapi3.URIMapCache(func(_ *openapi3.Loader, at *url.URL) ([]byte, error) {
		name := filepath.FromSlash(at.Path)
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		return plainly(data, filepath.Dir(name))
	})
	if data, err = plainly(data, filepath.Dir(absolute)); err != nil {
		return nil, err
	}
	return loader.LoadFromDataWithPath(data, &url.URL{Path: filepath.ToSlash(absolute)})
}

func isSwagger(data []byte) bool {
	head := data[:min(len(data), 64<<10)]
	return bytes.Contains(head, []byte(`"swagger"`)) || bytes.Contains(head, []byte("swagger:")) || bytes.Contains(head, []byte(`'swagger'`))
}

func loadSwagger(loader *openapi3.Loader, location string, data []byte) (*openapi3.T, error) {
	if !json.Valid(data) {
		var err error
		if data, err = yaml.YAMLToJSON(data); err != nil {
			return nil, err
		}
	}
	var old openapi2.T
	if err := json.Unmarshal(data, &old); err != nil {
		return nil, err
	}
	return openapi2conv.ToV3WithLoader(&old, loader, &url.URL{Path: filepath.ToSlash(location)})
}
