package sqlstore

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
)

// A run's doc is its fields as text, each as separator, letter, "=", value, with
// a separator at the end; empty fields are left out. So one bound value carries
// them all, and a filter is a search for "<sep>p=shop<sep>". In a value the
// separator, NUL (which PostgreSQL refuses) and % are percent-encoded. A letter
// this program does not know is passed over, so that one can be added.
const separator = '\x1f'

// The letters of the fields.
const (
	fProduct  = 'p'
	fEnv      = 'e'
	fApp      = 'a'
	fEvent    = 'v'
	fOutcome  = 'o'
	fSession  = 's'
	fMethod   = 'm'
	fURL      = 'u'
	fKey      = 'k'
	fStep     = 't'
	fMessage  = 'x'
	fStatus   = 'h'
	fAttempts = 'n'
	fCache    = 'c'
	fOut      = 'w'
	fIn       = 'r'
	fDuration = 'd'
	fUser     = 'i'
)

// encodeRuns returns each run's doc, all in one piece of memory.
func encodeRuns(runs []ductape.RunRecord) []string {
	b := make([]byte, 0, len(runs)*256)
	ends := make([]int, len(runs))
	for i := range runs {
		b = appendRun(b, &runs[i])
		ends[i] = len(b)
	}
	all, docs, from := string(b), make([]string, len(runs)), 0
	for i, end := range ends {
		docs[i], from = all[from:end], end
	}
	return docs
}

// appendRun appends r's doc to b.
func appendRun(b []byte, r *ductape.RunRecord) []byte {
	b = appendText(b, fProduct, r.Product)
	b = appendText(b, fEnv, r.Env)
	b = appendText(b, fApp, r.App)
	b = appendText(b, fEvent, r.Event)
	b = appendText(b, fOutcome, string(r.Outcome))
	b = appendText(b, fSession, r.Session)
	b = appendText(b, fUser, shortHash(r.Identifier))
	b = appendText(b, fMethod, r.Method)
	b = appendText(b, fURL, r.URL)
	b = appendText(b, fKey, r.KeyID)
	b = appendText(b, fStep, r.Step)
	b = appendText(b, fMessage, r.Message)
	b = appendText(b, fCache, r.Cache)
	b = appendInt(b, fStatus, int64(r.Status))
	b = appendInt(b, fAttempts, int64(r.Attempts))
	b = appendInt(b, fOut, r.BytesOut)
	b = appendInt(b, fIn, r.BytesIn)
	b = appendInt(b, fDuration, r.DurationUS)
	return append(b, separator)
}

func appendText(b []byte, field byte, v string) []byte {
	if v == "" {
		return b
	}
	return append(append(b, separator, field, '='), escape(v)...)
}

func appendInt(b []byte, field byte, n int64) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(append(b, separator, field, '='), n, 10)
}

const escaped = "%\x00\x1f"

var (
	escaper   = strings.NewReplacer("%", "%25", "\x00", "%00", "\x1f", "%1F")
	unescaper = strings.NewReplacer("%25", "%", "%00", "\x00", "%1F", "\x1f")
)

func escape(v string) string {
	if !strings.ContainsAny(v, escaped) {
		return v
	}
	return escaper.Replace(v)
}

func unescape(v string) string {
	if strings.IndexByte(v, '%') < 0 {
		return v
	}
	return unescaper.Replace(v)
}

// decodeRun fills r from a row.
func decodeRun(r *ductape.RunRecord, startedAt int64, doc string) error {
	r.StartedAt = time.UnixMicro(startedAt).UTC()
	for part := range strings.SplitSeq(strings.Trim(doc, string(separator)), string(separator)) {
		if part == "" {
			continue
		}
		if len(part) < 2 || part[1] != '=' {
			return fmt.Errorf("run %q: damaged record", r.ID)
		}
		if err := setField(r, part[0], unescape(part[2:])); err != nil {
			return fmt.Errorf("run %q: damaged record: %w", r.ID, err)
		}
	}
	return nil
}

func setField(r *ductape.RunRecord, field byte, v string) (err error) {
	if to := textField(r, field); to != nil {
		*to = v
		return nil
	}
	switch field {
	case fUser:
		r.Identifier = longHash(v)
	case fOutcome:
		r.Outcome = ductape.Code(v)
	case fStatus:
		r.Status, err = strconv.Atoi(v)
	case fAttempts:
		r.Attempts, err = strconv.Atoi(v)
	case fOut:
		r.BytesOut, err = strconv.ParseInt(v, 10, 64)
	case fIn:
		r.BytesIn, err = strconv.ParseInt(v, 10, 64)
	case fDuration:
		r.DurationUS, err = strconv.ParseInt(v, 10, 64)
	}
	return err
}

func textField(r *ductape.RunRecord, field byte) *string {
	switch field {
	case fProduct:
		return &r.Product
	case fEnv:
		return &r.Env
	case fApp:
		return &r.App
	case fEvent:
		return &r.Event
	case fSession:
		return &r.Session
	case fMethod:
		return &r.Method
	case fURL:
		return &r.URL
	case fKey:
		return &r.KeyID
	case fStep:
		return &r.Step
	case fMessage:
		return &r.Message
	case fCache:
		return &r.Cache
	}
	return nil
}

// hashMark begins a hash in its short form; in a value that is none it stands twice.
const hashMark = "#"

// shortHash writes a SHA-256 in hex as base64, which takes 21 bytes less, and
// leaves other text as it is.
func shortHash(v string) string {
	if len(v) == 2*sha256.Size {
		if b, err := hex.DecodeString(v); err == nil && hex.EncodeToString(b) == v {
			return hashMark + base64.RawURLEncoding.EncodeToString(b)
		}
	}
	if strings.HasPrefix(v, hashMark) {
		return hashMark + v
	}
	return v
}

// longHash undoes shortHash.
func longHash(v string) string {
	rest, marked := strings.CutPrefix(v, hashMark)
	if !marked || strings.HasPrefix(rest, hashMark) {
		return rest
	}
	b, err := base64.RawURLEncoding.DecodeString(rest)
	if err != nil {
		return v
	}
	return hex.EncodeToString(b)
}
