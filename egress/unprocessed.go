package egress

import (
	"errors"
	"fmt"
	"strings"
)

// unprocessed reports whether the server said over HTTP/2 that it did not
// process the stream (RFC 9113, 8.7).
func unprocessed(err error) bool {
	var stream streamError
	if errors.As(err, &stream) {
		return stream.Code == refusedStream
	}
	// net/http gives these as text only.
	text := err.Error()
	return strings.HasPrefix(text, "http2: client conn not usable") ||
		strings.HasPrefix(text, "http2: Transport received Server's graceful shutdown GOAWAY") ||
		strings.HasPrefix(text, "http2: Transport: cannot retry err [stream error:") && strings.Contains(text, "REFUSED_STREAM") ||
		strings.HasPrefix(text, "http2: Transport: cannot retry err [http2: Transport received Server's graceful shutdown GOAWAY]")
}

// A streamError is what net/http's own, unexported, type for a reset HTTP/2
// stream turns itself into for errors.As: any struct with these fields.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamError) Error() string {
	return fmt.Sprintf("stream %d reset with code %d", e.StreamID, e.Code)
}

const refusedStream = 7 // RFC 9113, 7
