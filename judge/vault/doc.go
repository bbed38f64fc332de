// Package vault holds tests of Ductape against the engines of HashiCorp Vault:
// KV version 2 (github.com/hashicorp/vault-plugin-secrets-kv) and transit
// (github.com/hashicorp/vault/builtin/logical/transit), on storage in memory.
// Secrets are read from them by reference in runs, and the master key is one of
// the transit engine's. What the engines answer, and its status and form in
// HTTP, is from Vault's code. The front before them is not: it knows tokens,
// what each may do, and whether Vault is sealed.
//
// It is a module of its own, so that Vault is no dependency of Ductape. Vault
// is under the Business Source License, which permits this; nothing of it is
// in what Ductape gives out. Run it with
//
//	make judge-vault
//
// or, in this folder, go test ./...
package vault
