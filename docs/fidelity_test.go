package docs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const (
	vectorsBegin = "<!-- vectors: go test ./docs -update -->\n"
	vectorsEnd   = "<!-- end of vectors -->\n"
)

// TestFidelity checks the figures of fidelity.md that can be counted here: those
// of the vectors, which -update writes anew, of the Postman corpus and of the
// sample of descriptions. The tests of judge/ check theirs.
func TestFidelity(t *testing.T) {
	page, err := os.ReadFile("fidelity.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(page), vectorsBegin)
	_, tail, closed := strings.Cut(rest, vectorsEnd)
	if !found || !closed {
		t.Fatalf("fidelity.md lacks the lines %q and %q", vectorsBegin, vectorsEnd)
	}
	want := head + vectorsBegin + vectors(t) + vectorsEnd + tail
	if *update {
		if err := os.WriteFile("fidelity.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(page) != want {
		t.Error("fidelity.md has other numbers of vectors; write them anew: go test ./docs -update")
	}
	for _, figure := range append(postman(t), sample(t)) {
		if !strings.Contains(string(page), figure) {
			t.Errorf("fidelity.md does not say: %s", figure)
		}
	}
}

// vectors says how many vectors there are, and how many in each file.
func vectors(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("../wire/testdata/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	var total, differences int
	var each []string
	for _, name := range names {
		n := countVectors(t, name)
		total += n
		name = strings.TrimSuffix(filepath.Base(name), ".json")
		if name == "differences" {
			differences = n
		}
		each = append(each, fmt.Sprintf("%s %d", name, n))
	}
	return fmt.Sprintf("%s vectors: %s. The %d of `differences.json` are the cases in which public suites expect something else, each with the reason.\n",
		thousands(total), strings.Join(each, ", "), differences)
}

func countVectors(t *testing.T, name string) int {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors []json.RawMessage }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(name, err)
	}
	return len(file.Vectors)
}

var totals = regexp.MustCompile(`Files: (78), .*Requests: (\d+), DisabledQuery: (\d+), Inheriting: (\d+), .*RawNoLanguage: (\d+)`)

// postman are the totals that the test of the corpus demands.
func postman(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("../spec/postman/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := totals.FindSubmatch(source); found != nil {
			return said(t, found[1:])
		}
	}
	t.Fatal("the tests of spec/postman demand no totals")
	return nil
}

func said(t *testing.T, figures [][]byte) []string {
	t.Helper()
	words := []string{"%s files", "%s requests", "%s with disabled query parameters", "%s inheriting auth", "%s raw bodies without a language"}
	for i, figure := range figures {
		n, err := strconv.Atoi(string(figure))
		if err != nil {
			t.Fatal(err)
		}
		words[i] = fmt.Sprintf(words[i], thousands(n))
	}
	return words
}

// sample is how many descriptions CI reads.
func sample(t *testing.T) string {
	t.Helper()
	list, err := os.ReadFile("../spec/testdata/directory.golden")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d lines in `spec/testdata/directory.golden`", bytes.Count(list, []byte("\n")))
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
