package openapi

import "github.com/ductape-go/ductape"

// A Code is one kind of warning.
type Code struct{ Name, Meaning string }

// Codes lists every code of a warning this package gives, and what it means.
// The same table makes the documentation.
func Codes() []Code {
	return []Code{
		{"body_param_extra", "a second body parameter, or a form's beside a body, was left out; Swagger 2.0 has one or the other"},
		{"callback_ignored", "callbacks are requests that the API makes; there is nothing to call"},
		{"collection_format_nested", "an array inside an array has a collectionFormat of its own, which no style can write"},
		{"collection_format_unknown", "an unknown collectionFormat, or one that its place does not have, is read as csv"},
		{"control_character", "control characters or broken UTF-8 inside the text were escaped or replaced"},
		{"dialect_unknown", "schemas in another dialect of JSON Schema are read by 2020-12 and OpenAPI's keywords"},
		{"duplicate_key", "a member occurs more than once in its object; the last one was read"},
		{"auth_metadata_ignored", "the URL of an authorization server's metadata is not read; what the flows say is used"},
		{"encoding_ignored", "the encoding of a parameter's fields, or of parts inside a part, is not carried over"},
		{"encoding_positional", "prefixEncoding and itemEncoding tell parts by their position, which is not written from values"},
		{"example_external", "an example that stands elsewhere was not read"},
		{"example_extra", "of several examples the first is kept; said once"},
		{"foreign_host", "requests go to a host of another site than the app's servers, and the credentials of a connection with them"},
		{"auth_unsupported", "an auth is kept, but cannot be applied to requests"},
		{"header_ignored", "a parameter for a header that is set otherwise: Accept, Content-Type, Authorization, or one of the connection"},
		{"link_ignored", "links between operations are not carried over"},
		{"media_type_repaired", "a body's media type was misspelled, and is sent as what was meant"},
		{"media_type_wildcard", "a body's media type is a range; a concrete one is sent"},
		{"operation_id_repeated", "an operationId that an earlier operation has; this one goes by its tag"},
		{"operations_missing", "the description has no operations; there is nothing to call"},
		{"param_content_extra", "a parameter with several media types, or one beside its schema; the first is used"},
		{"param_repeated", "a parameter is described twice in one list; the last one is used"},
		{"param_unknown_place", "a parameter in a place that does not exist was left out"},
		{"param_without_name", "a parameter without a name was left out"},
		{"part_header_ignored", "a header of a multipart part without a fixed value is not sent"},
		{"path_fragment", "the fragment of a path only tells operations apart and is not sent"},
		{"path_member_unknown", "something in a path that is neither a method nor anything else a path may have; it was left out"},
		{"path_param_undescribed", "a parameter of a path's template that nothing describes takes any text"},
		{"path_param_unused", "a path parameter that its path does not hold was left out"},
		{"pattern_unsupported", "a pattern needs what RE2 does not have (lookaround, back references); it is not enforced"},
		{"querystring_not_alone", "a parameter that is the whole query stands beside others of the query; they cannot be given together"},
		{"ref_circular", "a reference that leads back to itself was left out"},
		{"ref_not_found", "a reference that leads nowhere, or to a file that could not be read"},
		{"ref_sibling_ignored", "something beside a $ref that is no schema's; only a summary and a description count there"},
		{"response_status_unknown", "a response under what is no status was left out"},
		{"schemas_too_large", "a schema that references repeat too often was left out; any value is accepted there"},
		{"security_scheme_missing", "security names a scheme nobody describes; that alternative was left out"},
		{"security_scheme_unknown", "a security scheme of an unknown kind"},
		{"server_alternative", "an operation on several servers of its own uses the first"},
		{"server_invalid", "a server's URL names no host; it was left out"},
		{"server_missing", "the description does not say where the API is; set base_url"},
		{"server_relative", "a server's URL is relative and nothing says to what; set base_url"},
		{"server_variable_fixed", "a server variable is filled with its default, since it stands for the scheme or has another default in a server before; set base_url for another value"},
		{"server_variable_without_default", "a server variable without a default; set the variable of a connection, or base_url"},
		{"style_unknown", "an unknown style; the default of the place is used"},
		{"trailing_text", "text behind the end of the description was left out"},
		{"version_unknown", "the format's version is not known; it is read as the nearest that is"},
		{"webhook_ignored", "webhooks are requests that the API makes; there is nothing to call"},
		{"xml_root_unnamed", "nothing names the root element of an XML body; it is given as text, or as an object whose one member is the root"},
		{"yaml_repaired", "text that is not valid YAML was mended so that it could be read"},
	}
}

func warning(code, where, message string) ductape.Warning {
	return ductape.Warning{Code: code, Where: where, Message: message}
}
