//go:build !linux

package main

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// cpuTime is the CPU time that a process has used so far, from ps, which has it
// in hundredths of a second: take more requests (-requests) than on Linux.
func cpuTime(pid int) (time.Duration, error) {
	out, err := exec.Command("ps", "-o", "time=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return 0, fmt.Errorf("read the CPU time of process %d: %w", pid, err)
	}
	var total float64
	for part := range strings.SplitSeq(strings.ReplaceAll(strings.TrimSpace(string(out)), "-", ":"), ":") {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return 0, fmt.Errorf("read the CPU time of process %d: %w", pid, err)
		}
		total = total*60 + n
	}
	return time.Duration(total * float64(time.Second)), nil
}
