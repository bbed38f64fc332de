package catalog

import (
	"strings"
	"testing"
)

func TestLookalike(t *testing.T) {
	for text, want := range map[string]string{
		"$Secrt{SHOP}": "$Secret{", "Bearer $secret{X}": "$Secret{", "$Upercase(x)": "$Uppercase(", "$Secret{A} $Sesion{b}": "$Session{",
		"$Secret{SHOP}": "", "$$Secrt{SHOP}": "", "${x}": "", "$5": "", "$Qqqqqqq{x}": "", "plain": "", "$": "", "$a": "", "$Now": "",
	} {
		if got := lookalike(text); got != want {
			t.Errorf("%q looks like %q, want %q", text, got, want)
		}
	}
}

func TestApplyWarnsOfLookalikes(t *testing.T) {
	c, _ := newCatalog(t)
	plan := mustApply(t, c, shopRequest(edited(t, shop,
		"$Secret{PETS_KEY}", "$Secrt{PETS_KEY}", "region: eu", "region: '$Sesion{user}{region}'", "https://mail.acme.io", "'https://mail.acme.io/$Variabel{mail}{x}'")))
	var found []string
	for _, w := range plan.Warnings {
		if w.Code == warnLookalike {
			found = append(found, w.Where)
		}
	}
	text := strings.Join(found, "\n")
	contains(t, text, "auth.token_access.token", "variables.region", "apps.mail.envs.prd.base_url")
	if len(found) != 3 || strings.Contains(plan.String(), "Secrt") {
		t.Errorf("warnings: %s\n%s", text, plan)
	}
}
