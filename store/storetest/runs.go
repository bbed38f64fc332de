package storetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

var runTests = []check{
	{"a run comes back as it was", runComesBack},
	{"runs are listed newest first, by pages", runPages},
	{"filters narrow alone and together", runFilters},
	{"a filter matches whole values only", runFilterWhole},
	{"limits are kept", runLimits},
	{"a batch appended twice is there once", runTwice},
	{"batches of every size", runBatches},
	{"old runs are deleted in every workspace", runsDeleted},
	{"runs of any order are deleted exactly", runsDeletedExactly},
	{"a missing run is ErrNotFound", runNotFound},
}

var runStart = time.UnixMicro(1_800_000_000_000_123).UTC()

func runID(n int) string { return fmt.Sprintf("run_%06d", n) }

// runsOf returns n runs, one a second.
func runsOf(workspace string, n int) []ductape.RunRecord {
	all := make([]ductape.RunRecord, n)
	for i := range all {
		all[i] = ductape.RunRecord{
			ID: runID(i), Workspace: workspace, StartedAt: runStart.Add(time.Duration(i) * time.Second),
			Product: "shop", Env: "dev", App: "stripe-app", Event: "create_customer", Outcome: ductape.OutcomeOK, Attempts: 1, Cache: "none",
		}
	}
	return all
}

func runComesBack(t *testing.T, f fixture) {
	full := ductape.RunRecord{
		ID: "r1", Workspace: ws, StartedAt: runStart, DurationUS: 1234, Product: "p", Env: "e", App: "a", Event: "v",
		Method: "POST", URL: "https://h/é%20x?", KeyID: "k", Session: "s", Identifier: "#u", Outcome: ductape.CodeUpstreamStatus, Step: "send",
		Message: "line\nline \x1f%1F\x00 \"quoted\"", Status: 503, Attempts: 3, Cache: "miss", BytesOut: 1 << 40, BytesIn: 7,
	}
	empty := ductape.RunRecord{ID: "r2", Workspace: ws, StartedAt: runStart}
	ok(t, f.AppendRuns(f.ctx, []ductape.RunRecord{full, empty}))
	same(t, "full", must(f.RunByID(f.ctx, ws, "r1"))(t), full)
	same(t, "empty", must(f.RunByID(f.ctx, ws, "r2"))(t), empty)
	same(t, "listed", must(f.Runs(f.ctx, ws, store.RunFilter{}))(t), []ductape.RunRecord{empty, full})
}

func runPages(t *testing.T, f fixture) {
	all := runsOf(ws, 25)
	ok(t, f.AppendRuns(f.ctx, all[13:]))
	ok(t, f.AppendRuns(f.ctx, all[:13]))
	n := 24
	for filter := (store.RunFilter{Limit: 10}); ; {
		page := must(f.Runs(f.ctx, ws, filter))(t)
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			same(t, "next", r, all[n])
			n--
		}
		filter.Before = page[len(page)-1].ID
	}
	same(t, "left over", n, -1)
}

// hashed is as long as the hash of a user is.
var hashed = strings.Repeat("0f", 32)

func runFilters(t *testing.T, f fixture) {
	all := runsOf(ws, 8)
	all[1].Product, all[2].Env, all[3].App, all[4].Event = "other", "prd", "twilio", "send_sms"
	all[5].Outcome, all[6].Outcome, all[7].Session = ductape.CodeUpstreamTimeout, ductape.CodeInvalidInput, "ses_1"
	all[3].Identifier, all[4].Identifier = hashed, hashed[1:]+"0"
	ok(t, f.AppendRuns(f.ctx, all))
	for _, c := range []struct {
		filter store.RunFilter
		want   string
	}{
		{store.RunFilter{Product: "other"}, "1"},
		{store.RunFilter{Env: "prd"}, "2"},
		{store.RunFilter{App: "twilio"}, "3"},
		{store.RunFilter{Event: "send_sms"}, "4"},
		{store.RunFilter{Outcome: "upstream_timeout"}, "5"},
		{store.RunFilter{Outcome: "error"}, "65"},
		{store.RunFilter{Outcome: "ok"}, "743210"},
		{store.RunFilter{Session: "ses_1"}, "7"},
		{store.RunFilter{User: hashed}, "3"},
		{store.RunFilter{User: hashed[1:] + "0"}, "4"},
		{store.RunFilter{User: hashed[:63]}, ""},
		{store.RunFilter{Product: "shop", Env: "dev", Outcome: "error"}, "65"},
		{store.RunFilter{Product: "other", Env: "prd"}, ""},
		{store.RunFilter{Product: "shop", Limit: 2}, "76"},
		{store.RunFilter{Product: "shop", Before: runID(6), Limit: 2}, "54"},
		{store.RunFilter{Event: "nothing"}, ""},
	} {
		got := ""
		for _, r := range must(f.Runs(f.ctx, ws, c.filter))(t) {
			got += r.ID[len(r.ID)-1:]
		}
		same(t, fmt.Sprintf("%+v", c.filter), got, c.want)
	}
}

