// Package wire turns values into the bytes of a request: OpenAPI parameter
// styles, forms, multipart and XML bodies. It is pure: no I/O, no clock, and no
// randomness but the boundary of a multipart body.
//
// # Which function do I want
//
//   - [Path] for a whole path template; [AppendPath] for one value of it.
//   - [AppendQuery], [AppendCookie] and [Header] for a parameter of that place;
//     [AppendQueryString] for OpenAPI 3.2's `in: querystring`.
//   - [Omitted] to learn whether a parameter is left out altogether.
//   - [Form], [Multipart] and [XML] for bodies.
//
// Values are raw JSON. A number is written as the text it is, and members and
// fields keep the order of the input. Every error is an [*Error] that names the
// parameter or field and the place inside its value.
//
// # Decisions
//
// The rules are OpenAPI 3.2.0's and RFC 6570's; testdata holds each with the
// sentence it comes from. Where the versions differ the newest text is followed;
// where there is no rule, this is what happens:
//
//	label, explode=false          commas, as 3.0.4, 3.1.1 and 3.2.0 print; dots in 3.0.0-3.0.3 and 3.1.0
//	space-, pipeDelimited         with the name and an encoded delimiter, as 3.2.0 prints; 3.0.3 had neither
//	the same, explode=true        n/a in OpenAPI: written as style form
//	the same, a scalar            n/a: an array of one
//	an item holding the delimiter refused for blanks and pipes, which have no escape; a comma becomes %2C,
//	                              with allowReserved too
//	deepObject                    brackets encoded, explode without effect, as 3.2.0 says
//	deepObject of a scalar        n/a: name=value (Stripe's created=1)
//	deepObject, nested values     undefined: as the app's nesting says; empty means brackets
//	other styles, nested values   undefined: an error, but with a nesting set, exploded query values nest by it
//	null, [], {}, [null]          undefined (RFC 6570, 2.3): a parameter is left out; in a path it is an error
//	null members and items        left out; indices stay without holes
//	""                            name=, ;name and . ; an empty text in a simple path is an error
//	content parameters            JSON without blanks, then encoded; only null leaves them out
//	allowReserved                 & = # + [ ] stay encoded in a query, / ? # [ ] in a path; %XX passes
//	headers, style cookie         nothing is encoded: control characters, and ; in a cookie, are refused
//	cookie, style form            percent-encoded, and joined by "; ", never &
//	path segments                 "." and ".." refused in any spelling, also when values and template make
//	                              them together, behind %2F or %5C, and before a semicolon
//	delimited styles elsewhere    let through in paths and headers, and tabDelimited besides: Swagger 2.0 had them
//
// Form and multipart fields, in this order:
//
//  1. An encoding with style, explode or allowReserved: the rules of a query. Its
//     content type is ignored.
//  2. But objects and arrays follow the app's nesting when one is set, unless the
//     encoding asks for what nesting cannot express: a delimited text, or a
//     content type. Nesting json makes one JSON text of the whole value.
//  3. Else each item of an array is a field of its own (3.2.0, "Encoding By Name"),
//     and an object, or an array inside an array, is JSON. encoding.contentType
//     replaces that default.
//
// Of a multipart body, text that stands for bytes (contentEncoding, format byte) is
// sent as it is given, as application/octet-stream and without the header
// Content-Transfer-Encoding, which RFC 7578, 4.7, keeps out of forms.
//
// A form encodes by the WHATWG rules: a blank is a plus sign, * stays, ~ is %7E.
//
// # Files
//
// In a multipart body a file is an object whose only keys are filename,
// content_type and exactly one of base64 and text, all of them strings:
//
//	{"filename": "a.png", "content_type": "image/png", "base64": "iVBO…"}
//
// {"text": …} alone is a file only where the description says binary, and no
// object is a file where the description says object. A plain string in a binary
// field is the file's content as it is. A file without a name gets the field's,
// since servers take a part without one for text. Files from elsewhere, a path or
// a stream, are added to [MultipartBody.Parts] with [Part.Open].
//
// # XML
//
// An element is named by xml.name, else by its property, in all versions; a
// component's name serves the root only. 3.2.0, to the letter, would name the
// element of a referenced property after the component, against every older
// description.
package wire
