package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// exe ends the names of programs.
var exe = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]

// maxLines is how much of a command's output is shown.
const maxLines = 30

// A shell shows commands as a person would type them, runs them, and ends those
// that are left running.
type shell struct {
	ctx                 context.Context
	out                 io.Writer
	root, example, work string
	env                 []string
	bold, dim, plain    string // terminal codes; empty when nobody looks

	dir     string
	steps   int
	started map[string]*process

	// For the next command only.
	next
}

// next says how one command is run and shown.
type next struct {
	stdin  string
	typed  string         // shown in place of the command
	silent bool           // output is shown only when the command fails
	fields []string       // of a JSON answer, what is shown
	mask   *regexp.Regexp // of the output, what is not shown
}

// A process is a program left running, and what it said.
type process struct {
	cmd  *exec.Cmd
	log  *os.File
	done chan struct{}
	err  error
}

// newShell finds the repository and makes an empty work folder.
func newShell(ctx context.Context, out *os.File) (*shell, error) {
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	sh := &shell{ctx: ctx, out: out, root: root, example: filepath.Join(root, "examples", "stripe"), started: map[string]*process{}}
	sh.work = filepath.Join(sh.example, "work")
	if err := os.RemoveAll(filepath.Join(sh.work, "ductape-data")); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(sh.work, 0o755); err != nil {
		return nil, err
	}
	sh.env = withoutServer(os.Environ())
	if info, err := out.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" {
		sh.bold, sh.dim, sh.plain = "\x1b[1m", "\x1b[2m", "\x1b[0m"
	}
	return sh, nil
}

func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "examples", "stripe", "ductape.yaml")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("run this inside the repository: make demo")
}

func (sh *shell) step(title string) {
	sh.steps++
	fmt.Fprintf(sh.out, "\n%s%d. %s%s\n", sh.bold, sh.steps, title, sh.plain)
}

// show has the next command shown as typed.
func (sh *shell) show(typed string) *shell {
	sh.typed = typed
	return sh
}

// quiet runs a command and shows its output only when it fails.
func (sh *shell) quiet(name string, args ...string) (string, error) {
	sh.silent = true
	return sh.run(name, args...)
}

// run runs a command to its end and returns its standard output.
func (sh *shell) run(name string, args ...string) (string, error) {
	how := sh.prompt(name, args, "")
	cmd := sh.command(name, args)
	cmd.Stdin = strings.NewReader(how.stdin)
	var out, all bytes.Buffer
	both := &lockedWriter{w: &all}
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&out, both), both
	if err := cmd.Run(); err != nil {
		sh.print(all.String(), 1<<20)
		return "", fmt.Errorf("%s failed: %w", name, err)
	}
	if !how.silent {
		sh.print(how.shown(all.String()), maxLines)
	}
	return out.String(), nil
}

// shown picks what is shown of an output.
func (n next) shown(out string) string {
	if n.mask != nil {
		out = n.mask.ReplaceAllStringFunc(out, func(m string) string { return m[:7] + "…" })
	}
	var answer bytes.Buffer
	if n.fields == nil || json.Indent(&answer, []byte(out), "", "  ") != nil {
		return out
	}
	kept, left := "{\n", 0
	for line := range strings.Lines(answer.String()) {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, `  "`), `"`)
		if slices.Contains(n.fields, name) {
			kept += line
		} else {
			left++
		}
	}
	return fmt.Sprintf("%s  … %d more lines of Stripe's answer\n}", kept, left-2)
}

// start leaves a program running until stop or stopAll.
func (sh *shell) start(name string, args ...string) error {
	sh.prompt(name, args, " &")
	log, err := os.Create(filepath.Join(sh.work, name+".log"))
	if err != nil {
		return err
	}
	p := &process{cmd: sh.command(name, args), log: log, done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	if err := p.cmd.Start(); err != nil {
		return errors.Join(err, log.Close())
	}
	go func() { p.err = p.cmd.Wait(); close(p.done) }()
	sh.started[name] = p
	return nil
}

// stop ends a program, politely for ten seconds (command, WaitDelay).
func (sh *shell) stop(name string) error {
	p := sh.started[name]
	delete(sh.started, name)
	select {
	case <-p.done:
		said, err := os.ReadFile(p.log.Name())
		return errors.Join(fmt.Errorf("%s ended by itself: %v\n%s", name, p.err, said), err, p.log.Close())
	default:
	}
	if err := interrupt(p.cmd.Process); err != nil {
		return err
	}
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		p.cmd.Process.Kill()
		<-p.done
	}
	return p.log.Close()
}

func (sh *shell) stopAll() error {
	var errs []error
	for name := range sh.started {
		errs = append(errs, sh.stop(name))
	}
	return errors.Join(errs...)
}

// command prepares a program; those built here are found in the work folder.
// When the demo is told to stop, so is the program.
func (sh *shell) command(name string, args []string) *exec.Cmd {
	path := name
	if built := filepath.Join(sh.work, name+exe); name == "ductape" || name == "stripe-mock" {
		path = built
	}
	cmd := exec.CommandContext(sh.ctx, path, args...)
	cmd.Dir, cmd.Env = sh.dir, sh.env
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// interrupt asks a process to end, and ends it where systems cannot ask.
func interrupt(p *os.Process) error {
	if p.Signal(os.Interrupt) == nil {
		return nil
	}
	if err := p.Kill(); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// prompt shows what is run, and where. It returns what holds for this command
// and forgets it.
func (sh *shell) prompt(name string, args []string, end string) next {
	how := sh.next
	sh.next = next{}
	if how.typed == "" {
		words := []string{name}
		for _, a := range args {
			words = append(words, quoted(a))
		}
		how.typed = strings.Join(words, " ")
	}
	fmt.Fprintf(sh.out, "   %s%s $%s %s%s\n", sh.dim, sh.place(), sh.plain, how.typed, end)
	return how
}

// place names the folder for the prompt.
func (sh *shell) place() string {
	rel, err := filepath.Rel(sh.root, sh.dir)
	switch {
	case err != nil:
		return sh.dir
	case rel == ".":
		return "ductape"
	case sh.dir == sh.work:
		return "work"
	}
	return filepath.ToSlash(rel)
}

func quoted(arg string) string {
	if strings.ContainsAny(arg, " $'\"*?") {
		return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
	}
	return arg
}

// print shows output, indented, and says how much was left out.
func (sh *shell) print(text string, limit int) {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if i == limit {
			fmt.Fprintf(sh.out, "   %s… %d more lines%s\n", sh.dim, len(lines)-i, sh.plain)
			return
		}
		fmt.Fprintln(sh.out, strings.TrimRight("   "+line, " "))
	}
}

// excerpt shows the lines of a file from the one that holds first to the next
// one that holds last.
func (sh *shell) excerpt(file, first, last string) error {
	text, err := os.ReadFile(filepath.Join(sh.dir, file))
	if err != nil {
		return err
	}
	fmt.Fprintf(sh.out, "   %s%s:%s\n", sh.dim, filepath.ToSlash(file), sh.plain)
	shown := false
	for line := range strings.Lines(string(text)) {
		shown = shown || strings.Contains(line, first)
		if shown {
			fmt.Fprintf(sh.out, "   | %s\n", strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    "))
		}
		if shown && strings.Contains(line, last) {
			return nil
		}
	}
	return fmt.Errorf("%s has no lines from %q to %q", file, first, last)
}

// A lockedWriter takes the two outputs of a program in the order they come.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
