package schema

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/netip"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// formats are the formats that are asserted, each about the type it belongs to.
// Of others real descriptions and APIs have notions of their own: "uri" with a
// relative path, "email" with a name. The names are those of the OpenAPI
// Format Registry and JSON Schema 2020-12, 7.3.
var formats = map[string]*jsonschema.Format{
	"date-time": textFormat("date-time", isDateTime),
	"date":      textFormat("date", func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil }),
	"uuid":      textFormat("uuid", isUUID),
	"ipv4":      textFormat("ipv4", func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() }),
	"ipv6":      textFormat("ipv6", func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is6() }),
	"byte":      textFormat("byte", isBase64),
	"int32":     numberFormat("int32", 31),
	"int64":     numberFormat("int64", 63),
}

var errFormat = errors.New("does not have the format")

func textFormat(name string, fits func(string) bool) *jsonschema.Format {
	return &jsonschema.Format{Name: name, Validate: func(v any) error {
		if s, ok := v.(string); ok && !fits(s) {
			return errFormat
		}
		return nil
	}}
}

// numberFormat is a signed integer of so many bits besides its sign.
func numberFormat(name string, bits uint) *jsonschema.Format {
	limit := new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), bits))
	lowest := new(big.Rat).Neg(limit)
	return &jsonschema.Format{Name: name, Validate: func(v any) error {
		number, ok := v.(json.Number)
		if !ok {
			return nil
		}
		if r, ok := exact(string(number)); ok && (r.Cmp(limit) >= 0 || r.Cmp(lowest) < 0) {
			return errFormat
		}
		return nil
	}}
}

// isDateTime accepts RFC 3339, 5.6, in either case, and leap seconds.
func isDateTime(s string) bool {
	s = strings.ToUpper(s)
	if len(s) > 19 && s[17:19] == "60" {
		s = s[:17] + "59" + s[19:]
	}
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil && !strings.Contains(s, ",")
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		if dash != (c == '-') || !dash && !hex {
			return false
		}
	}
	return true
}

// isBase64 accepts both alphabets of RFC 4648, padded or not.
func isBase64(s string) bool {
	s = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "").Replace(s), "=")
	_, err := base64.RawStdEncoding.DecodeString(s)
	return err == nil
}
