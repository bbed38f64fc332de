package session_test

import (
	"context"
	"fmt"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

func Example() {
	kept := &rows{kept: map[string]*store.SessionRow{}} // a store.Store in real life
	sessions := session.New(session.Config{Store: kept, Keys: keys{}, Version: kept.Version})
	ctx := context.Background()

	started, err := sessions.Start(ctx, session.Scope{
		Workspace: "default", Product: "my-product", Env: "dev",
		Type: ductape.SessionType{Tag: "user-session", Selector: "$Session{user}{id}", Expiry: 7, Period: "days"},
	}, []byte(`{"user": {"id": "u_1"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := sessions.Verify(ctx, "default", "my-product", "dev", ductape.SessionRef{Tag: "user-session", Token: started.Token})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Data)

	_, err = sessions.Verify(ctx, "default", "my-product", "prd", ductape.SessionRef{Tag: "user-session", Token: started.Token})
	fmt.Println(err)
	// Output:
	// {"user":{"id":"u_1"}}
	// session_invalid: the session token is for another product, environment or session type
}
