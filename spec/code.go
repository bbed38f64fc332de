package spec

import (
	"cmp"
	"slices"

	"github.com/ductape-go/ductape/spec/curl"
	"github.com/ductape-go/ductape/spec/har"
	"github.com/ductape-go/ductape/spec/openapi"
	"github.com/ductape-go/ductape/spec/postman"
)

// A Code is one code of a warning and what it means.
type Code struct{ Name, Meaning string }

// Codes lists every code of a warning that Read gives, in order of name. The
// documentation is made from it.
func Codes() []Code {
	var codes []Code
	for _, c := range openapi.Codes() {
		codes = append(codes, Code(c))
	}
	for _, c := range curl.Codes() {
		codes = append(codes, Code(c))
	}
	for _, c := range har.Codes() {
		codes = append(codes, Code(c))
	}
	for _, c := range postman.Codes() {
		codes = append(codes, Code(c))
	}
	slices.SortStableFunc(codes, func(a, b Code) int { return cmp.Compare(a.Name, b.Name) })
	return slices.CompactFunc(codes, func(a, b Code) bool { return a.Name == b.Name })
}
