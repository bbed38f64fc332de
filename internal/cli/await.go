package cli

import (
	"context"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/ductape-go/ductape"
)

var errInterrupted = ductape.NewError(ductape.CodeCancelled, "interrupted")

// await returns what read returns, or errInterrupted when ctx ends first: a
// signal is to end a command also while it waits for a terminal or a pipe, whose
// reading nothing else can end. Read then stays behind, until the process ends.
func await[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		value, err := read()
		done <- answer{value, err}
	}()
	select {
	case a := <-done:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, errInterrupted
	}
}

// An input is standard input whose reading ends with its context.
type input struct {
	io.Reader
	ctx context.Context
}

func (in *input) Read(p []byte) (int, error) {
	text, err := await(in.ctx, func() ([]byte, error) {
		own := make([]byte, len(p)) // p is the caller's again once Read returns
		n, err := in.Reader.Read(own)
		return own[:n], err
	})
	return copy(p, text), err
}

// terminalOf returns the terminal that an input is read from, nil when it is none.
func terminalOf(r io.Reader) *os.File {
	if in, ok := r.(*input); ok {
		r = in.Reader
	}
	if f, ok := r.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}
