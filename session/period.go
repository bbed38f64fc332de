package session

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ductape-go/ductape"
)

// maxYears bounds how long a session may last.
const maxYears = 100

// periods says what n periods after a time is. Days and longer are those of UTC.
var periods = map[string]struct {
	days  float64 // about how many one is, for the bound
	after func(at time.Time, n int64) time.Time
}{
	"seconds": {1.0 / 86400, func(at time.Time, n int64) time.Time { return at.Add(time.Duration(n) * time.Second) }},
	"minutes": {1.0 / 1440, func(at time.Time, n int64) time.Time { return at.Add(time.Duration(n) * time.Minute) }},
	"hours":   {1.0 / 24, func(at time.Time, n int64) time.Time { return at.Add(time.Duration(n) * time.Hour) }},
	"days":    {1, func(at time.Time, n int64) time.Time { return at.AddDate(0, 0, int(n)) }},
	"weeks":   {7, func(at time.Time, n int64) time.Time { return at.AddDate(0, 0, 7*int(n)) }},
	"months":  {30.5, func(at time.Time, n int64) time.Time { return at.AddDate(0, int(n), 0) }},
}

// Periods lists the units of a session's expiry.
func Periods() []string { return slices.Sorted(maps.Keys(periods)) }

// MostOf returns how many of a period a session may last; 0 of what is no period.
func MostOf(period string) int64 {
	p, ok := periods[period]
	if !ok {
		return 0
	}
	return int64(maxYears * 366 / p.days)
}

// expiry returns when n periods from now are over, in whole seconds, as tokens
// have them (RFC 7519, section 2: NumericDate).
func expiry(now time.Time, n int64, typ ductape.SessionType, field string) (time.Time, error) {
	p, ok := periods[typ.Period]
	if !ok {
		return time.Time{}, wrongType(typ, fmt.Sprintf("period %q is none of seconds, minutes, hours, days, weeks, months", typ.Period))
	}
	if n <= 0 || n > MostOf(typ.Period) {
		return time.Time{}, wrongType(typ, fmt.Sprintf("%s of %d %s is not between 1 and %d years", field, n, typ.Period, maxYears))
	}
	return ceil(p.after(now.UTC(), n)), nil
}

func ceil(at time.Time) time.Time {
	if whole := at.Truncate(time.Second); !whole.Equal(at) {
		return whole.Add(time.Second)
	}
	return at
}

func wrongType(typ ductape.SessionType, message string) error {
	return ductape.NewError(ductape.CodeInvalidInput, fmt.Sprintf("session type %q: %s", typ.Tag, message))
}
