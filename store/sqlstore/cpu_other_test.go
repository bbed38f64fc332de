//go:build !unix

package sqlstore_test

import (
	"testing"
	"time"
)

func cpuTime(*testing.B) time.Duration { return 0 }
