/**
 * The TypeScript client of Ductape. Start with {@link Ductape}; running an
 * action is `ductape.actions.run`.
 *
 * @packageDocumentation
 */
export { Ductape, Ductape as default } from './ductape.js';
export { DuctapeError } from './error.js';
export type { DuctapeErrorDetails, Problem, UpstreamAnswer } from './error.js';
export { file, DuctapeFile } from './file.js';
export type { EncodedFile, FileData, FileOptions } from './file.js';
export { literal } from './literal.js';
export type { Answer } from './answer.js';
export type { App, Apps, ImportReport, ImportSource, Product, Products, RunFilter, RunRecord, Runs, Secret, SecretOptions, Secrets } from './control.js';
export type { RequestOptions } from './http.js';
export type { DuctapeOptions, FetchLike } from './options.js';
export type { Actions, RunFunction } from './run.js';
export type {
  SessionFilter, SessionInfo, Sessions, SessionScope, SessionStats, SessionToken, SessionUser, StartedSession, VerifiedSession,
} from './sessions.js';
export type { ServerSentEvent } from './stream.js';
export type { DryRun, IActionProcessorInput, IActionRequest, ISession, RunOptions } from './types.js';
