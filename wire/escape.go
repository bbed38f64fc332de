package wire

// An alphabet is a set of bytes that are written as they are; all others are
// percent-encoded.
type alphabet uint8

const (
	unreserved    alphabet = 1 << iota // RFC 3986, 2.3
	reservedQuery                      // allowReserved in a query: reserved, but not what ends or splits one
	reservedPath                       // allowReserved in a path: reserved, but not / ? # [ ]
	formSafe                           // WHATWG URL, 5.2: application/x-www-form-urlencoded
	reservedForm                       // allowReserved in a form body
	templateText                       // what stands around the names of a path template
	raw                                // everything: headers and `style: cookie`
)

const triples = reservedQuery | reservedPath | reservedForm | templateText // existing %XX pass

var alphabets = func() (t [256]alphabet) {
	set := func(a alphabet, chars string) {
		for i := range len(chars) {
			t[chars[i]] |= a
		}
	}
	const alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	set(unreserved|reservedQuery|reservedPath|templateText, alnum+"-._~")
	set(formSafe|reservedForm, alnum+"-._*")
	set(reservedQuery|reservedForm, ":/?@!$'()*,;")
	set(reservedPath, ":@!$&'()*+,;=")
	set(templateText, ":@!$&'()*+,;=/?")
	for i := range t {
		t[i] |= raw
	}
	return t
}()

const hex = "0123456789ABCDEF"

// appendEscaped appends s; bytes outside a are percent-encoded, and a blank in
// a form is a plus sign.
func appendEscaped(dst, s []byte, a alphabet) []byte {
	for i, c := range s {
		switch {
		case alphabets[c]&a != 0:
			dst = append(dst, c)
		case c == ' ' && a&(formSafe|reservedForm) != 0:
			dst = append(dst, '+')
		case c == '%' && a&triples != 0 && isTriple(s[i:]):
			dst = append(dst, c)
		default:
			dst = append(dst, '%', hex[c>>4], hex[c&15])
		}
	}
	return dst
}

func isTriple(s []byte) bool { return len(s) > 2 && isHex(s[1]) && isHex(s[2]) }

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// control reports whether c is a control character other than a tab.
func control(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }
