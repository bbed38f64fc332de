// Package kms wraps data keys with a key that stays in a key service: HashiCorp
// Vault's transit engine, and in a program built with the tag kms also AWS KMS,
// Google Cloud KMS and Azure Key Vault.
//
// Start with Open, which takes the URL that stands in DUCTAPE_MASTER_KEY.
//
// What it promises: what it wrapped opens only under the associated data it was
// wrapped with; the plain data key is sent to the key service and nowhere else,
// and stands in no error.
package kms
