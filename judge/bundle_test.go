package judge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/oasdiff/yaml"
)

// DigitalOcean keeps operations, descriptions and maps of properties in files of
// their own. The judge takes such an operation for an empty one and cannot read
// the rest, so it gets them written out. It reads the references to schemas
// itself.

// plainly returns a file without such references.
func plainly(data []byte, folder string) ([]byte, error) {
	if !bytes.Contains(data, []byte("$ref: ")) || json.Valid(data) {
		return data, nil
	}
	doc, err := decodeYAML(data)
	if err != nil {
		return data, nil // the judge says what is wrong
	}
	b := bundle{folder: folder}
	if root, ok := doc.(map[string]any); ok {
		b.operations(root)
	}
	doc = b.moved(doc, "", false)
	if b.err != nil {
		return nil, b.err
	}
	return json.Marshal(doc)
}

func decodeYAML(data []byte) (any, error) {
	text, err := yaml.YAMLToJSON(data)
	if err != nil {
		return nil, err
	}
	var out any
	return out, json.Unmarshal(text, &out)
}

// A bundle writes out references; they are relative to its folder.
type bundle struct {
	folder string
	err    error
}

func (b *bundle) operations(doc map[string]any) {
	paths, _ := doc["paths"].(map[string]any)
	for _, item := range paths {
		operations, _ := item.(map[string]any)
		for method, op := range operations {
			if ref, ok := refOf(op); ok {
				operations[method] = b.read(ref)
			}
		}
	}
}

func refOf(v any) (string, bool) {
	m, _ := v.(map[string]any)
	ref, ok := m["$ref"].(string)
	return ref, ok && !strings.HasPrefix(ref, "#") && !strings.Contains(ref, "://")
}

// read returns what a reference leads to, its own references as the bundle's
// folder has them.
func (b *bundle) read(ref string) any {
	name, pointer, _ := strings.Cut(ref, "#")
	data, err := os.ReadFile(filepath.Join(b.folder, filepath.FromSlash(name)))
	if err != nil {
		b.err = err
		return nil
	}
	v, err := decodeYAML(data)
	if err != nil {
		b.err = err
		return nil
	}
	for _, step := range strings.FieldsFunc(pointer, func(r rune) bool { return r == '/' }) {
		m, _ := v.(map[string]any)
		if v = m[step]; v == nil {
			b.err = fmt.Errorf("nothing at %s", ref)
			return nil
		}
	}
	return b.moved(v, path.Dir(name), false)
}

// moved writes relative references as the folder above has them. Names says that
// v is a map of schemas by name, in which description is a property.
func (b *bundle) moved(v any, folder string, names bool) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = b.moved(v[i], folder, false)
		}
	case map[string]any:
		for name := range v {
			v[name] = b.member(name, v[name], folder, names)
		}
		if ref, ok := refOf(v); ok {
			v["$ref"] = path.Join(folder, ref)
		}
	}
	return v
}

func (b *bundle) member(name string, v any, folder string, names bool) any {
	ref, ok := refOf(v)
	switch {
	case ok && name == "description" && !names:
		return ""
	case ok && name == "properties" && !names:
		return b.read(path.Join(folder, ref))
	case name == "mapping" && !names:
		return movedMapping(v, folder)
	}
	return b.moved(v, folder, name == "properties" && !names)
}

// movedMapping is the mapping of a discriminator, whose values are references.
func movedMapping(v any, folder string) any {
	mapping, _ := v.(map[string]any)
	for value, to := range mapping {
		if ref, ok := to.(string); ok && strings.Contains(ref, ".yml") {
			mapping[value] = path.Join(folder, ref)
		}
	}
	return v
}
