package judge

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stripe/stripe-mock/embedded"

	"github.com/ductape-go/ductape/internal/schema"
)

// wanted is the share of judged requests that the judge must accept.
const wanted = 0.995

var corpusFiles = []string{
	"adyen_checkout_v71.yaml", "docker_engine_v28_swagger2.yaml", "figma.yaml", "paypal_orders_v2.json", "twilio_v2010.json",
	"digitalocean_multifile/DigitalOcean-public.v2.yaml",
}

// TestKinCorpus lets kin-openapi judge requests to every operation of real
// descriptions, Stripe's among them: one with what is required, one with all
// there is.
func TestKinCorpus(t *testing.T) {
	folder := corpus(t)
	opts := []schema.SampleOptions{requiredOnly, everything}
	total := make([]tally, len(opts))
	add := func(name, location string, data []byte) {
		for i, one := range judgeFile(t, name, location, data, opts) {
			t.Logf("%s, %s: %s", name, modes[i], &one)
			total[i].add(one)
		}
	}
	add("stripe", "stripe.json", embedded.OpenAPISpec)
	for _, name := range corpusFiles {
		location := filepath.Join(folder, "openapi", filepath.FromSlash(name))
		data, err := os.ReadFile(location)
		if err != nil {
			t.Fatal(err)
		}
		add(name, location, data)
	}
	for i, mode := range modes {
		t.Logf("all files, %s: %s", mode, &total[i])
		if total[i].share() < wanted {
			t.Errorf("%s: only %.2f %% of the requests are valid", mode, 100*total[i].share())
		}
		documented(t, total[i].String())
		golden(t, "failures-"+mode+".golden", total[i].failures)
		golden(t, "unsampled-"+mode+".golden", total[i].unsampled)
		golden(t, "unjudged-"+mode+".golden", total[i].skipped)
	}
}

var modes = []string{"required", "all"}

// judgeFile judges one description. One that only the judge cannot read is
// counted as such.
func judgeFile(t *testing.T, name, location string, data []byte, opts []schema.SampleOptions) []tally {
	t.Helper()
	same := func(one tally) []tally { return slices.Repeat([]tally{one}, len(opts)) }
	app, err := readApp(location, data)
	if err != nil {
		return same(tally{skipped: []string{fmt.Sprintf("%s\tnot imported\t%s", name, oneLine(err.Error()))}})
	}
	doc, err := load(location, data)
	if err != nil || doc.Paths == nil {
		n := len(app.Actions)
		return same(tally{operations: n, unjudged: n, skipped: []string{fmt.Sprintf("%s\tnot read by the judge\t%d operations: %s", name, n, oneLine(fmt.Sprint(err)))}})
	}
	return judgeApp(t, name, app, doc, opts)
}
