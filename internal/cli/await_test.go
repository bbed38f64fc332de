package cli

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// A command that waits for input nobody writes ends with its context.
func TestWaitingForInputCanBeInterrupted(t *testing.T) {
	waiting, _ := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	c := &command{Process: Process{Stdin: &input{waiting, ctx}}}
	cancel()
	if _, err := c.readSecret(ctx, secretOf("K"), ""); !errors.Is(err, errInterrupted) {
		t.Errorf("%v", err)
	}
	if _, err := await(ctx, func() ([]byte, error) { return io.ReadAll(waiting) }); !errors.Is(err, errInterrupted) {
		t.Errorf("%v", err)
	}
}

func TestInputIsReadWhole(t *testing.T) {
	text := strings.Repeat("0123456789", 5000)
	if got, err := io.ReadAll(&input{strings.NewReader(text), context.Background()}); err != nil || string(got) != text {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
