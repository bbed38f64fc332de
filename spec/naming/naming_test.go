package naming

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestSnake(t *testing.T) {
	for in, want := range map[string]string{
		"getPetById": "get_pet_by_id", "GetHTTPSUrl": "get_https_url", "listVPCs": "list_vpcs", "APIKeys": "api_keys", "userIDs": "user_ids",
		"user.signup": "user_signup", "repos/list-for-org": "repos_list_for_org", "AccountsV1::create": "accounts_v1_create",
		"OAuth2": "oauth2", "getOAuthToken": "get_oauth_token", "IPv6Addresses": "ipv6_addresses", "S3Bucket": "s3_bucket", "getV2Users": "get_v2_users",
		"list_users": "list_users", "  Send  SMS! ": "send_sms", "Get user's pets": "get_users_pets", "Crème Brûlée": "crème_brûlée", "": "", "--": "",
		"projects.locations.list": "projects_locations_list", "3DSecure": "3_d_secure", "X-Figma-Token": "x_figma_token",
	} {
		if got := Snake(in); got != want {
			t.Errorf("Snake(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTag(t *testing.T) {
	for in, want := range map[string]string{
		"Stripe API": "stripe", "Twilio - Api": "twilio", "Adyen Checkout API": "adyen-checkout", "DigitalOcean API": "digitalocean",
		"Orders": "orders", "Docker Engine API": "docker-engine", "GitHub v3 REST API": "github", "API": "api", "": "app", "!!": "app",
		"The Guardian": "guardian", "Amazon Simple Queue Service 2012": "amazon-simple-queue-service", "2.0": "2-0", "Notion's API": "notions",
		strings.Repeat("long word ", 20): "long-word-long-word-long-word-long-word-long-word-long-word",
	} {
		if got := Tag(in); got != want {
			t.Errorf("Tag(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSingular(t *testing.T) {
	for in, want := range map[string]string{
		"customers": "customer", "addresses": "address", "statuses": "status", "analyses": "analysis", "taxes": "tax", "status": "status", "data": "data",
		"entries": "entry", "companies": "company", "boxes": "box", "people": "person", "children": "child", "indices": "index", "matches": "match",
		"dishes": "dish", "keys": "key", "buses": "bus", "processes": "process", "access": "access", "series": "series", "news": "news", "sms": "sms",
		"houses": "house", "cases": "case", "licenses": "license", "databases": "database", "caches": "cache", "aliases": "alias", "movies": "movie",
		"analysis": "analysis", "bus": "bus", "address": "address", "kubernetes": "kubernetes", "metrics": "metric", "prices": "price", "queries": "query",
		"quizzes": "quiz", "heroes": "hero", "leaves": "leaf", "campuses": "campus", "viruses": "virus", "us": "us", "gas": "gas", "vpcs": "vpc", "details": "details",
	} {
		if got := Singular(in); got != want {
			t.Errorf("Singular(%q) = %q, want %q", in, got, want)
		}
	}
}

// testdata/operations.txt holds "METHOD PATH ID -> tag" in groups, each group one
// API; "list" or "one" before the arrow says what a GET answers.
func TestOperations(t *testing.T) {
	for _, group := range groups(t) {
		t.Run(group.name, func(t *testing.T) {
			for i, got := range Operations(group.ops) {
				if got.Tag != group.want[i] {
					t.Errorf("%s %s %s: got %s, want %s", group.ops[i].Method, group.ops[i].Path, group.ops[i].ID, got.Tag, group.want[i])
				}
			}
		})
	}
}

// Names do not depend on the order of the operations.
func TestOrderDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, group := range groups(t) {
		want := map[string]Names{}
		for i, n := range Operations(group.ops) {
			want[group.ops[i].Method+group.ops[i].Path+group.ops[i].ID] = n
		}
		for range 20 {
			random.Shuffle(len(group.ops), func(i, j int) { group.ops[i], group.ops[j] = group.ops[j], group.ops[i] })
			for i, n := range Operations(group.ops) {
				op := group.ops[i]
				if !reflect.DeepEqual(n, want[op.Method+op.Path+op.ID]) {
					t.Fatalf("%s %s: %v and %v", op.Method, op.Path, n, want[op.Method+op.Path+op.ID])
				}
			}
		}
	}
}

type group struct {
	name string
	ops  []Operation
	want []string
}

func groups(t *testing.T) []group {
	t.Helper()
	f, err := os.Open("testdata/operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []group
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if name, ok := strings.CutPrefix(line, "# "); ok {
			out = append(out, group{name: name})
			continue
		}
		left, tag, ok := strings.Cut(line, " -> ")
		if !ok {
			continue
		}
		fields := strings.Fields(left)
		op := Operation{Method: fields[0], Path: fields[1]}
		for _, extra := range fields[2:] {
			switch {
			case extra == "list":
				op.Listing = List
			case extra == "one":
				op.Listing = Single
			case strings.HasPrefix(extra, "in:"):
				op.Folder = []string{extra[3:]}
			default:
				op.ID = extra
			}
		}
		g := &out[len(out)-1]
		g.ops = append(g.ops, op)
		g.want = append(g.want, tag)
	}
	return out
}

func TestUnique(t *testing.T) {
	got := Unique([][]string{{"a", "a_x"}, {"a", "a_y"}, {"b"}, {"b"}, {"b"}, {}, {""}, {"c", "b"}})
	want := []string{"a_x", "a_y", "b", "b_2", "b_3", "action", "action_2", "c"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUniqueManyEqual(t *testing.T) {
	candidates := make([][]string, 30_000)
	for i := range candidates {
		candidates[i] = []string{"same", "same_too"}
	}
	seen := map[string]bool{}
	for _, name := range Unique(candidates) {
		if seen[name] {
			t.Fatalf("%s twice", name)
		}
		seen[name] = true
	}
}

func FuzzNames(f *testing.F) {
	f.Add("GET", "/v1/things/{id}:cancel", "getThing", "listVPCs")
	f.Add("", "{{}}?a=b#c", "::", "é’s")
	f.Fuzz(func(t *testing.T, method, path, id, other string) {
		ops := []Operation{{Method: method, Path: path, ID: id}, {Method: method, Path: path, ID: other}, {Method: "POST", Path: other}}
		names := Operations(ops)
		seen := map[string]bool{}
		for _, n := range names {
			if n.Tag == "" || seen[n.Tag] {
				t.Fatal(fmt.Sprint(names))
			}
			seen[n.Tag] = true
		}
	})
}
