package auth

import (
	"encoding/base64"
	"strings"

	"github.com/ductape-go/ductape"
)

// newBasic makes user name and password (RFC 7617). Both go out as the UTF-8
// they came in; either may be empty but not both.
func newBasic(a ductape.Auth, v Values) (Credential, error) {
	fields := Fields(ductape.AuthBasic)
	password, err := value(a, v, fields[1])
	if err != nil {
		return nil, err
	}
	user, err := value(a, v, fields[0])
	if err != nil && !emptyUser(v, password) {
		return nil, err
	}
	if strings.Contains(user, ":") {
		return nil, invalid(a, "a user name must not hold a colon (RFC 7617, section 2)")
	}
	return &authorized{header: "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))}, nil
}

// emptyUser reports whether the user name was given, as the empty string, for a
// password that goes without one.
func emptyUser(v Values, password string) bool {
	user, given := v["username"]
	return given && user == "" && password != ""
}
