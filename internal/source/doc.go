// Package source reads secrets that are kept elsewhere, by reference: a variable
// of the server's environment, a file, or a field in HashiCorp Vault.
//
// Start with New, whose Config says what the operator allows: nothing, unless it
// is named. Sources.Check judges a reference, Sources.Read reads its value and
// keeps it for a minute.
//
// What it promises: a reference never reaches further than the operator said,
// however it is written; a value stands in no error and no log line; of many that
// ask for one reference at once, one reads it; when a place does not answer, the
// last value is used for a bounded time, and the log says so.
package source
