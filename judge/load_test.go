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

// load lets the judge read a description for itself.
func load(location string, data []byte) (doc *openapi3.T, err error) {
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
