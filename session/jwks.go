package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/ductape-go/ductape"
)

const (
	// jwksAge is how old an issuer's keys may be before they are read again, in
	// the background.
	jwksAge = 10 * time.Minute
	// jwksStale is how long the last known keys serve while the issuer does not
	// answer.
	jwksStale = 24 * time.Hour
	// jwksWait is between two reads, whatever tokens ask for.
	jwksWait = time.Minute
	// jwksFirst is between two reads while there are no keys at all.
	jwksFirst = 5 * time.Second
	// jwksTimeout is how long one read may take.
	jwksTimeout = 10 * time.Second
	// maxSources bounds how many issuers are remembered.
	maxSources = 1000
)

// A Fetch reads what an issuer publishes at a URL, at most 256 KB. AllowPrivate permits
// loopback and private addresses.
type Fetch func(ctx context.Context, url string, allowPrivate bool) ([]byte, error)

// issuers knows the keys of every issuer that was asked.
type issuers struct {
	fetch   Fetch
	now     func() time.Time
	mu      sync.Mutex
	sources map[sourceAt]*source
}

// A workspace shares no source with another: who asks first for an issuer's keys
// would tell that others use it, and use up the minute in which they are asked.
type sourceAt struct {
	workspace    string
	url          string
	allowPrivate bool
}

// A source is one URL with keys.
type source struct {
	at     sourceAt
	from   *issuers
	flight singleflight.Group

	mu      sync.Mutex
	keys    keySet
	fetched time.Time // when keys were read
	tried   time.Time // when they were last asked for
	failure error     // of the last time, nil when it went well
}

func newIssuers(fetch Fetch, now func() time.Time) *issuers {
	return &issuers{fetch: fetch, now: now, sources: map[sourceAt]*source{}}
}

// keys returns the keys at the type's URL. When none of those known suits, they
// are read again, but never more often than jwksWait.
func (i *issuers) keys(ctx context.Context, workspace string, typ ductape.SessionType, suits func(keySet) bool) (keySet, error) {
	if i.fetch == nil {
		return nil, errors.New("nothing may be fetched here")
	}
	return i.source(sourceAt{workspace, typ.JWKSURL, typ.AllowPrivate}).get(ctx, suits)
}

func (i *issuers) source(at sourceAt) *source {
	i.mu.Lock()
	defer i.mu.Unlock()
	s, ok := i.sources[at]
	if !ok {
		if len(i.sources) >= maxSources {
			clear(i.sources)
		}
		s = &source{at: at, from: i}
		i.sources[at] = s
	}
	return s
}

func (s *source) get(ctx context.Context, suits func(keySet) bool) (keySet, error) {
	keys, fetched, _ := s.known()
	if keys != nil && suits(keys) {
		if s.from.now().Sub(fetched) >= jwksAge {
			s.read(ctx) // for those who come later
		}
		return keys, nil
	}
	select {
	case <-s.read(ctx):
		keys, _, err := s.known()
		return keys, err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// known returns the last keys, or why there are none. Older ones than jwksStale
// are none.
func (s *source) known() (keySet, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil || s.from.now().Sub(s.fetched) >= jwksStale {
		return nil, time.Time{}, s.failure
	}
	return s.keys, s.fetched, nil
}

// due reports whether the issuer may be asked again.
func (s *source) due(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	wait := jwksWait
	if s.keys == nil {
		wait = jwksFirst
	}
	return s.tried.IsZero() || now.Sub(s.tried) >= wait
}

// read asks the issuer when it is due, once for all who wait, and goes on when
// they have gone.
func (s *source) read(ctx context.Context) <-chan singleflight.Result {
	ctx = context.WithoutCancel(ctx)
	return s.flight.DoChan("", func() (any, error) {
		now := s.from.now()
		if !s.due(now) {
			return nil, nil
		}
		s.mu.Lock()
		s.tried = now
		s.mu.Unlock()
		ctx, cancel := context.WithTimeout(ctx, jwksTimeout)
		defer cancel()
		keys, err := s.fetch(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.failure = err; err == nil {
			s.keys, s.fetched = keys, now
		}
		return nil, nil
	})
}

func (s *source) fetch(ctx context.Context) (keySet, error) {
	raw, err := s.from.fetch(ctx, s.at.url, s.at.allowPrivate)
	if err != nil {
		return nil, err
	}
	if len(raw) > maxJWKS {
		return nil, errors.New("the document is larger than 256 KB")
	}
	keys, err := readJWKS(raw)
	if err != nil {
		return nil, errors.New("the document " + err.Error())
	}
	return keys, nil
}

// maxJWKS is how large a published set may be, in bytes.
const maxJWKS = 256 << 10