func runFilterWhole(t *testing.T, f fixture) {
	all := runsOf(ws, 3)
	all[0].Product, all[1].Product, all[2].Product = "shop-2", "a%shop", "e=shop"
	ok(t, f.AppendRuns(f.ctx, all))
	for _, none := range []string{"shop", "shop-", "%", "_hop-2", "SHOP-2", "hop-2"} {
		same(t, none, len(must(f.Runs(f.ctx, ws, store.RunFilter{Product: none}))(t)), 0)
	}
	for _, r := range all {
		same(t, r.Product, must(f.Runs(f.ctx, ws, store.RunFilter{Product: r.Product}))(t), []ductape.RunRecord{r})
	}
	same(t, "another field's value", len(must(f.Runs(f.ctx, ws, store.RunFilter{Env: "shop"}))(t)), 0)
}

func runLimits(t *testing.T, f fixture) {
	ok(t, f.AppendRuns(f.ctx, runsOf(ws, 1100)))
	for limit, want := range map[int]int{0: 50, 1: 1, 1000: 1000, 5000: 1000} {
		same(t, fmt.Sprint("limit ", limit), len(must(f.Runs(f.ctx, ws, store.RunFilter{Limit: limit}))(t)), want)
	}
}

func runTwice(t *testing.T, f fixture) {
	for range 2 {
		ok(t, f.AppendRuns(f.ctx, runsOf(ws, 100)))
	}
	same(t, "runs", len(must(f.Runs(f.ctx, ws, store.RunFilter{Limit: 1000}))(t)), 100)
}

func runBatches(t *testing.T, f fixture) {
	total := 0
	for _, size := range []int{0, 1, 63, 64, 65, 200} {
		batch := runsOf(ws, size)
		for i := range batch {
			batch[i].ID = runID(total + i)
		}
		ok(t, f.AppendRuns(f.ctx, batch))
		total += size
		same(t, "runs", len(must(f.Runs(f.ctx, ws, store.RunFilter{Limit: 1000}))(t)), total)
	}
}

func runsDeleted(t *testing.T, f fixture) {
	ok(t, f.AppendRuns(f.ctx, append(runsOf(ws, 10), runsOf("other", 10)...)))
	n := must(f.DeleteRunsBefore(f.ctx, runStart.Add(4*time.Second)))(t)
	same(t, "deleted", n, 8)
	for _, w := range []string{ws, "other"} {
		left := must(f.Runs(f.ctx, w, store.RunFilter{}))(t)
		same(t, "left", len(left), 6)
		same(t, "oldest", left[5].ID, runID(4))
	}
	same(t, "again", must(f.DeleteRunsBefore(f.ctx, runStart))(t), 0)
}

func runsDeletedExactly(t *testing.T, f fixture) {
	r := rand.New(rand.NewPCG(1, 2))
	left := map[string]time.Time{}
	for round := range 30 {
		batch := runsOf(ws, 1+r.IntN(20))
		for i := range batch {
			batch[i].ID = fmt.Sprintf("%02d-%02d", round, i)
			batch[i].StartedAt = runStart.Add(time.Duration(round*10+r.IntN(100)) * time.Microsecond)
			left[batch[i].ID] = batch[i].StartedAt
		}
		ok(t, f.AppendRuns(f.ctx, batch))
		until := runStart.Add(time.Duration(round*10+r.IntN(40)) * time.Microsecond)
		var want int64
		for id, at := range left {
			if at.Before(until) {
				delete(left, id)
				want++
			}
		}
		same(t, "deleted", must(f.DeleteRunsBefore(f.ctx, until))(t), want)
		same(t, "left", len(must(f.Runs(f.ctx, ws, store.RunFilter{Limit: 1000}))(t)), len(left))
	}
}

func runNotFound(t *testing.T, f fixture) {
	gone, err := f.RunByID(f.ctx, ws, "x")
	missing(t, "no run at all", gone, err)
	ok(t, f.AppendRuns(f.ctx, runsOf(ws, 1)))
	gone, err = f.RunByID(f.ctx, ws, "x")
	missing(t, "another id", gone, err)
}
