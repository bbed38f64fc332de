package curl

// A Code is one kind of warning.
type Code struct{ Name, Meaning string }

// The codes of the warnings Read gives.
const (
	bodyNotJSON   = "body_not_json"
	commandFailed = "command_unread"
	fileIgnored   = "file_ignored"
	foreignHost   = "foreign_host"
	optionIgnored = "option_ignored"
	schemeAssumed = "scheme_assumed"
	secretDropped = "secret_dropped"
	urlMissing    = "url_missing"
)

// Codes lists every code of Read's warnings, by name.
func Codes() []Code {
	return []Code{
		{bodyNotJSON, "the body is declared as JSON but its example is not; it is kept as text"},
		{commandFailed, "a command could not be read and was left out"},
		{fileIgnored, "the content of a file is not part of the command; the caller gives it"},
		{foreignHost, "a request goes to a host of another site; credentials are not sent there until it is listed in the environment's hosts"},
		{optionIgnored, "an option of curl was not carried over"},
		{schemeAssumed, "the address names no scheme; https was taken, http for local addresses"},
		{secretDropped, "a literal credential was left out; set it on the connection"},
		{urlMissing, "a command names no URL and was left out"},
	}
}
