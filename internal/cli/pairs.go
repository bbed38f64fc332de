package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
)

// parsePairs makes an input of NAME=VALUE (text), NAME:=JSON and NAME=@FILE,
// where NAME is a path: body.items[0].price. It returns nil for none.
func parsePairs(pairs []string) (json.RawMessage, map[string]ductape.File, error) {
	if len(pairs) == 0 {
		return nil, nil, nil
	}
	var input any = &object{}
	var err error
	files := map[string]ductape.File{}
	given := make([]givenValue, len(pairs))
	for i, pair := range pairs {
		if given[i], err = parseGiven(pair, files); err != nil {
			return nil, nil, err
		}
	}
	oneForm(given)
	for _, g := range given {
		if input, err = put(input, g.path, g.value); err != nil {
			return nil, nil, &usageError{fmt.Sprintf("%q: %v", g.name, err), "two values were given for one place"}
		}
	}
	raw, err := inputJSON(input)
	return raw, files, err
}

func parseGiven(pair string, files map[string]ductape.File) (givenValue, error) {
	name, value, err := parsePair(pair, files)
	if err != nil {
		return givenValue{}, err
	}
	path, err := parsePath(name)
	if err != nil {
		err = &usageError{fmt.Sprintf("%q: %v", name, err), ""}
	}
	return givenValue{name, path, value}, err
}

func parsePair(pair string, files map[string]ductape.File) (name string, value any, err error) {
	name, text, ok := strings.Cut(pair, "=")
	if !ok || name == "" {
		return "", nil, &usageError{fmt.Sprintf("%q is not NAME=VALUE", pair), "for example: body.email=john@example.com, or body.amount:=2000 for a number"}
	}
	if before, isJSON := strings.CutSuffix(name, ":"); isJSON {
		if !json.Valid([]byte(text)) {
			return "", nil, &usageError{fmt.Sprintf("the value of %s is not JSON", before), before + "=… takes it as text"}
		}
		return before, json.RawMessage(text), nil
	}
	if file, ok := strings.CutPrefix(text, "@"); ok {
		f, err := openFile(file)
		files[name] = f
		return name, map[string]string{"file": name}, err
	}
	return name, text, nil
}

// openFile is a file that is read when it is sent, and again for each attempt.
func openFile(file string) (ductape.File, error) {
	info, err := os.Stat(file)
	if err == nil && info.IsDir() {
		err = errors.New("is a folder")
	}
	if err != nil {
		return ductape.File{}, ductape.NewError(ductape.CodeNotFound, "cannot read "+file+": "+pathCause(err)).WithHint("a text that begins with @ is given as JSON: NAME:='\"@…\"'")
	}
	return ductape.File{
		Name: filepath.Base(file), ContentType: mime.TypeByExtension(filepath.Ext(file)), Size: info.Size(),
		Open: func() (io.ReadCloser, error) { return os.Open(file) },
	}, nil
}

// parsePath splits "body.items[0].price" into "body", "items", 0, "price".
func parsePath(name string) ([]any, error) {
	var path []any
	for _, part := range strings.Split(name, ".") {
		key, rest, indexed := strings.Cut(part, "[")
		if key == "" {
			return nil, fmt.Errorf("has an empty part")
		}
		path = append(path, key)
		for indexed {
			var index string
			var ok bool
			if index, rest, ok = strings.Cut(rest, "]"); !ok {
				return nil, fmt.Errorf("has a [ without ]")
			}
			n, err := strconv.Atoi(index)
			if err != nil || n < 0 || n > 9999 {
				return nil, fmt.Errorf("[%s] is not an index", index)
			}
			path = append(path, n)
			_, rest, indexed = strings.Cut(rest, "[")
		}
	}
	return path, nil
}

// put sets the value at a path, making objects and arrays on the way.
func put(into any, path []any, value any) (any, error) {
	if len(path) == 0 {
		if into != nil {
			return nil, fmt.Errorf("is there already")
		}
		return value, nil
	}
	if key, ok := path[0].(string); ok {
		o, ok := into.(*object)
		if !ok && into != nil {
			return nil, fmt.Errorf("%q would go into something that is no object", key)
		}
		if o == nil {
			o = &object{}
		}
		inner, err := put(o.values[key], path[1:], value)
		o.set(key, inner)
		return o, err
	}
	index := path[0].(int)
	array, ok := into.([]any)
	if !ok && into != nil {
		return nil, fmt.Errorf("[%d] would go into something that is no array", index)
	}
	for len(array) <= index {
		array = append(array, nil)
	}
	inner, err := put(array[index], path[1:], value)
	array[index] = inner
	return array, err
}

// An object keeps its members in the order they were given.
type object struct {
	names  []string
	values map[string]any
}

func (o *object) set(name string, value any) {
	if _, had := o.values[name]; !had {
		o.names = append(o.names, name)
	}
	if o.values == nil {
		o.values = map[string]any{}
	}
	o.values[name] = value
}

// inputJSON writes an input, its members in their order. A value that was given
// as JSON stays byte for byte.
func inputJSON(v any) (json.RawMessage, error) {
	switch v := v.(type) {
	case json.RawMessage:
		return v, nil
	case *object:
		return v.json()
	case []any:
		return arrayJSON(v)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func (o *object) json() (json.RawMessage, error) {
	out := []byte{'{'}
	for i, name := range o.names {
		if i > 0 {
			out = append(out, ',')
		}
		key, err := inputJSON(name)
		if err != nil {
			return nil, err
		}
		value, err := inputJSON(o.values[name])
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, key...), ':'), value...)
	}
	return append(out, '}'), nil
}

func arrayJSON(items []any) (json.RawMessage, error) {
	out := []byte{'['}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		value, err := inputJSON(item)
		if err != nil {
			return nil, err
		}
		out = append(out, value...)
	}
	return append(out, ']'), nil
}
