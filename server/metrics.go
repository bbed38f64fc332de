package server

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ductape-go/ductape"
)

// metrics counts runs. It names codes, never products, apps or users: anybody
// who reaches the port may read it.
type metrics struct {
	registry *prometheus.Registry
	runs     *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ductape_runs_total", Help: "Runs answered over HTTP, by outcome (ok or the error's code) and cache (hit, miss or none).",
		}, []string{"outcome", "cache"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ductape_run_seconds", Help: "Time from a run's request to the beginning of its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"outcome"}),
	}
	m.registry.MustRegister(m.runs, m.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// observe counts one run.
func (m *metrics) observe(started time.Time, res *ductape.Result, err error) {
	outcome, cache := "ok", "none"
	if err != nil {
		outcome = string(ductape.CodeOf(err))
	} else {
		cache = res.Cache
	}
	m.runs.WithLabelValues(outcome, cache).Inc()
	m.took.WithLabelValues(outcome).Observe(time.Since(started).Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}
