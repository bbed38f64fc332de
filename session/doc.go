// Package session starts, verifies, refreshes, revokes and lists sessions.
// Start with New, then Service.Start and Service.Verify.
//
// A session is a token that carries a user's data into runs. The token is a JWT
// (RFC 7519) signed with HS256: its header is
// {"alg":"HS256","kid":"1","typ":"JWT"}; kid is the generation of the workspace's
// key. The claim data holds the
// user's data sealed: nobody reads it without the server. iss, aud (workspace,
// product, environment and session type), sub (a hash of what identifies the
// user), jti (the session's id), iat, nbf and exp are readable.
//
// What it promises:
//
//   - A token is good for one workspace, product, environment and session type:
//     they are in aud, and bound to the sealed data once more.
//   - Only HS256 is accepted, in compact form, with one spelling for each token.
//   - Verify reads no database, except for the list of revoked sessions when the
//     workspace's version has changed.
//   - A refresh token works once. Used again, it revokes the whole session.
//   - Failures are *ductape.Error: session_invalid, session_expired,
//     session_revoked; invalid_input for wrong data.
package session
