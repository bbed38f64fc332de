package sample_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// TestTagsRemark: what a name says after its URL tells alike requests apart,
// and the one that says nothing keeps the short name.
func TestTagsRemark(t *testing.T) {
	var actions []ductape.Action
	for _, name := range []string{"POST /accounts", "POST  /accounts UKRAINE", "POST /accounts ABA (usd)", "https://a.test/accounts again"} {
		actions = append(actions, ductape.Action{Name: name, Method: "POST", Resource: "/v1/accounts", Folder: []string{"accounts"}})
	}
	actions = append(actions, ductape.Action{Name: "POST /cards for shops", Method: "POST", Resource: "/v1/cards"})
	sample.Tags(actions)
	var got []string
	for _, a := range actions {
		got = append(got, a.Tag)
	}
	want := []string{"create_account", "create_account_ukraine", "create_account_aba_usd", "create_account_again", "create_card"}
	if !slices.Equal(got, want) {
		t.Errorf("tags %q, want %q", got, want)
	}
}

func TestNamesThatAreSentences(t *testing.T) {
	long := strings.Repeat("word ", 120)
	actions := []ductape.Action{
		{Name: long, Method: "GET", Resource: "/a"},
		{Name: long + "more", Method: "GET", Resource: "/b"},
		{Name: strings.Repeat("é", 300), Method: "GET", Resource: "/c"},
		{Name: "Short", Method: "GET", Resource: "/d"},
	}
	sample.Tags(actions)
	name := strings.Repeat("word_", 19) + "word"
	for i, want := range []string{name + "_a", name + "_b", strings.Repeat("é", 50), "short"} {
		if actions[i].Tag != want {
			t.Errorf("got %q, want %q", actions[i].Tag, want)
		}
	}
}
