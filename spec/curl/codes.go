package curl

// A Code is one kind of warning.
type Code struct{ Name, Meaning string }

// The codes of the warnings Read gives.
const (
	authUnsupported    = "auth_unsupported"
	baseURLMissing     = "base_url_missing"
	bodyNotJSON        = "body_not_json"
	commandCutOff      = "command_cut_off"
	commandIgnored     = "command_ignored"
	commandFailed      = "command_unread"
	contentTypeAssumed = "content_type_assumed"
	duplicateHeader    = "duplicate_header"
	fileIgnored        = "file_ignored"
	foreignHost        = "foreign_host"
	headerIgnored      = "header_ignored"
	optionIgnored      = "option_ignored"
	optionIncomplete   = "option_incomplete"
	schemeAssumed      = "scheme_assumed"
	secretDropped      = "secret_dropped"
	shellExpansion     = "shell_expansion"
	urlGlobbed         = "url_globbed"
	urlMissing         = "url_missing"
)

// Codes lists every code of Read's warnings, by name.
func Codes() []Code {
	return []Code{
		{authUnsupported, "an auth is kept, but cannot be applied to requests"},
		{baseURLMissing, "the address is a variable without a value; it must be set on the environment or connection"},
		{bodyNotJSON, "the body is declared as JSON but its example is not; it is kept as text"},
		{commandCutOff, "a quote that is never closed, or a text that ends where the command goes on: a part may be missing"},
		{commandIgnored, "a command that is not curl was left out"},
		{commandFailed, "a command, or a word of it, could not be read and was left out"},
		{contentTypeAssumed, "a body that the command sends as a form is JSON, and is sent as that"},
		{duplicateHeader, "a header appears several times; the first is kept"},
		{fileIgnored, "the content of a file is not part of the command; the caller gives it"},
		{foreignHost, "requests go to a host of another site than the app's servers, and the credentials of a connection with them"},
		{headerIgnored, "a parameter for a header that is set otherwise: Accept, Content-Type, Authorization, or one of the connection"},
		{optionIgnored, "an option of curl was not carried over"},
		{optionIncomplete, "an option of curl has no value, or one that cannot be read; it was left out"},
		{schemeAssumed, "the address names no scheme; https was taken, http for local addresses"},
		{secretDropped, "a literal credential was left out; set it on the connection"},
		{shellExpansion, "a value that a shell fills in: a variable or the output of a command; no shell is run"},
		{urlGlobbed, "an address that curl expands to several; it was kept as one"},
		{urlMissing, "a command names no URL and was left out"},
	}
}
