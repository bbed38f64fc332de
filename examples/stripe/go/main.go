// Command go creates a customer from Go, with Ductape inside the program:
//
//	go run ./go work/ductape-data
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/embedded"
)

type customer struct{ ID, Email string }

func createCustomer(ctx context.Context, data string) (c customer, err error) {
	d, err := embedded.Open(ctx, embedded.Config{Data: data})
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	res, err := d.Run(ctx, ductape.Call{
		Product: "my-product", Env: "dev", App: "stripe-app", Event: "create_customer",
		Input: ductape.Input{Body: map[string]any{"email": "gopher@example.com", "name": "Gopher"}},
	})
	if err != nil {
		return c, err
	}
	return c, res.Decode(&c)
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run ./go DATA-FOLDER")
	}
	c, err := createCustomer(context.Background(), os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("created", c.ID, "for", c.Email)
}
