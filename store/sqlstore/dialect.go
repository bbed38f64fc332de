package sqlstore

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/ductape-go/ductape"
)

// A dialect is what differs between databases. Statements are written with ?
// and use only what SQLite and PostgreSQL both have.
type dialect struct {
	name     string // folder of its migrations
	goose    goose.Dialect
	numbered bool   // placeholders are $1, $2, …
	position string // function: where the second text stands in the first, 0 for nowhere

	conflict func(error) bool        // a unique value is taken
	explain  func(error, pool) error // a clearer error, where there is one
}

var sqliteDialect = dialect{
	name:     "sqlite",
	goose:    goose.DialectSQLite3,
	position: "instr",
	conflict: func(err error) bool {
		c := sqliteCode(err)
		return c == sqlite3.SQLITE_CONSTRAINT_UNIQUE || c == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	},
	explain: explainSQLite,
}

// bind rewrites ? as the dialect has placeholders. Statements hold no ? in texts.
func (d dialect) bind(text string) string {
	if !d.numbered {
		return text
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(text, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		text = after
	}
}

func sqliteCode(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code()
}

func explainSQLite(err error, p pool) error {
	e := &ductape.Error{Code: ductape.CodeInternal, Cause: err}
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		e.Message = fmt.Sprintf("%s is damaged, or is not a database: %v", p.path, err)
		e.Hint = "stop all that uses the folder, move the file away with its -wal and -shm, and put a backup in its place"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		e.Code = ductape.CodeOverloaded
		e.Message = fmt.Sprintf("%s is in use by another process that does not let go: %v", p.path, err)
		e.Hint = "try again; see which other ductape process uses the folder"
	case sqlite3.SQLITE_FULL:
		e.Message = fmt.Sprintf("the disk of %s is full: %v", p.path, err)
		e.Hint = "free space and try again"
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		e.Message = fmt.Sprintf("%s cannot be opened for writing: %v", p.path, err)
		e.Hint = "see that the folder exists and belongs to this user"
	default:
		return err
	}
	return e
}
