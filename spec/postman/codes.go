package postman

// A Code is one kind of warning.
type Code struct{ Name, Meaning string }

// The codes of the warnings Read gives.
const (
	authDropped       = "auth_dropped"
	authUnsupported   = "auth_unsupported"
	baseURLMissing    = "base_url_missing"
	behaviorIgnored   = "behavior_ignored"
	bodyNotJSON       = "body_not_json"
	bodyUnsent        = "body_unsent"
	certIgnored       = "certificate_ignored"
	duplicateHeader   = "duplicate_header"
	dynamicVariable   = "dynamic_variable"
	foreignHost       = "foreign_host"
	headerIgnored     = "header_ignored"
	headerOverridden  = "header_overridden"
	itemIgnored       = "item_ignored"
	methodMissing     = "method_missing"
	operationsMissing = "operations_missing"
	paramWithoutName  = "param_without_name"
	proxyIgnored      = "proxy_ignored"
	schemeAssumed     = "scheme_assumed"
	scriptIgnored     = "script_ignored"
	secretDropped     = "secret_dropped"
	trailingText      = "trailing_text"
	urlMissing        = "url_missing"
	variableEmpty     = "variable_empty"
	variableInlined   = "variable_inlined"
	variableUnused    = "variable_unused"
	versionUnknown    = "version_unknown"
)

// Codes lists every code of Read's warnings, by name.
func Codes() []Code {
	return []Code{
		{authDropped, "the auth names no type, so it was left out"},
		{authUnsupported, "an auth is kept, but cannot be applied to requests"},
		{baseURLMissing, "the address is a variable without a value; it must be set on the environment or connection"},
		{behaviorIgnored, "protocolProfileBehavior changes how Postman sends; it was not carried over"},
		{bodyNotJSON, "the body is declared as JSON but its example is not; it is kept as text"},
		{bodyUnsent, "Postman sends no body with a method such as GET; it was left out"},
		{certIgnored, "a client certificate is not carried over"},
		{duplicateHeader, "a header appears several times; the first is kept"},
		{dynamicVariable, "a Postman dynamic variable has no equal here, or was replaced by one"},
		{foreignHost, "requests go to a host of another site than the app's servers, and the credentials of a connection with them"},
		{headerIgnored, "a parameter for a header that is set otherwise: Accept, Content-Type, Authorization, or one of the connection"},
		{headerOverridden, "a credential header is replaced by the request's auth, as in Postman"},
		{itemIgnored, "an item is neither a folder nor a request"},
		{methodMissing, "the request names no method; GET, as in Postman"},
		{operationsMissing, "the description has no operations; there is nothing to call"},
		{paramWithoutName, "a parameter without a name was left out"},
		{proxyIgnored, "a proxy is not carried over"},
		{schemeAssumed, "the address names no scheme; https was taken, http for local addresses"},
		{scriptIgnored, "a script was not carried over and is never run"},
		{secretDropped, "a literal credential was left out; set it on the connection"},
		{trailingText, "text after the collection was ignored"},
		{urlMissing, "the request has no URL"},
		{variableEmpty, "a variable has no value; requests that use it ask for it as input"},
		{variableInlined, "a variable's value was written into the request, because its name has several values, it holds a path or it is part of a name"},
		{variableUnused, "a variable is used by no request"},
		{versionUnknown, "the format's version is not known; it is read as the nearest that is"},
	}
}
