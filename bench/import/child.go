package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

const childFlag = "-child"

// child does one piece of work and prints what came of it as JSON.
func child(work string, args []string) error {
	ctx := context.Background()
	var (
		result any
		err    error
	)
	switch work {
	case "ours":
		result, err = readAll(args[0], readOurs)
	case "kin":
		result, err = readAll(args[0], readKin)
	case "fill":
		result, err = nil, fill(ctx, args[0], args[1], args[2])
	case "first":
		result, err = firstRun(ctx, args[0])
	default:
		err = fmt.Errorf("no work is called %q", work)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// Used is what a process took.
type used struct {
	cpu time.Duration // user and system
	rss int64         // peak resident memory, bytes
}

// spawn does a piece of work in a process of its own.
func spawn(ctx context.Context, result any, work string, args ...string) (used, error) {
	program, err := os.Executable()
	if err != nil {
		return used{}, err
	}
	cmd := exec.CommandContext(ctx, program, append([]string{childFlag, work}, args...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return used{}, err
	}
	u := used{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if ru, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.rss = ru.Maxrss
		if runtime.GOOS != "darwin" { // getrusage(2): kilobytes, but bytes there
			u.rss <<= 10
		}
	}
	return u, json.Unmarshal(out.Bytes(), result)
}
