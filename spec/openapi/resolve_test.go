package openapi

import (
	"slices"
	"testing"
)

func TestResolve(t *testing.T) {
	for _, c := range []struct{ base, ref, want string }{
		{"api.yaml", "models/a.yaml", "models/a.yaml"},
		{"dir/api.yaml", "../a.yaml", "a.yaml"},
		{"/abs/dir/api.yaml", "./a b.yaml", "/abs/dir/a b.yaml"},
		{"/abs/dir/api.yaml", "a%20b.yaml", "/abs/dir/a b.yaml"},
		{"/abs/dir/api.yaml", "/other/a.yaml", "/other/a.yaml"},
		{"https://x.example/v1/api.yaml", "../a%20b.yaml", "https://x.example/a%20b.yaml"},
		{"https://x.example/v1/api.yaml", "//y.example/a", "https://y.example/a"},
		{"api.yaml", "https://x.example/a", "https://x.example/a"},
		{"", "a.yaml", "a.yaml"},
		{`dir\api.yaml`, `models\a.yaml`, "dir/models/a.yaml"},
	} {
		if got := Resolve(c.base, c.ref); got != c.want {
			t.Errorf("Resolve(%q, %q) = %q, want %q", c.base, c.ref, got, c.want)
		}
	}
}

func TestSlugs(t *testing.T) {
	for _, c := range []struct{ servers, want []string }{
		{[]string{"https://api.example.com"}, []string{"prd"}},
		{[]string{"https://sandbox.example.com"}, []string{"prd"}},
		{[]string{"https://api.example.com", "https://api.sandbox.example.com"}, []string{"prd", "sandbox"}},
		{[]string{"https://api-m.sandbox.paypal.com", "https://api-m.paypal.com"}, []string{"sandbox", "prd"}},
		{[]string{"https://staging.x.com", "https://test.x.com", "http://localhost:1"}, []string{"staging", "test", "local"}},
		{[]string{"https://a.x.com", "https://eu.api.x.com", "https://us.api.x.com"}, []string{"prd", "eu", "us"}},
		{[]string{"https://dev1.x.com", "https://dev2.x.com", "https://x.com"}, []string{"dev", "dev2", "prd"}},
		{[]string{"https://x.com/v1", "https://x.com/v2", "https://x.com/v3"}, []string{"prd", "v2", "v3"}},
	} {
		var servers []server
		for _, u := range c.servers {
			servers = append(servers, server{url: u})
		}
		if got := slugs(servers); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.servers, got, c.want)
		}
	}
}
