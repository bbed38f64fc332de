// Package sqlstore keeps everything in SQL: SQLite now, in two files of a data
// folder. Start with OpenSQLite, or OpenMemory in tests.
//
// # What is durable
//
// A change of the catalog, secrets, keys or sessions (ductape.db) is on the disk
// before its method returns: neither SIGKILL nor a loss of power takes it back.
//
// Runs (runs.db) are with the operating system before AppendRuns returns, so
// SIGKILL loses none. A loss of power may take back the runs since the last
// checkpoint of the log, about the last 16 MB of them; the file stays sound.
// They have a file of their own, so that their batches do not wait for the
// catalog's disk writes, nor those for them.
//
// # What is exact
//
// Times are kept to the microsecond and come back in UTC. Raw JSON inside
// documents keeps its numbers, order, duplicate names and escapes; white space
// between tokens is dropped. Schemas and sealed values are kept byte for byte.
//
// Several processes may use one folder at once. The SQL is the part that SQLite
// and PostgreSQL share; what differs is in dialect.go and migrations.
package sqlstore
