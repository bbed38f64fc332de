package main

import (
	"context"
	"fmt"
	"slices"
)

// A row is one target's result at one number of connections.
type row struct {
	Name        string  `json:"name"`
	Connections int     `json:"connections"`
	CPU         float64 `json:"cpu_us_per_request"` // median of the rounds
	Lowest      float64 `json:"cpu_us_lowest"`
	Highest     float64 `json:"cpu_us_highest"`
	Rate        float64 `json:"requests_per_second"` // median
	Ratio       float64 `json:"cpu_ratio"`           // to the bare proxy: median over the rounds of both in the same round
}

// measureAll runs the targets one after the other, again and again: a machine
// that is slow for a while is slow for all of them.
func measureAll(ctx context.Context, targets []*target, o options, conns int) ([]row, error) {
	n := o.requests
	if conns == 1 {
		n /= 2
	}
	rounds := make([][]round, len(targets))
	for i := range o.rounds + 1 {
		for j, t := range targets {
			r, err := t.measure(ctx, n, conns)
			if err != nil {
				return nil, err
			}
			if i > 0 { // the first warms up
				rounds[j] = append(rounds[j], r)
			}
		}
		o.progress(fmt.Sprintf("round %d of %d with %d connections", i, o.rounds, conns))
	}
	rows := make([]row, len(targets))
	for j, t := range targets {
		rows[j] = rowOf(t.name, conns, rounds[j], rounds[0])
	}
	return rows, nil
}

func rowOf(name string, conns int, rounds, bare []round) row {
	var cpu, rate, ratio []float64
	for i, r := range rounds {
		cpu, rate, ratio = append(cpu, r.CPU), append(rate, r.Rate), append(ratio, r.CPU/bare[i].CPU)
	}
	return row{name, conns, median(cpu), slices.Min(cpu), slices.Max(cpu), median(rate), median(ratio)}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
