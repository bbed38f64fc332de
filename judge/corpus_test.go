package judge

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stripe/stripe-mock/embedded"
)

// wanted is the share of judged requests that the judge must accept.
const wanted = 0.995

var corpusFiles = []string{
	"adyen_checkout_v71.yaml", "docker_engine_v28_swagger2.yaml", "figma.yaml", "paypal_orders_v2.json", "twilio_v2010.json",
	"digitalocean_multifile/DigitalOcean-public.v2.yaml",
}

// TestKinCorpus lets kin-openapi judge a request to every operation of real
// descriptions, Stripe's among them.
func TestKinCorpus(t *testing.T) {
	folder := corpus(t)
	total := judgeFile(t, "stripe", "stripe.json", embedded.OpenAPISpec)
	t.Logf("stripe: %s", &total)
	for _, name := range corpusFiles {
		location := filepath.Join(folder, "openapi", filepath.FromSlash(name))
		data, err := os.ReadFile(location)
		if err != nil {
			t.Fatal(err)
		}
		one := judgeFile(t, name, location, data)
		t.Logf("%s: %s", name, &one)
		total.add(one)
	}
	t.Logf("all: %s", &total)
	if total.share() < wanted {
		t.Errorf("only %.2f %% of the requests are valid", 100*total.share())
	}
	golden(t, "failures.golden", total.failures)
	golden(t, "unsampled.golden", total.unsampled)
	golden(t, "unjudged.golden", total.skipped)
}

// judgeFile judges one description. One that only the judge cannot read is
// counted as such.
func judgeFile(t *testing.T, name, location string, data []byte) tally {
	t.Helper()
	app, err := readApp(location, data)
	if err != nil {
		return tally{skipped: []string{fmt.Sprintf("%s\tnot imported\t%s", name, oneLine(err.Error()))}}
	}
	doc, err := load(location, data)
	if err != nil || doc.Paths == nil {
		return tally{operations: len(app.Actions), unjudged: len(app.Actions), skipped: []string{fmt.Sprintf("%s\tnot read by the judge\t%s", name, oneLine(fmt.Sprint(err)))}}
	}
	return judgeApp(t, name, app, doc)
}
