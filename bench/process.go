package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A process is one that this program has started and will end.
type process struct {
	cmd   *exec.Cmd
	stdin io.Closer
	said  bytes.Buffer // on standard error; read only when it has ended
	addr  string       // HOST:PORT it listens on
}

const (
	startTime = 15 * time.Second // for a process to say its address
	stopTime  = 10 * time.Second // for it to end when asked to
)

// start runs a program that prints "... listens on [http://]HOST:PORT".
func start(ctx context.Context, env []string, program string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(program, args...)}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.begin(env); err != nil {
		return nil, err
	}
	said := make(chan string, 1)
	go func() { said <- address(stdout) }()
	select {
	case p.addr = <-said:
	case <-time.After(startTime):
	case <-ctx.Done():
	}
	if p.addr == "" {
		err := p.stop()
		return nil, errors.Join(fmt.Errorf("%s said no address\n%s", filepath.Base(program), &p.said), err)
	}
	return p, nil
}

// startSilent runs a program that listens where it was told to.
func startSilent(env []string, addr, program string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(program, args...), addr: addr}
	return p, p.begin(env)
}

func (p *process) begin(env []string) (err error) {
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = &p.said
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	return p.cmd.Start()
}

// address reads what a process prints until it says where it listens, and goes
// on reading, so that it never waits for a reader.
func address(r io.Reader) string {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if _, rest, ok := strings.Cut(lines.Text(), "listens on "); ok {
			go io.Copy(io.Discard, r) //nolint:errcheck // until the process ends
			addr, _, _ := strings.Cut(strings.TrimPrefix(rest, "http://"), ",")
			return strings.TrimSpace(addr)
		}
	}
	return ""
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// stop ends the process: by asking, then by force.
func (p *process) stop() error {
	if err := errors.Join(p.stdin.Close(), p.cmd.Process.Signal(syscall.SIGTERM)); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return errors.Join(err, p.cmd.Process.Kill())
	}
	force := time.AfterFunc(stopTime, func() { p.cmd.Process.Kill() }) //nolint:errcheck // it has ended
	defer force.Stop()
	var exit *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// output runs a program to its end and returns what it printed.
func output(ctx context.Context, dir, stdin string, env []string, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w\n%s", err, exit.Stderr)
	}
	if err != nil {
		err = fmt.Errorf("%s %s: %w", filepath.Base(program), strings.Join(args, " "), err)
	}
	return out, err
}
