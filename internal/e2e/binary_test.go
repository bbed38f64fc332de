package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ductape-go/ductape/client"
)

// wanted says whether the tests of this package are to run.
func wanted() bool { return os.Getenv("DUCTAPE_E2E") != "" || os.Getenv("CI") != "" }

func need(t *testing.T) {
	t.Helper()
	if !wanted() {
		t.Skip("needs the real binary; set DUCTAPE_E2E=1 to run it, as `make test` does")
	}
}

// program is the built binary.
var program string

func TestMain(m *testing.M) {
	if !wanted() {
		os.Exit(m.Run())
	}
	folder, err := os.MkdirTemp("", "ductape-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program = filepath.Join(folder, "ductape")
	build := exec.Command("go", "build", "-o", program, "../../cmd/ductape")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// limit ends a process that hangs, so that a test fails and does not wait.
const limit = 2 * time.Minute

// A box is one data folder and the binary that works on it.
type box struct {
	t    *testing.T
	data string
}

func newBox(t *testing.T) *box {
	need(t)
	return &box{t: t, data: filepath.Join(t.TempDir(), "data")}
}

// command is the binary over the box's folder, with an environment of its own.
func (b *box) command(args ...string) *exec.Cmd {
	cmd := exec.Command(program, append(args, "--data", b.data)...)
	cmd.Env = environment()
	return cmd
}

func environment() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "DUCTAPE_") {
			env = append(env, e)
		}
	}
	return env
}

// cli runs one command and wants it to succeed.
func (b *box) cli(stdin string, args ...string) string {
	b.t.Helper()
	out, errOut, err := b.try(stdin, args...)
	if err != nil {
		b.t.Fatalf("ductape %s: %v\n%s%s", strings.Join(args, " "), err, out, errOut)
	}
	return out
}

func (b *box) try(stdin string, args ...string) (string, string, error) {
	cmd := b.command(args...)
	var out, errOut bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errOut
	if err := cmd.Start(); err != nil {
		return "", "", err
	}
	late := time.AfterFunc(limit, func() { cmd.Process.Kill() })
	defer late.Stop()
	err := cmd.Wait()
	return out.String(), errOut.String(), err
}

// A key is what `ductape keys create --json` prints.
type key struct {
	WorkspaceID string `json:"workspace_id"`
	UserID      string `json:"user_id"`
	PublicKey   string `json:"public_key"`
	Key         string `json:"key"`
}

func (b *box) newKey() key {
	b.t.Helper()
	return decode[key](b.t, b.cli("", "keys", "create", "--json"))
}

func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("not the JSON expected: %v\n%s", err, text)
	}
	return v
}

// A served is a running `ductape serve`.
type served struct {
	t      *testing.T
	cmd    *exec.Cmd
	addr   string
	output *lines
	ended  chan struct{} // closed when err is known
	err    error
}

var listens = regexp.MustCompile(`listens on http://(\S+),`)

// serve starts the server and returns when it listens.
func (b *box) serve(addr string) *served {
	b.t.Helper()
	s := &served{t: b.t, cmd: b.command("serve", "--addr", addr), output: newLines(), ended: make(chan struct{})}
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	if err := s.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	go func() {
		s.err = s.cmd.Wait()
		s.output.close()
		close(s.ended)
	}()
	b.t.Cleanup(s.kill)
	s.addr = s.waitFor(listens)[1]
	return s
}

func (s *served) url() string { return "http://" + s.addr }

func (s *served) client(k key) *client.Client { return client.New(s.url(), k.Key) }

// kill ends the process as a power cut would, and waits for its end.
func (s *served) kill() {
	s.cmd.Process.Kill()
	<-s.ended
}

// stop asks the process to end.
func (s *served) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
}

// wait returns the exit code.
func (s *served) wait() int {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(limit):
		s.t.Fatalf("serve did not end\n%s", s.output)
	}
	var exit *exec.ExitError
	if s.err != nil && !errors.As(s.err, &exit) {
		s.t.Fatal(s.err)
	}
	return s.cmd.ProcessState.ExitCode()
}

// waitFor waits for a line of the server's.
func (s *served) waitFor(line *regexp.Regexp) []string {
	s.t.Helper()
	found := make(chan []string, 1)
	go func() { found <- s.output.find(line) }()
	select {
	case m := <-found:
		if m != nil {
			return m
		}
		s.t.Fatalf("serve ended before it wrote %s\n%s", line, s.output)
	case <-time.After(limit):
		s.t.Fatalf("serve did not write %s\n%s", line, s.output)
	}
	return nil
}

// lines is what a process has written, and a way to wait for more.
type lines struct {
	mu   sync.Mutex
	more *sync.Cond
	buf  bytes.Buffer
	end  bool
}

func newLines() *lines {
	l := new(lines)
	l.more = sync.NewCond(&l.mu)
	return l
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.more.Broadcast()
	return l.buf.Write(p)
}

func (l *lines) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end = true
	l.more.Broadcast()
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// find waits until a line matches, and returns nil when none came.
func (l *lines) find(line *regexp.Regexp) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		scan := bufio.NewScanner(bytes.NewReader(l.buf.Bytes()))
		for scan.Scan() {
			if m := line.FindStringSubmatch(scan.Text()); m != nil {
				return m
			}
		}
		if l.end {
			return nil
		}
		l.more.Wait()
	}
}
