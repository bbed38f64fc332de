// Package secret holds what must not be seen: a type for a secret's text that
// never prints it, a redactor that takes secrets out of any text, and the
// sealing of secrets at rest.
//
// Start with LoadMasterKey, then MasterKey.NewDataKey or OpenDataKey for the
// workspace's Box, and Box.Seal and Box.Open with SecretAD. Wrap an opened
// secret in a Value at once; Value.Expose is the only way back to its text.
//
// What it promises: a Value's text appears in nothing that fmt, log/slog or a
// JSON encoder writes; a sealed value opens only under the key and the
// associated data it was sealed with, whole and unchanged.
package secret
