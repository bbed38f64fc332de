// Command stripe is the demo of Ductape: from Stripe's own API description to a
// created customer, through the command line, Go and TypeScript, against
// stripe-mock on this machine. Run it with `make demo`; nothing leaves the
// machine but downloads of modules and packages.
//
// main.go holds the steps in order; shell.go shows and runs commands; mock.go
// holds what stands in for Stripe.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := demo(ctx); err != nil {
		if ctx.Err() != nil {
			err = errors.New("stopped; everything that was started has ended")
		}
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		os.Exit(1)
	}
}

// demo performs the steps. Whatever it starts has ended when it returns.
func demo(ctx context.Context) (err error) {
	begun := time.Now()
	sh, err := newShell(ctx, os.Stdout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sh.stopAll()) }()
	for _, step := range []func(*shell) error{
		build, startStripe, apply, storeSecret, dryRun, runCLI, runGo, runTypeScript, showRuns,
	} {
		if err := step(sh); err != nil {
			return err
		}
	}
	fmt.Fprintf(sh.out, "\nDone in %.0f seconds. The data is in examples/stripe/work; the next demo begins anew.\n", time.Since(begun).Seconds())
	return nil
}

func build(sh *shell) error {
	sh.step("Build ductape")
	sh.dir = sh.root
	_, err := sh.run("go", "build", "-o", filepath.Join("examples", "stripe", "work", "ductape"+exe), "./cmd/ductape")
	return err
}

func startStripe(sh *shell) error {
	sh.step("Start stripe-mock, Stripe's own stand-in for its API")
	sh.dir = sh.example
	if _, err := sh.run("go", "build", "-o", filepath.Join("work", "stripe-mock"+exe), "github.com/stripe/stripe-mock"); err != nil {
		return err
	}
	sh.dir = sh.work
	addr, err := freeAddr("127.0.0.1:12111")
	if err != nil {
		return err
	}
	if err := sh.start("stripe-mock", "-http-addr", addr); err != nil {
		return err
	}
	if err := waitFor(sh.ctx, "http://"+addr+"/"); err != nil {
		return err
	}
	return writeFiles(sh, addr)
}

func apply(sh *shell) error {
	sh.step("Import Stripe's description, and connect a product to it")
	_, err := sh.run("ductape", "apply", "-f", "ductape.yaml")
	return err
}

func storeSecret(sh *shell) error {
	sh.step("Store the credential: sealed, and never shown again")
	sh.stdin = "sk_test_4eC39HqLyjWDarjtT1zdp7dc" // the key of Stripe's public documentation
	_, err := sh.show(`printf %s "$STRIPE_KEY" | ductape secrets set STRIPE_TEST_KEY`).run("ductape", "secrets", "set", "STRIPE_TEST_KEY")
	return err
}

func dryRun(sh *shell) error {
	sh.step("Look at the request before anything is sent")
	out, err := sh.run("ductape", "run", "-p", "my-product", "-e", "dev", "stripe-app", "create_customer",
		"email=john@example.com", "name=John Doe", "metadata.plan=gold", "--dry-run")
	return expect(out, err, "Bearer [redacted]", "metadata")
}

func runCLI(sh *shell) error {
	sh.step("Create a customer from the command line")
	sh.fields = []string{"object", "id", "email", "name"}
	out, err := sh.run("ductape", "run", "-p", "my-product", "-e", "dev", "stripe-app", "create_customer",
		"email=john@example.com", "name=John Doe", "metadata.plan=gold")
	return expect(out, err, `"cus_`, "john@example.com")
}

func runGo(sh *shell) error {
	sh.step("The same from a Go program, with Ductape inside it (examples/stripe/go)")
	sh.dir = sh.example
	if err := sh.excerpt(filepath.Join("go", "main.go"), "embedded.Open(", "res.Decode("); err != nil {
		return err
	}
	out, err := sh.run("go", "run", "./go", filepath.Join("work", "ductape-data"))
	return expect(out, err, "created cus_")
}

func runTypeScript(sh *shell) error {
	sh.step("The same from TypeScript, through a server (examples/stripe/typescript)")
	sh.dir = filepath.Join(sh.root, "sdk", "typescript")
	for _, script := range []string{"ci", "run build"} {
		if _, err := sh.quiet("npm", strings.Fields(script)...); err != nil {
			return err
		}
	}
	sh.dir = filepath.Join(sh.example, "typescript")
	for _, script := range []string{"ci", "run build"} {
		if _, err := sh.quiet("npm", strings.Fields(script)...); err != nil {
			return err
		}
	}
	if err := serve(sh); err != nil {
		return err
	}
	if err := sh.excerpt("create-customer.ts", "const customer", "});"); err != nil {
		return err
	}
	out, err := sh.show("DUCTAPE_URL=… DUCTAPE_KEY=… node create-customer.js").run("node", "create-customer.js")
	if err := expect(out, err, "created cus_"); err != nil {
		return err
	}
	return sh.stop("ductape")
}

// serve starts the server and puts its address and a key where the TypeScript
// client looks for them.
func serve(sh *shell) error {
	dir := sh.dir
	defer func() { sh.dir = dir }()
	sh.dir = sh.work
	addr, err := freeAddr("127.0.0.1:4311")
	if err != nil {
		return err
	}
	key, err := createKey(sh)
	if err != nil {
		return err
	}
	if err := sh.start("ductape", "serve", "--addr", addr); err != nil {
		return err
	}
	if err := waitFor(sh.ctx, "http://"+addr+"/readyz"); err != nil {
		return err
	}
	sh.env = append(sh.env, "DUCTAPE_URL=http://"+addr, "DUCTAPE_KEY="+key)
	return nil
}

func showRuns(sh *shell) error {
	sh.step("Every run was recorded, without its secrets")
	sh.dir = sh.work
	// The server has ended: this reads the data folder.
	sh.env = withoutServer(sh.env)
	out, err := sh.run("ductape", "runs")
	if err := expect(out, err, "create_customer"); err != nil {
		return err
	}
	if n := strings.Count(out, "create_customer"); n != 3 {
		return fmt.Errorf("%d runs of create_customer are recorded, not 3", n)
	}
	return nil
}
