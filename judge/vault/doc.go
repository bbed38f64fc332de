// Package vault holds tests of Ductape against HashiCorp Vault: secrets are read
// by reference in runs, from its KV engine, and the master key is one of its
// transit engine's. The folder server has the program that they start, which is
// Vault's own HTTP handler, core, token store, policies and engines; nothing in
// front of it is ours. See docs/decisions/010-vault-in-tests.md for the version.
//
// Both are modules of their own, so that Vault is no dependency of Ductape, and
// what Vault needs decides no version of what Ductape is tested with. Run it with
//
//	make judge-vault
//
// or, in this folder, go test ./...
package vault
