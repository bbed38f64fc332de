package spec

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/load"
	"github.com/ductape-go/ductape/spec/internal/tree"
	"github.com/ductape-go/ductape/spec/openapi"
)

// Sniff tells which format a description has, and which version of it.
func Sniff(data []byte) (format, version string, err error) {
	in, err := look(data)
	return in.format, in.version, err
}

// An input is what a first look tells of a text: its format, and the document
// it holds unless it is a list of commands.
type input struct {
	format, version string
	doc             *tree.Doc
}

func look(data []byte) (input, error) {
	if err := refuse(data); err != nil {
		return input{}, err
	}
	if isCommands(data) {
		return input{format: "curl", version: "1"}, nil
	}
	doc, err := load.Document(data)
	if err != nil {
		return input{}, explain(err)
	}
	in := input{doc: doc}
	in.format, in.version = formatOf(doc.Root())
	if in.format == "" {
		return input{}, unknownFormat(doc.Root())
	}
	return in, nil
}

// isCommands reports whether a text is a script of the shell: its first line says
// so, or the first that is no comment and sets no variable has a cURL command.
func isCommands(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if shebang.Match(data) {
		return true
	}
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' || assignment.Match(line) {
			continue
		}
		return hasCurl(string(line[:min(len(line), 1024)]))
	}
	return false
}

var (
	shebang    = regexp.MustCompile(`^#![^\n]*sh\b`)
	assignment = regexp.MustCompile(`^(export\s+|set\s+|\$(env:)?)?[A-Za-z_]\w*\s?=\s?("[^"]*"|'[^']*'|[^\s"']*);?$`)
)

// hasCurl reports whether a line of a script begins with a cURL command, or pipes
// something into one.
func hasCurl(line string) bool {
	words := strings.Fields(line)
	for len(words) > 1 && (slices.Contains(beforeCommand, words[0]) || assignment.MatchString(words[0])) {
		words = words[1:]
	}
	if isCurl(words[0]) {
		return true
	}
	for i := range len(words) - 2 {
		if (words[i] == "|" || words[i] == "&&") && isCurl(words[i+1]) {
			return true
		}
	}
	return false
}

// beforeCommand are words that change nothing about the command behind them.
var beforeCommand = []string{"$", "%", ">", "sudo", "time", "env", "exec", "nohup", "command", "!"}

func isCurl(word string) bool {
	word = strings.ToLower(word[strings.LastIndexAny(word, `/\`)+1:])
	return word == "curl" || word == "curl.exe"
}

// formatOf returns "" for a document that is no description.
func formatOf(root tree.Node) (format, version string) {
	if v := openapi.Version(root); v != "" {
		if root.Get("openapi").OK() {
			return "openapi", v
		}
		return "swagger", v
	}
	if collection := root.Get("collection"); collection.IsObject() && !root.Get("info").OK() {
		root = collection // as Postman's API answers it
	}
	info := root.Get("info")
	if schema := info.Get("schema").Text(); strings.Contains(schema, "postman") || strings.Contains(schema, "/collection/") {
		return "postman", between(schema, "/v", "/")
	}
	switch {
	case root.Get("log").Get("entries").IsArray():
		return "har", root.Get("log").Get("version").Scalar()
	case info.Get("_postman_id").OK(), info.IsObject() && root.Get("item").IsArray():
		return "postman", ""
	case root.Get("requests").IsArray() && (root.Get("order").IsArray() || root.Get("folders").OK()):
		return "postman", "1.0.0"
	}
	return "", ""
}

func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}

func invalid(message, hint string) *ductape.Error {
	return ductape.NewError(ductape.CodeInvalidInput, message).WithHint(hint)
}

// refuse names what is seen at the first look not to be a description.
func refuse(data []byte) error {
	if len(data) > MaxSize {
		return invalid(fmt.Sprintf("the description has %d MB; at most %d MB are read", len(data)>>20, MaxSize>>20),
			"split it, or leave out the parts you do not call")
	}
	start := bytes.TrimSpace(tree.Text(data[:min(len(data), 4096)]))
	if len(start) == 0 {
		start = bytes.TrimSpace(tree.Text(data))
	}
	switch {
	case len(start) == 0:
		return invalid("the file is empty", "give an OpenAPI description or a Postman collection")
	case start[0] == '<':
		return invalid("this is HTML or XML, not an API description",
			"a documentation page often links to its openapi.json or openapi.yaml; import that")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		return invalid("this is an archive, not an API description", "unpack it and import the file inside")
	case bytes.IndexByte(start, 0) >= 0:
		return invalid("this is binary data, not an API description", "give an OpenAPI description or a Postman collection")
	}
	return nil
}

// explain says what to do about a text that could not be read.
func explain(err error) error {
	var e *tree.SyntaxError
	switch {
	case errors.As(err, &e) && e.Truncated:
		return invalid("the description is cut off: "+e.Error(), "fetch the file again; its end is missing")
	case errors.Is(err, load.ErrBomb):
		return invalid("the description grows out of proportion when its YAML aliases are filled in", "write the repeated parts out, or use $ref")
	}
	return invalid("the description cannot be read: "+err.Error(), "it must be JSON or YAML; correct the place named, or export it again")
}

func unknownFormat(root tree.Node) error {
	hint := "give an OpenAPI 3 or Swagger 2.0 description (it begins with `openapi` or `swagger`) or a Postman collection"
	switch {
	case root.Get("swaggerVersion").OK():
		return invalid("this is a Swagger 1 description, which is too old", "convert it to OpenAPI 3 first")
	case root.Get("asyncapi").OK():
		return invalid("this is an AsyncAPI description; it describes messages, not calls", hint)
	case root.Get("raml").OK(), root.Get("_type").Text() == "export":
		return invalid("this format is not known", hint)
	case root.Get("values").IsArray() && root.Get("name").OK():
		return invalid("this looks like a Postman environment, not a collection", "export the collection itself")
	case root.IsObject():
		return invalid("this is no API description: it has neither `openapi` nor `swagger`, and is no Postman collection", hint)
	}
	return invalid("this is no API description", hint)
}
