import { DuctapeError } from './error.js';

/**
 * What may end a request early: the caller's signal and a time limit, as one
 * signal. AbortSignal.any would do it, but Node 18 has none.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #ms: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #error: DuctapeError | undefined;

  constructor(caller: AbortSignal | undefined, ms: number | undefined) {
    this.#caller = caller;
    this.#ms = ms;
    if (caller?.aborted) this.#cancelled();
    caller?.addEventListener('abort', this.#cancelled);
    // Longer delays than 2^31-1 would fire at once.
    if (ms !== undefined) this.#timer = setTimeout(this.#tooLate, Math.min(ms, 2 ** 31 - 1));
  }

  /** Aborts when the deadline is reached. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the deadline ended the request; undefined when it did not. */
  get error(): DuctapeError | undefined {
    return this.#error;
  }

  /** Lifts the time limit; the caller's signal still holds. */
  stopClock(): void {
    clearTimeout(this.#timer);
  }

  /** Lets go of timer and caller's signal, once the answer is read. */
  end(): void {
    this.stopClock();
    this.#caller?.removeEventListener('abort', this.#cancelled);
  }

  readonly #cancelled = (): void => {
    this.#abort(new DuctapeError('cancelled', 'the call was cancelled', { cause: this.#caller?.reason }));
  };

  readonly #tooLate = (): void => {
    const hint = 'the run may have happened: `ductape runs` lists it';
    this.#abort(new DuctapeError('client_timeout', `no complete answer from the server within ${this.#ms} ms`, { hint }));
  };

  #abort(error: DuctapeError): void {
    this.#error ??= error;
    this.#controller.abort(this.#error);
  }
}
