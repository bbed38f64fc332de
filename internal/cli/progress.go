package cli

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// progress shows that work goes on, on a terminal only, until stop is called.
func (c *command) progress(what string) (stop func()) {
	if !isTerminal(c.Stderr) || c.json {
		return func() {}
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(120 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-done:
				fmt.Fprint(c.Stderr, "\r\x1b[K")
				return
			case <-tick.C:
				fmt.Fprintf(c.Stderr, "\r%c %s", `|/-\`[i%4], what)
			}
		}
	})
	return func() { close(done); wg.Wait() }
}

// A progressBar shows how much of a list is done, on a terminal only.
type progressBar struct {
	c           *command
	done, total int
}

func (c *command) bar(total int) *progressBar {
	if !isTerminal(c.Stderr) || total < 2 {
		return &progressBar{}
	}
	return &progressBar{c: c, total: total}
}

const barWidth = 30

func (b *progressBar) step(name string) {
	if b.c == nil {
		return
	}
	full := barWidth * b.done / b.total
	b.done++
	if len(name) > 40 {
		name = "…" + name[len(name)-39:]
	}
	fmt.Fprintf(b.c.Stderr, "\r\x1b[K[%s%s] %d/%d %s", strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), b.done, b.total, name)
}

func (b *progressBar) clear() {
	if b.c != nil {
		fmt.Fprint(b.c.Stderr, "\r\x1b[K")
	}
}

func (b *progressBar) stop() { b.clear() }
