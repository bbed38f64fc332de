package har

// A Code is one kind of warning.
type Code struct{ Name, Meaning string }

// The codes of the warnings Read gives.
const (
	assetsDropped   = "assets_dropped"
	authUnsupported = "auth_unsupported"
	bodyNotJSON     = "body_not_json"
	bodyUnread      = "body_unread"
	entryUnread     = "entry_unread"
	foreignHost     = "foreign_host"
	headerIgnored   = "header_ignored"
	headersDropped  = "headers_dropped"
	preflightsLeft  = "preflights_dropped"
	requestsMerged  = "requests_merged"
	schemeAssumed   = "scheme_assumed"
	secretDropped   = "secret_dropped"
	trailingText    = "trailing_text"
)

// Codes lists every code of Read's warnings, by name.
func Codes() []Code {
	return []Code{
		{assetsDropped, "images, styles, scripts, fonts and media were left out"},
		{authUnsupported, "an auth is kept, but cannot be applied to requests"},
		{bodyNotJSON, "the body is declared as JSON but is not; it is kept as text"},
		{bodyUnread, "the parts of a recorded body could not be read; it is kept without fields"},
		{entryUnread, "an entry has no URL that can be read and was left out"},
		{foreignHost, "requests go to a host of another site than the app's servers, and the credentials of a connection with them"},
		{headerIgnored, "a parameter for a header that is set otherwise: Accept, Content-Type, Authorization, or one of the connection"},
		{headersDropped, "headers that a browser adds of its own were left out"},
		{preflightsLeft, "a browser's preflight requests were left out"},
		{requestsMerged, "several recorded requests of one method and path are one action: their fields are put together"},
		{schemeAssumed, "the address names no scheme; https was taken, http for local addresses"},
		{secretDropped, "a literal credential was left out; set it on the connection"},
		{trailingText, "text after the archive was ignored"},
	}
}
