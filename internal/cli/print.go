package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/ductape-go/ductape"
)

// printJSON prints a value for machines: one line, unless a person looks.
func (c *command) printJSON(v any) error {
	enc := json.NewEncoder(c.Stdout)
	enc.SetEscapeHTML(false)
	if isTerminal(c.Stdout) {
		enc.SetIndent("", "  ")
	}
	return enc.Encode(v)
}

// table prints rows under a heading, in columns.
func (c *command) table(heading []string, rows [][]string) error {
	return c.columns(append([][]string{heading}, rows...))
}

// oneLine keeps a row a row, and a terminal safe from what an API's description
// may hold.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// printable takes out what would control a terminal, but for line ends and tabs.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, s)
}

// printError prints what failed, every problem with its place, and what to do.
func (c *command) printError(err error) {
	var wrong *usageError
	var e *ductape.Error
	known := errors.As(err, &e)
	if c.wantsJSON() {
		json.NewEncoder(c.Stderr).Encode(map[string]any{"error": errorJSON(c.asError(err))})
		return
	}
	if errors.As(err, &wrong) {
		fmt.Fprintln(c.Stderr, "error:", oneLine(wrong.message))
		c.hint(wrong.hint)
		return
	}
	if !known {
		fmt.Fprintln(c.Stderr, "error:", oneLine(err.Error()))
		return
	}
	e = c.asError(err)
	fmt.Fprintf(c.Stderr, "error: %s (%s)\n", oneLine(e.Message), e.Code)
	for _, p := range e.Problems {
		fmt.Fprintf(c.Stderr, "  %s: %s\n", oneLine(p.Where), oneLine(p.Message))
	}
	if e.Upstream != nil && len(e.Upstream.Body) > 0 {
		fmt.Fprintf(c.Stderr, "%s\n", indentJSON(e.Upstream.Body))
	}
	c.hint(e.Hint)
	if e.RunID != "" {
		fmt.Fprintln(c.Stderr, "run:", e.RunID)
	}
}

// wantsJSON reports whether JSON was asked for, though the flags may be wrong.
func (c *command) wantsJSON() bool {
	for _, arg := range c.Args {
		switch arg {
		case "--":
			return c.json
		case "--json", "--json=true":
			return true
		}
	}
	return c.json
}

// asError gives every failure the shape that those of the API have.
func (c *command) asError(err error) *ductape.Error {
	var wrong *usageError
	if errors.As(err, &wrong) {
		return ductape.NewError(ductape.CodeInvalidInput, wrong.message).WithHint(wrong.hint)
	}
	var e *ductape.Error
	if !errors.As(err, &e) {
		code := ductape.CodeInternal
		if errors.Is(err, errSomeFailed) {
			code = ductape.CodeInvalidInput
		}
		return ductape.NewError(code, err.Error())
	}
	if e.Code == ductape.CodeUnauthenticated && c.keyless {
		e.Hint = "give the server's key in DUCTAPE_KEY or with --key; `ductape keys create` makes one where the data is"
	}
	return e
}

func errorJSON(e *ductape.Error) map[string]any {
	out := map[string]any{"code": e.Code, "message": e.Message}
	if e.Step != "" {
		out["step"] = e.Step
	}
	if e.Hint != "" {
		out["hint"] = e.Hint
	}
	if len(e.Problems) > 0 {
		out["problems"] = e.Problems
	}
	if e.RunID != "" {
		out["run_id"] = e.RunID
	}
	if e.Upstream != nil {
		upstream := map[string]any{"status": e.Upstream.Status}
		putBody(upstream, "body", e.Upstream.Body, e.Upstream.Headers.Get("Content-Type"))
		out["upstream"] = upstream
	}
	return out
}

func (c *command) hint(text string) {
	if text != "" {
		fmt.Fprintln(c.Stderr, "hint:", oneLine(text))
	}
}

func indentJSON(b []byte) string {
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if !json.Valid(b) || enc.Encode(json.RawMessage(b)) != nil {
		return strings.TrimRight(printable(string(b)), "\n")
	}
	return strings.TrimRight(printable(out.String()), "\n")
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
