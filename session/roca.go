package session

import (
	"crypto/rsa"
	"math/big"
	"sync"
)

// rocaPrimes is how far the small primes go that a modulus is looked at with: by
// chance alone one key in 140 million looks weak to all of them.
const rocaPrimes = 167

// roca reports whether an RSA key was made by the smart cards whose private keys
// can be computed (CVE-2017-15361, "ROCA"). Their primes are powers of 65537
// modulo the product of the first primes, and so is the modulus (Nemec et al.,
// The Return of Coppersmith's Attack, section 2).
func roca(key *rsa.PublicKey) bool {
	var rest, by big.Int
	for p, powers := range rocaPowers() {
		if !powers[rest.Mod(key.N, by.SetInt64(p)).Int64()] {
			return false
		}
	}
	return true
}

// rocaPowers gives, for each small odd prime, which residues are powers of 65537.
var rocaPowers = sync.OnceValue(func() map[int64]map[int64]bool {
	all := map[int64]map[int64]bool{}
	for p := int64(3); p <= rocaPrimes; p += 2 {
		if !big.NewInt(p).ProbablyPrime(0) {
			continue
		}
		all[p] = map[int64]bool{}
		for x := int64(1); !all[p][x]; x = x * 65537 % p {
			all[p][x] = true
		}
	}
	return all
})
