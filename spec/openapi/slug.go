package openapi

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape/spec/naming"
)

// words that tell which environment a server is, and its slug
var stageWords = map[string]string{
	"prod": "prd", "prd": "prd", "production": "prd", "live": "prd",
	"sandbox": "sandbox", "sbx": "sandbox", "staging": "staging", "stage": "staging", "stg": "staging",
	"test": "test", "testing": "test", "tst": "test", "dev": "dev", "develop": "dev", "development": "dev", "devel": "dev",
	"local": "local", "localhost": "local", "qa": "qa", "uat": "uat", "demo": "demo", "beta": "beta", "mock": "mock", "preprod": "preprod", "preview": "preview",
}

// slugs names the environments of a list of servers. The production server is
// prd: the first that says so, else the first that says nothing.
func slugs(servers []server) []string {
	if len(servers) == 0 {
		return nil
	}
	out := make([]string, len(servers))
	main := 0
	if len(servers) > 1 {
		for i, s := range servers {
			out[i] = stage(s)
		}
		main = mainServer(out)
	}
	if main >= 0 {
		out[main] = "prd"
	}
	makeDistinct(out, servers, main)
	return out
}

func mainServer(stages []string) int {
	plain := -1
	for i, s := range stages {
		if s == "prd" {
			return i
		}
		if s == "" && plain < 0 {
			plain = i
		}
	}
	return plain
}

// makeDistinct gives every server a slug of its own: its stage, else the words
// of its description or host, else a number.
func makeDistinct(out []string, servers []server, main int) {
	taken := map[string]bool{"": true}
	if main >= 0 {
		taken["prd"] = true
	}
	n := 2
	for i, s := range servers {
		if i == main {
			continue
		}
		region := hostWords(s.url)
		if main >= 0 && region == hostWords(servers[main].url) {
			region = pathWords(s.url)
		}
		choices := []string{out[i], region, out[i] + "_" + region, described(s.description), region + "_" + pathWords(s.url)}
		for _, c := range choices {
			c = strings.Trim(c, "_")
			if !taken[c] {
				out[i] = c
				break
			}
			out[i] = ""
		}
		for ; out[i] == ""; n++ {
			if c := "env_" + strconv.Itoa(n); !taken[c] {
				out[i] = c
			}
		}
		taken[out[i]] = true
	}
}

// stage returns the slug that the host or the description names, or "".
func stage(s server) string {
	u, err := url.Parse(s.url)
	if err == nil {
		if u.Hostname() == "127.0.0.1" {
			return "local"
		}
		for _, w := range naming.Words(u.Host) {
			if slug := stageWords[strings.TrimRight(w, "0123456789")]; slug != "" {
				return slug
			}
		}
	}
	for _, w := range naming.Words(s.description) {
		if slug := stageWords[w]; slug != "" {
			return slug
		}
	}
	return ""
}

// hostWords returns the words of a host that tell it from its siblings: eu for
// eu.api.example.com.
func hostWords(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	labels := strings.Split(u.Hostname(), ".")
	if len(labels) < 3 {
		return naming.Snake(u.Hostname())
	}
	var words []string
	for _, w := range naming.Words(strings.Join(labels[:len(labels)-2], " ")) {
		if w != "api" && w != "www" && w != "rest" {
			words = append(words, w)
		}
	}
	return strings.Join(words, "_")
}

func pathWords(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return naming.Snake(u.Path)
}

func described(text string) string {
	words := naming.Words(text)
	return strings.Join(words[:min(4, len(words))], "_")
}
