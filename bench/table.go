package main

import (
	"fmt"
	"io"
	"text/tabwriter"
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
	fmt.Fprintf(w, "%s  %s  %s  %d rounds of %d requests\n\n", r.When, r.Go, r.Machine, r.Rounds, r.Requests)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "Server\tconnections\tCPU µs/request\tlowest\thighest\trequests/s\tCPU ratio\t")
	for _, x := range r.Server {
		fmt.Fprintf(t, "%s\t%d\t%.1f\t%.1f\t%.1f\t%.0f\t%.2f\t\n", x.Name, x.Connections, x.CPU, x.Lowest, x.Highest, x.Rate, x.Ratio)
	}
	fmt.Fprintln(t, "\t\t\t\t\t\t\t")
	fmt.Fprintln(t, "Inside a Go program\t\tµs/call\tallocations\tbytes\t\ttime ratio\t")
	for _, x := range r.Inside {
		fmt.Fprintf(t, "%s\t\t%.1f\t%d\t%d\t\t%.2f\t\n", x.Name, x.NS/1000, x.Allocs, x.Bytes, x.Ratio)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, m := range r.Missing {
		fmt.Fprintln(w, "\nNot measured: "+m)
	}
	_, err := fmt.Fprintf(w, "\nGoal: %s takes at most %.2f of the bare proxy's CPU time at %d connections: %s.\n", ductapeJSON, goal, manyConns, yes(r.Reached))
	return err
}

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
