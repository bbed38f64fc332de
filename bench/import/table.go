package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// A report is everything that was measured.
type report struct {
	Go      string  `json:"go"`
	Machine string  `json:"machine"`
	Ours    reading `json:"ours"`
	Kin     reading `json:"kin"`
	Ratio   float64 `json:"cpu_ratio"` // ours to kin-openapi's
	Largest reading `json:"largest"`
	Starts  []start `json:"starts"`
}

// The goals of the project.
const (
	goalRatio      = 0.2
	goalRSS        = 700 << 20
	goalLargestRSS = 600 << 20
)

func (r *report) print(w io.Writer) error {
	fmt.Fprintf(w, "%s, %s\n", r.Go, r.Machine)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	if r.Ours.Files > 0 {
		fmt.Fprintln(t, "\nreading descriptions\tfiles\tMB\trefused\tactions\tCPU s\tpeak RSS MB\t")
		for _, x := range []reading{r.Ours, r.Kin, r.Largest} {
			fmt.Fprintf(t, "%s\t%d\t%.0f\t%d\t%d\t%.2f\t%d\t\n", x.Name, x.Files, x.MB, x.Refused, x.Actions, x.CPU, x.RSS>>20)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(w, "\nCPU, ours to kin-openapi's: %.3f (goal: at most %.1f)%s\n", r.Ratio, goalRatio, missed(r.Ratio > goalRatio))
		fmt.Fprintf(w, "peak memory, whole directory: %d MB (goal: under %d)%s\n", r.Ours.RSS>>20, goalRSS>>20, missed(r.Ours.RSS >= goalRSS))
		fmt.Fprintf(w, "peak memory, largest file: %d MB (goal: under %d)%s\n", r.Largest.RSS>>20, goalLargestRSS>>20, missed(r.Largest.RSS >= goalLargestRSS))
	}
	if len(r.Starts) == 0 {
		return nil
	}
	fmt.Fprintln(t, "\nfrom closed store to first answer\topen ms\tfirst run ms\tallocations\tallocated KB\tpeak RSS MB\tstore MB\t")
	for _, s := range r.Starts {
		fmt.Fprintf(t, "%d actions\t%.1f\t%.1f\t%d\t%d\t%d\t%.1f\t\n", s.Actions, s.OpenMS, s.RunMS, s.Allocs, s.Bytes>>10, s.RSS>>20, float64(s.Disk)/1e6)
	}
	return t.Flush()
}

// misses reports whether a goal of the reading is missed.
func (r *report) misses() bool {
	return r.Ours.Files > 0 && (r.Ratio > goalRatio || r.Ours.RSS >= goalRSS || r.Largest.RSS >= goalLargestRSS)
}

func missed(yes bool) string {
	if yes {
		return " MISSED"
	}
	return ""
}
