package main

import (
	"fmt"
	"io"
	"strconv"
)

// A report is everything that was measured.
type report struct {
	When     string   `json:"when"`
	Go       string   `json:"go"`
	Machine  string   `json:"machine"`
	Requests int      `json:"requests_per_round"`
	Rounds   int      `json:"rounds"`
	Server   []row    `json:"server"`
	Inside   []inside `json:"inside"`
	Missing  []string `json:"missing,omitempty"` // what could not be measured, and why
	Goal     float64  `json:"goal_cpu_ratio"`
	Reached  bool     `json:"goal_reached"`
}

// goal is what Ductape's CPU time per request may be, as a multiple of the bare
// proxy's.
const goal = 1.15

func (r *report) print(w io.Writer) error {
	fmt.Fprintf(w, "%s  %s  %s  %d rounds of %d requests\n", r.When, r.Go, r.Machine, r.Rounds, r.Requests)
	r.printServer(w)
	if len(r.Inside) > 0 {
		r.printInside(w)
	}
	for _, m := range r.Missing {
		fmt.Fprintln(w, "\nNot measured: "+m)
	}
	_, err := fmt.Fprintf(w, "\nGoal: %s takes at most %.2f of the bare proxy's CPU time at %d connections: %s.\n", ductapeJSON, goal, manyConns, yes(r.Reached))
	return err
}

func (r *report) printServer(w io.Writer) {
	line := "%-24s %12s %16s %8s %8s %12s %10s\n"
	fmt.Fprintf(w, "\n"+line, "Server", "connections", "CPU µs/request", "lowest", "highest", "requests/s", "CPU ratio")
	for _, x := range r.Server {
		fmt.Fprintf(w, line, x.Name, strconv.Itoa(x.Connections), tenths(x.CPU), tenths(x.Lowest), tenths(x.Highest), fmt.Sprintf("%.0f", x.Rate), hundredths(x.Ratio))
	}
}

func (r *report) printInside(w io.Writer) {
	line := "%-24s %12s %16s %8s %32s\n"
	fmt.Fprintf(w, "\n"+line, "Inside a Go program", "µs/call", "allocations", "bytes", "time ratio")
	for _, x := range r.Inside {
		fmt.Fprintf(w, line, x.Name, tenths(x.NS/1000), strconv.FormatInt(x.Allocs, 10), strconv.FormatInt(x.Bytes, 10), hundredths(x.Ratio))
	}
}

func tenths(v float64) string     { return strconv.FormatFloat(v, 'f', 1, 64) }
func hundredths(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

func yes(reached bool) string {
	if reached {
		return "reached"
	}
	return "not reached"
}

// judge compares the goal's row with the goal.
func (r *report) judge() {
	r.Goal = goal
	for _, x := range r.Server {
		if x.Name == ductapeJSON && x.Connections == manyConns {
			r.Reached = x.Ratio <= goal
		}
	}
}
