package har

// A Code is one kind of warning.
type Code struct{ Name, Meaning string }

// The codes of the warnings Read gives.
const (
	assetsDropped  = "assets_dropped"
	bodyNotJSON    = "body_not_json"
	entryUnread    = "entry_unread"
	foreignHost    = "foreign_host"
	preflightsLeft = "preflights_dropped"
	schemeAssumed  = "scheme_assumed"
	secretDropped  = "secret_dropped"
	trailingText   = "trailing_text"
)

// Codes lists every code of Read's warnings, by name.
func Codes() []Code {
	return []Code{
		{assetsDropped, "images, styles, scripts, fonts and media were left out"},
		{bodyNotJSON, "the body is declared as JSON but is not; it is kept as text"},
		{entryUnread, "an entry has no URL that can be read and was left out"},
		{foreignHost, "a request goes to a host of another site; credentials are not sent there until it is listed in the environment's hosts"},
		{preflightsLeft, "a browser's preflight requests were left out"},
		{schemeAssumed, "the address names no scheme; https was taken, http for local addresses"},
		{secretDropped, "a literal credential was left out; set it on the connection"},
		{trailingText, "text after the archive was ignored"},
	}
}
