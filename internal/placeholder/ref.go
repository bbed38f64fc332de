package placeholder

import "github.com/go-json-experiment/json/jsontext"

// A Kind is what a reference refers to.
type Kind uint8

// The kinds of references.
const (
	Session  Kind = iota + 1 // $Session{a}{b}...: the call's session data
	Auth                     // $Auth{tag}{field}: the connection's credential; $Auth{field} where it has one auth
	Secret                   // $Secret{KEY}: a secret of the workspace
	Variable                 // $Variable{app}{key}: the connection's value of the App's variable
	Constant                 // $Constant{app}{key}: the App's constant
	Input                    // $Input{a}{b}...: another part of the same call's input
	Now                      // $Now: milliseconds since 1970 UTC
)

// refKinds says how many names each kind takes; max 0 means any number.
var refKinds = [...]struct {
	name     string
	min, max int
}{
	Session:  {"Session", 1, 0},
	Auth:     {"Auth", 1, 2},
	Secret:   {"Secret", 1, 1},
	Variable: {"Variable", 2, 2},
	Constant: {"Constant", 2, 2},
	Input:    {"Input", 1, 0},
	Now:      {"Now", 0, 0},
}

// String returns the kind's name as it is written after the $.
func (k Kind) String() string {
	if k == 0 || int(k) >= len(refKinds) {
		return "Unknown"
	}
	return refKinds[k].name
}

func kindOf(name string) Kind {
	for k := Session; k <= Now; k++ {
		if refKinds[k].name == name {
			return k
		}
	}
	return 0
}

// A Ref is one reference of a template. It is shared by all who use the
// template and must not be changed.
type Ref struct {
	Kind   Kind
	Path   []string // the names in braces
	Text   string   // as written, for errors
	Column int      // where it begins, in characters, from 1
	InCall bool     // stands in a function's arguments, which may change its value

	Optional bool // stands in what a $Default replaces when it does not resolve
}

// A Resolver gives references their values. The value must be valid JSON
// without space around it and must not change afterwards. An error wrapping
// ErrUnresolved says that there is none; $Default catches it. Now resolves to
// the milliseconds since 1970, one value for the whole run.
type Resolver interface {
	Resolve(ref Ref) (jsontext.Value, error)
}
