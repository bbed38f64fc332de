package docs_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/catalog"
)

const importCodesHead = `# What an import reports

An import never fails on what it cannot carry over: it reports each loss as a warning with a code, the place in the
description (a JSON pointer) and a message. ` + "`ductape import --dry-run --json FILE`" + ` prints all of them. See [import.md](import.md).

This page is made from the code: ` + "`go test ./docs -update`" + `.

| code | what it means |
|---|---|
`

// TestImportCodes compares import-codes.md with the codes of package catalog, which are those of
// the readers and its own.
func TestImportCodes(t *testing.T) {
	var b strings.Builder
	b.WriteString(importCodesHead)
	for _, c := range catalog.ImportCodes() {
		fmt.Fprintf(&b, "| <a id=%q></a>`%s` | %s |\n", c.Name, c.Name, strings.ReplaceAll(c.Meaning, "|", `\|`))
	}
	if *update {
		if err := os.WriteFile("import-codes.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	page, err := os.ReadFile("import-codes.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != b.String() {
		t.Error("import-codes.md does not say what the code does; write it anew: go test ./docs -update")
	}
}
