package placeholder

import (
	"errors"
	"math/big"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDigits bounds the digits of a number and its exponent, so that arithmetic
// stays cheap: 1e999999999 is refused.
const maxDigits = 1000

// A decimal is an exact number: digits times ten to the power of exp.
type decimal struct {
	digits *big.Int
	exp    int
}

var errHuge = errors.New("must be a number of at most 1000 digits and an exponent of at most 1000")

// parseDecimal reads a number as JSON writes it.
func parseDecimal(text string) (decimal, error) {
	if len(text) > maxDigits+16 {
		return decimal{}, errHuge
	}
	mantissa, power := text, 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		n, err := strconv.Atoi(text[i+1:])
		if err != nil || n > maxDigits || n < -maxDigits {
			return decimal{}, errHuge
		}
		mantissa, power = text[:i], n
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits, ok := new(big.Int).SetString(whole+fraction, 10)
	if !ok {
		return decimal{}, errors.New("must be a number")
	}
	return decimal{digits, power - len(fraction)}, nil
}

// align returns the digits of a and b at their common exponent.
func align(a, b decimal) (x, y *big.Int, exp int) {
	exp = min(a.exp, b.exp)
	return a.at(exp), b.at(exp), exp
}

func (d decimal) at(exp int) *big.Int {
	if d.exp == exp {
		return d.digits
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.exp-exp)), nil)
	return scale.Mul(scale, d.digits)
}

func (d decimal) add(o decimal) decimal {
	x, y, exp := align(d, o)
	return decimal{new(big.Int).Add(x, y), exp}
}

func (d decimal) negated() decimal { return decimal{new(big.Int).Neg(d.digits), d.exp} }

func (d decimal) compare(o decimal) int {
	x, y, _ := align(d, o)
	return x.Cmp(y)
}

// value prints d without an exponent and without needless zeros.
func (d decimal) value() jsontext.Value {
	if d.exp > 0 {
		d = decimal{d.at(0), 0}
	}
	text := new(big.Int).Abs(d.digits).String()
	if d.exp < 0 {
		if missing := 1 - d.exp - len(text); missing > 0 {
			text = strings.Repeat("0", missing) + text
		}
		point := len(text) + d.exp
		text = strings.TrimRight(text[:point]+"."+text[point:], "0")
		text = strings.TrimSuffix(text, ".")
	}
	if d.digits.Sign() < 0 {
		text = "-" + text
	}
	return jsontext.Value(text)
}

// number reads v, a number or text that is one as JSON writes it.
func number(v jsontext.Value) (decimal, bool, error) {
	text := string(v)
	switch v.Kind() {
	case '0':
	case '"':
		inner, err := unquote(v)
		inner = strings.TrimSpace(inner)
		if len(inner) == 0 || err != nil || !(inner[0] == '-' || inner[0] >= '0' && inner[0] <= '9') || !jsontext.Value(inner).IsValid() {
			return decimal{}, false, nil
		}
		text = inner
	default:
		return decimal{}, false, nil
	}
	d, err := parseDecimal(text)
	return d, err == nil, err
}

// number returns argument i, from 1, which must be a number or numeric text.
func (c *call) number(i int) (decimal, error) {
	d, ok, err := number(c.args[i-1])
	if err != nil {
		return d, c.fail(i, "%v", err)
	}
	if !ok {
		return d, c.wrongType(i, "a number")
	}
	return d, nil
}

// integer returns argument i, from 1, which must be a whole number.
func (c *call) integer(i int) (int, error) {
	d, err := c.number(i)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(string(d.value()))
	if err != nil {
		return 0, c.fail(i, "must be a whole number")
	}
	return n, nil
}

func evalAdd(c *call) (jsontext.Value, error) { return c.sum(decimal.add) }

func evalSubtract(c *call) (jsontext.Value, error) {
	return c.sum(func(a, b decimal) decimal { return a.add(b.negated()) })
}

func (c *call) sum(op func(a, b decimal) decimal) (jsontext.Value, error) {
	total, err := c.number(1)
	if err != nil {
		return nil, err
	}
	for i := 2; i <= len(c.args); i++ {
		n, err := c.number(i)
		if err != nil {
			return nil, err
		}
		total = op(total, n)
	}
	return total.value(), nil
}
