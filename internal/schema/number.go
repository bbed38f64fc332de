package schema

import (
	"math/big"

	"github.com/go-json-experiment/json/jsontext"
)

// number makes a number: 1 where that is allowed, else the nearest.
func (sh *shape) number(whole bool, variant int) jsontext.Value {
	step := sh.step(whole)
	if step == nil {
		return jsontext.Value(numberText(sh.between(variant)))
	}
	v := big.NewRat(1, 1)
	up := true
	switch {
	case sh.low != nil && v.Cmp(sh.low) < 0, sh.low != nil && v.Cmp(sh.low) == 0 && sh.openLow:
		v = sh.low
	case sh.high != nil && (v.Cmp(sh.high) > 0 || v.Cmp(sh.high) == 0 && sh.openHigh):
		v, up = sh.high, false
	}
	v = round(v, step, up)
	if up && sh.low != nil && sh.openLow && v.Cmp(sh.low) == 0 {
		v = new(big.Rat).Add(v, step)
	}
	if !up && sh.openHigh && v.Cmp(sh.high) == 0 {
		v = new(big.Rat).Sub(v, step)
	}
	return jsontext.Value(numberText(sh.along(v, step, up, variant)))
}

// along goes some steps from v, back when it comes to the limit.
func (sh *shape) along(v, step *big.Rat, up bool, steps int) *big.Rat {
	by := new(big.Rat).Mul(step, big.NewRat(int64(steps), 1))
	if !up {
		by.Neg(by)
	}
	there := new(big.Rat).Add(v, by)
	if sh.high != nil && there.Cmp(sh.high) > 0 || sh.low != nil && there.Cmp(sh.low) < 0 {
		return new(big.Rat).Sub(v, by)
	}
	return there
}

// step is what the number is a multiple of, nil for any number.
func (sh *shape) step(whole bool) *big.Rat {
	one := big.NewRat(1, 1)
	switch {
	case sh.multipleOf != nil && whole:
		return commonMultiple(sh.multipleOf, one)
	case sh.multipleOf != nil:
		return sh.multipleOf
	case whole:
		return one
	}
	return nil
}

// round goes to a multiple of step, up or down.
func round(v, step *big.Rat, up bool) *big.Rat {
	q := new(big.Rat).Quo(v, step)
	whole := new(big.Int).Div(q.Num(), q.Denom()) // down, for a positive denominator
	if up && !q.IsInt() {
		whole.Add(whole, big.NewInt(1))
	}
	return new(big.Rat).Mul(new(big.Rat).SetInt(whole), step)
}

// between picks any number inside the limits.
func (sh *shape) between(variant int) *big.Rat {
	by := big.NewRat(int64(variant+1), 1)
	switch {
	case sh.low != nil && sh.high != nil:
		width := new(big.Rat).Sub(sh.high, sh.low)
		return new(big.Rat).Add(sh.low, width.Mul(width, big.NewRat(1, int64(variant)+2)))
	case sh.low != nil:
		if sh.low.Cmp(by) < 0 {
			return by
		}
		return new(big.Rat).Add(sh.low, by)
	case sh.high != nil:
		if sh.high.Cmp(by) > 0 {
			return by
		}
		return new(big.Rat).Sub(sh.high, by)
	}
	return new(big.Rat).Add(by, big.NewRat(1, 2))
}

// commonMultiple returns the least common multiple of two positive fractions.
func commonMultiple(a, b *big.Rat) *big.Rat {
	// lcm(p/q, r/s) = lcm(p, r) / gcd(q, s), both reduced
	gcd := new(big.Int).GCD(nil, nil, a.Num(), b.Num())
	top := new(big.Int).Mul(a.Num(), new(big.Int).Div(b.Num(), gcd))
	return new(big.Rat).SetFrac(top, new(big.Int).GCD(nil, nil, a.Denom(), b.Denom()))
}
