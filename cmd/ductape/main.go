// Command ductape calls any API by its name: it imports descriptions, keeps
// credentials for each environment, and runs actions, on its own or as a server.
package main

import (
	"os"

	"github.com/ductape-go/ductape/internal/cli"
)

// version is set when a release is built.
var version = "dev"

func main() {
	os.Exit(cli.Main(cli.Process{
		Args: os.Args[1:], Version: version, Getenv: os.Getenv,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}))
}
