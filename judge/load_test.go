package judge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"

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
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, at *url.URL) ([]byte, error) {
		data, err := os.ReadFile(filepath.FromSlash(at.Path))
		return plainDescriptions(data), err
	}
	return loader.LoadFromDataWithPath(plainDescriptions(data), &url.URL{Path: filepath.ToSlash(absolute)})
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

var descriptionRef = regexp.MustCompile(`(?m)^(\s*description:)\s*\n\s+\$ref:.*$`)

// plainDescriptions takes out descriptions that are kept in a file of their own,
// as DigitalOcean does, where the judge knows only text.
func plainDescriptions(data []byte) []byte {
	return descriptionRef.ReplaceAll(data, []byte(`$1 ""`))
}
