package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ductape-go/ductape/bench/exchange"
)

// A target is one way to the upstream: where it listens, whose CPU time counts,
// and the bytes of the request that the client sends.
type target struct {
	name    string
	addr    string
	pid     int
	request []byte
}

// rawRequest is a whole HTTP/1.1 request.
func rawRequest(addr, path, token, contentType, body string) []byte {
	return []byte("POST " + path + " HTTP/1.1\r\nHost: " + addr + "\r\nAuthorization: Bearer " + token +
		"\r\nContent-Type: " + contentType + "\r\nAccept: */*\r\nUser-Agent: bench\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)
}

// A round is what one number of requests took.
type round struct {
	CPU  float64 // microseconds of the target's CPU per request
	Rate float64 // requests per second
}

// settle is how long a target gets to finish what it does behind its answers,
// such as writing run records, before its CPU time is read.
const settle = 150 * time.Millisecond

// measure sends n requests over conns connections that stay open, and checks
// every answer.
func (t *target) measure(ctx context.Context, n, conns int) (round, error) {
	if err := pause(ctx, settle); err != nil {
		return round{}, err
	}
	before, err := cpuTime(t.pid)
	if err != nil {
		return round{}, err
	}
	begin := time.Now()
	if err := t.load(ctx, n, conns); err != nil {
		return round{}, fmt.Errorf("%s: %w", t.name, err)
	}
	took := time.Since(begin)
	if err := pause(ctx, settle); err != nil {
		return round{}, err
	}
	after, err := cpuTime(t.pid)
	return round{CPU: float64((after - before).Nanoseconds()) / 1000 / float64(n), Rate: float64(n) / took.Seconds()}, err
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t *target) load(ctx context.Context, n, conns int) error {
	var left atomic.Int64
	left.Store(int64(n))
	failed := make(chan error, conns)
	var all sync.WaitGroup
	for range conns {
		all.Go(func() {
			if err := t.talk(ctx, &left); err != nil {
				left.Store(0)
				failed <- err
			}
		})
	}
	all.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// talk asks over one connection as long as requests are left.
func (t *target) talk(ctx context.Context, left *atomic.Int64) error {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", t.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	answers, body := bufio.NewReader(conn), new(bytes.Buffer)
	for left.Add(-1) >= 0 {
		if _, err := conn.Write(t.request); err != nil {
			return err
		}
		if err := check(answers, body); err != nil {
			return err
		}
	}
	return nil
}

// check reads one answer and refuses every other than the upstream's.
func check(r *bufio.Reader, body *bytes.Buffer) error {
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body.Reset()
	if _, err := io.Copy(body, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || body.String() != exchange.Answer {
		return fmt.Errorf("answered %s: %.600s", resp.Status, body)
	}
	return nil
}
