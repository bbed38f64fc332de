package catalog

import (
	"cmp"
	"slices"

	"github.com/ductape-go/ductape/spec"
)

// ImportCodes lists every code of a warning that an import gives, in order of
// name: those of the reader, and those of bringing what was read into the
// catalog. The documentation is made from it.
func ImportCodes() []spec.Code {
	codes := append(spec.Codes(),
		spec.Code{Name: warnReferenceLiteral, Meaning: "a value refers to what a description may not, and is sent as it is written"},
		spec.Code{Name: warnUnresolvedReference, Meaning: "a value that stays refers to something that the description no longer has"},
		spec.Code{Name: warnBaseURLUnusable, Meaning: "a server is no absolute http or https URL; set base_url"},
		spec.Code{Name: WarnHostNotAccepted, Meaning: "a re-imported description names a new host, which existing credentials do not go to until it is accepted (--accept-hosts)"},
	)
	slices.SortFunc(codes, func(a, b spec.Code) int { return cmp.Compare(a.Name, b.Name) })
	return codes
}
