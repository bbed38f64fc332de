package run_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// TestProblemsAreBoundedAndCounted gives far more that is wrong than one answer
// tells of.
func TestProblemsAreBoundedAndCounted(t *testing.T) {
	w := newWorld(t)
	for name, input := range map[string]string{
		"headers that cannot be written": `{"params":{"nosuch":"x"},"headers":{` + members(20_000, `"h%d":"a\nb"`) + `}}`,
		"unknown parameters":             `{"params":{` + members(20_000, `"h%d":"a"`) + `}}`,
		"broken placeholders":            `{"params":{"nosuch":"x"},"query":{` + members(5000, `"q%d":"$Length("`) + `}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Run(context.Background(), w.call("get_thing", input))
			var e *ductape.Error
			if !errors.As(err, &e) || e.Code != ductape.CodeInvalidInput {
				t.Fatalf("%v", err)
			}
			if last := e.Problems[len(e.Problems)-1]; len(e.Problems) != 101 || !strings.HasPrefix(last.Message, "and ") {
				t.Errorf("%d problems, the last is %v", len(e.Problems), last)
			}
		})
	}
}

// TestBrokenPlaceholdersShareOneBudget gives many values that are dear to fill
// beside one problem.
func TestBrokenPlaceholdersShareOneBudget(t *testing.T) {
	w := newWorld(t)
	b := strings.Repeat("b", 10)
	dear := `$Length(` + strings.Repeat(`$Replace(`, 5) + `\"b\"` + strings.Repeat(`,\"b\",\"`+b+`\")`, 5) + `)`
	allocated := func(n int) uint64 {
		input := `{"params":{"nosuch":"x"},"query":{` + members(n, `"q%d":"`+dear+`"`) + `}}`
		var from, to runtime.MemStats
		runtime.ReadMemStats(&from)
		_, err := w.Run(context.Background(), w.call("get_thing", input))
		runtime.ReadMemStats(&to)
		if ductape.CodeOf(err) != ductape.CodeInvalidInput {
			t.Errorf("%v", err)
		}
		return (to.TotalAlloc - from.TotalAlloc) >> 20
	}
	if one, many := allocated(1), allocated(1000); many > 150+20*one {
		t.Errorf("%d MB for 1000 values, %d MB for one", many, one)
	}
}

func TestNoMoreProblemsAreLookedForOnceTheRunHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w := newWorld(t)
	_, err := w.Run(ctx, w.call("get_thing", `{"params":{"nosuch":"x"},"headers":{"h":"a\nb"}}`))
	if err == nil {
		t.Fatal("no error")
	}
	if strings.Contains(fmt.Sprint(err), "headers.h") {
		t.Errorf("%v", err)
	}
}

// members writes n members of an object.
func members(n int, format string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(list, ",")
}
