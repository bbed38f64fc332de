package nearest

import (
	"slices"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	actions := []string{"create_customer", "create_charge", "list_customers", "delete_customer", "get_balance"}
	for _, tt := range []struct {
		name string
		n    int
		want []string
	}{
		{"create_custmer", 1, []string{"create_customer"}},
		{"Create_Customer", 1, []string{"create_customer"}},
		{"craete_customer", 2, []string{"create_customer", "delete_customer"}},
		{"balance", 3, []string{"get_balance"}},
		{"zzz", 3, []string{}},
		{"", 3, nil},
		{"create_customer", 0, nil},
		{strings.Repeat("x", 5000), 3, nil},
	} {
		if got := Nearest(tt.name, actions, tt.n); !slices.Equal(got, tt.want) {
			t.Errorf("Nearest(%.20q, %d) = %q, want %q", tt.name, tt.n, got, tt.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"ab", "ba", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3}, {"prd", "prod", 1},
	} {
		got, ok := distance(tt.a, tt.b, 10)
		if !ok || got != tt.want {
			t.Errorf("distance(%q, %q) = %d, %v, want %d", tt.a, tt.b, got, ok, tt.want)
		}
	}
	if _, ok := distance("kitten", "sitting", 2); ok {
		t.Error("a distance beyond the limit was reported")
	}
}

func TestHint(t *testing.T) {
	for _, tt := range []struct {
		name       string
		candidates []string
		want       string
	}{
		{"prod", []string{"prd", "dev"}, "did you mean prd?"},
		{"qqqqq", []string{"prd", "dev", "dev"}, "known: dev, prd"},
		{"qqqqq", nil, ""},
	} {
		if got := Hint(tt.name, tt.candidates); got != tt.want {
			t.Errorf("Hint(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}
