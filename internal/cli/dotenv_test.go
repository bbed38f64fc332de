package cli

import (
	"strings"
	"testing"
)

func TestParseDotenv(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"A=1", "A=1@1"},
		{"# c\n\nA=1\n  B = two words  \n", "A=1@3|B=two words@4"},
		{"export A=1\nexport\tB=2\nexport=3\nexported=4", "A=1@1|B=2@2|export=3@3|exported=4@4"},
		{"A=\nB=''\nC=\"\"", "A=@1|B=@2|C=@3"},
		{"A=x # c\nB=x#y\nC=#c\nD='#'# no", "line 4: there is text behind the closing quote of D"},
		{"A=x # c\nB=x#y\nC=#c\nD='#' # c\nE=\"a\" \n", "A=x@1|B=x#y@2|C=@3|D=#@4|E=a@5"},
		{"A='one\ntwo'\nB=\"three\nfour\"\nC=5", "A=one\ntwo@1|B=three\nfour@3|C=5@5"},
		{`A="a\nb\t\"\\\$x\q"`, "A=a\nb\t\"\\$x\\q@1"},
		{`A='a\nb"$X'`, `A=a\nb"$X@1`},
		{"A=$HOME${B}", "A=$HOME${B}@1"},
		{"\ufeffA=1\r\nB=\"x\r\ny\"\r\nC=3\r\n", "A=1@1|B=x\ny@2|C=3@4"},
		{"A=a=b==", "A=a=b==@1"},
		{"A=1\nA=2", "A=1@1|A=2@2"},
		{"A=1\nsecretvalue\n", "line 2: expected NAME=value"},
		{"A=1\nB: secretvalue\n", "line 2: expected NAME=value"},
		{"1A=x", "line 1: expected NAME=value"},
		{"=x", "line 1: expected NAME=value"},
		{"A=1\n\nB=\"secretvalue\nC=2\n", `line 3: the " after B= is never closed`},
		{"A='secretvalue", "line 1: the ' after A= is never closed"},
		{`A="secretvalue\`, `line 1: the " after A= is never closed`},
		{"A=\"one\ntwo\" secretvalue", "line 2: there is text behind the closing quote of A"},
		{"A=\xff", "line 1: the file is not UTF-8"},
	} {
		entries, err := parseDotenv(tt.text)
		var got []string
		for _, e := range entries {
			got = append(got, e.name+"="+e.value+"@"+string(rune('0'+e.line)))
		}
		shown := strings.Join(got, "|")
		if err != nil {
			shown = err.Error()
			if strings.Contains(shown, "secretvalue") {
				t.Errorf("%q: the error holds a value: %s", tt.text, shown)
			}
		}
		if shown != tt.want && (err == nil || !strings.HasPrefix(shown, tt.want)) {
			t.Errorf("%q:\n got %q\nwant %q", tt.text, shown, tt.want)
		}
	}
}

func FuzzParseDotenv(f *testing.F) {
	f.Add("A=1\nexport B=\"x\\n\" # c\nC='y\nz'\n")
	f.Fuzz(func(t *testing.T, text string) {
		entries, err := parseDotenv(text)
		lines := strings.Count(text, "\n") + 1
		for _, e := range entries {
			if e.name == "" || e.line < 1 || e.line > lines {
				t.Errorf("%+v of %d lines", e, lines)
			}
			again, err := parseDotenv(e.name + "='" + strings.ReplaceAll(e.value, "'", "") + "'")
			if err != nil || len(again) != 1 || again[0].value != strings.ReplaceAll(e.value, "'", "") {
				t.Errorf("%q in single quotes: %v, %v", e.value, again, err)
			}
		}
		if err != nil && len(err.Error()) > 300+len(text) {
			t.Error("an error longer than what it is about")
		}
	})
}
