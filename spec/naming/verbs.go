package naming

import "strings"

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// verbs that end a path and say what is done: /payment_intents/{id}/capture
var verbs = set(`accept acknowledge activate add advance apply approve archive assign attach authenticate authorize
ban block bulk calculate call cancel capture change check claim clear clone close collect complete compute configure confirm connect convert copy count create
deactivate decline decrypt delete deliver deny deploy destroy detach disable disconnect discover dismiss dispatch download duplicate
edit enable encrypt end enqueue estimate evaluate execute expire export extend fail fetch finalize find finish flush follow force forgot forward freeze fund
generate grant hide ignore import increment decrement initiate insert inspect install invalidate invite invoke issue join kick launch leave like unlike link list lock login logout lookup
mark merge migrate modify move mute notify open pause pay perform present pin ping poll predict preview process promote demote provision publish purge push put
query reactivate read rebuild recalculate receive recover redact redeem refresh register regenerate reindex reject release reload remove rename render renew reopen reorder
replace replay reply report request resend reset resize resolve respond restart restore resume retrieve retry return reverse revert review revoke rollback rotate run
save scan schedule search select send set share ship show sign signin signout signup skip snooze split star start stop submit subscribe succeed suspend swap switch sync synchronize
tag terminate test timeout toggle train transcribe transfer transform translate trigger unarchive unassign unban unblock unfollow unfreeze unhide uninstall unlink unlock unmute unpin unpublish unreject unshare unstar unsubscribe unsuspend untag
update upload upsert use validate verify view void vote wait withdraw write reboot shutdown poweroff poweron rebase fork watch unwatch aggregate analyze batch classify compare compile
refund dispute charge order comment message post
answer restrict hangup simulate exchange reconcile settle escalate reassign summarize optimize encode decode normalize synthesize sanitize
deauthorize reschedule unregister undelete unschedule uncancel detect recognize recycle debit`)

// verbs that are as often the name of a thing: they count as verbs only where
// nothing says the thing exists (no GET, PUT or DELETE on the same path)
var alsoNouns = set(`call charge check claim comment copy count dispute download export fork grant import issue like link list lock
message order post preview process query refund release report request reset return review run schedule search share sign split star start
stop subscribe switch sync tag test timeout transfer trigger upload use view void vote watch batch address record estimate login logout signin signup like invite pay play bulk change answer exchange`)

// isVerb reports whether the last segment of a path says what is done rather
// than what it is done to. thing says that the segment is also read, replaced or
// deleted under the same path.
func isVerb(words []string, method string, thing bool) bool {
	words = splitVerb(words)
	switch {
	case len(words) == 0:
		return false
	case len(words) > 1 && reads[words[0]] && words[0] != "search" && (words[0] != "list" || method == "GET"):
		return true // get_pathway is never a thing
	case !verbs[words[0]]:
		return false
	}
	if len(words) == 1 && alsoNouns[words[0]] {
		if method == "GET" {
			return words[0] == "search" || words[0] == "preview" || words[0] == "download" || words[0] == "export" || words[0] == "query" || words[0] == "count"
		}
		return !thing && method != "DELETE" // what removes a schedule does not schedule
	}
	// "share_links", "check_runs": a compound noun, read as a thing
	if method == "GET" || thing || method == "PUT" || method == "DELETE" {
		return len(words) == 1 || !isPluralWords(words) && (words[0] == "find" || words[0] == "search" || words[0] == "get")
	}
	return !isPluralWords(words) || !alsoNouns[words[0]]
}
