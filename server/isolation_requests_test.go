package server_test

import (
	"fmt"
	"strings"
)

// moreRequests are further ways to name things to an endpoint.
var moreRequests = map[string][]func(n names) (path, body string){
	"run-action": {
		func(n names) (string, string) {
			return "/v1/actions/run", runOf(n, fmt.Sprintf(`"session":{"tag":%q,"token":%q}`, n.session, n.token))
		},
		func(n names) (string, string) {
			return "/v1/actions/run", runOf(n, fmt.Sprintf(`"session":"%s:%s"`, n.session, n.token))
		},
		func(n names) (string, string) {
			return "/v1/actions/run", runOf(n, fmt.Sprintf(`"cache":%q`, n.cache))
		},
		func(n names) (string, string) {
			return "/v1/actions/run?dry_run=true", runOf(n, fmt.Sprintf(`"session":{"tag":%q,"token":%q},"cache":%q`, n.session, n.token, n.cache))
		},
		func(n names) (string, string) { return "/v1/actions/run", secretIn(n, "") },
		func(n names) (string, string) { return "/v1/actions/run", secretIn(n, "@1") },
		func(n names) (string, string) { return "/v1/actions/run?dry_run=true", secretIn(n, "") },
	},
	"verify-session": {func(n names) (string, string) {
		return "/v1/sessions/verify", fmt.Sprintf(`{"product":%q,"env":"prd","token":"%s:%s"}`, n.product, n.session, n.token)
	}},
	"list-runs": {
		func(n names) (string, string) { return "/v1/runs?session=" + n.sessionID, "" },
		func(n names) (string, string) { return "/v1/runs?user=" + n.user, "" },
		func(n names) (string, string) { return "/v1/runs?before=" + n.run, "" },
		func(n names) (string, string) { return "/v1/runs?app=" + n.app + "&event=" + n.action, "" },
	},
	"list-sessions": {
		func(n names) (string, string) { return "/v1/sessions?ended=true&tag=" + n.session, "" },
		func(n names) (string, string) { return "/v1/sessions?ended=true&identifier=" + n.user, "" },
		func(n names) (string, string) { return "/v1/sessions?ended=true&before=" + n.sessionID, "" },
	},
	"list-session-users": {
		func(n names) (string, string) { return "/v1/sessions/users?identifier=" + n.user, "" },
		func(n names) (string, string) {
			return "/v1/sessions/users?tag=" + n.session + "&before=" + n.user, ""
		},
	},
	"session-stats": {func(n names) (string, string) { return "/v1/sessions/stats?tag=" + n.session, "" }},
	"revoke-session": {func(n names) (string, string) {
		return "/v1/sessions/revoke", fmt.Sprintf(`{"identifier":%q}`, n.user)
	}},
	"list-actions": {func(n names) (string, string) { return "/v1/apps/" + n.app + "/actions?after=" + n.action, "" }},
	"import-app": {
		func(n names) (string, string) { return "/v1/apps/import", importOf(n.app, true) },
		func(n names) (string, string) {
			return "/v1/apps/import", strings.Replace(importOf(n.app, true), `"dry_run":true`, `"dry_run":false`, 1)
		},
	},
	"put-session-type": {func(n names) (string, string) {
		return "/v1/products/" + n.product + "/sessions/x", fmt.Sprintf(`{"issuer":"https://issuer.example/","audience":"a","keys":"$Secret{%s}"}`, n.secret)
	}},
	"put-secret": {func(n names) (string, string) {
		return "/v1/secrets/" + n.secret, fmt.Sprintf(`{"value":"mine","apps":[%q]}`, n.app)
	}},
	"apply": {func(n names) (string, string) {
		return "/v1/apply", fmt.Sprintf(`{"dry_run":true,"prune":true,"file":%q}`, strings.NewReplacer("APP", n.app, "PRODUCT", n.product, "TOKEN", n.secret, "UPSTREAM", "https://api.example.com").Replace(setUpFile))
	}},
}

func runOf(n names, more string) string {
	return fmt.Sprintf(`{"env":"prd","product":%q,"app":%q,"event":%q,"input":{"params":{"id":"1"}},%s}`, n.product, n.app, n.action, more)
}

func secretIn(n names, version string) string {
	return fmt.Sprintf(`{"env":"prd","product":%q,"app":%q,"event":%q,"input":{"params":{"id":"1"},"headers":{"X-Trace":"$Secret{%s%s}"}}}`, n.product, n.app, n.action, n.secret, version)
}
