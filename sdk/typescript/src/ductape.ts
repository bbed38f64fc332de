import { appsOf, productsOf, runsOf, secretsOf, type Apps, type Products, type Runs, type Secrets } from './control.js';
import { settingsOf, type DuctapeOptions } from './options.js';
import { actionsOf, type Actions } from './run.js';
import { sessionsOf, type Sessions } from './sessions.js';

/**
 * A client of a Ductape server: calls any API by its name.
 *
 * ```ts
 * const ductape = new Ductape({ accessKey: 'your-key' });
 * const customer = await ductape.actions.run({
 *   env: 'dev', product: 'my-product', app: 'stripe-app', event: 'create_customer',
 *   input: { body: { email: 'john@example.com' } },
 * });
 * ```
 *
 * Every function may be taken off its object: `const { run } = ductape.actions`.
 */
export class Ductape {
  /** Runs actions. */
  readonly actions: Actions;
  /** The same as `actions`. */
  readonly action: Actions;
  /** The same as `actions`. */
  readonly api: Actions;
  /** Starts, verifies, refreshes, revokes and lists sessions. */
  readonly sessions: Sessions;
  /** The same as `sessions`. */
  readonly session: Sessions;
  /** The older place of actions and sessions. */
  readonly processor: Readonly<{ action: Actions; actions: Actions; api: Actions; sessions: Sessions; session: Sessions }>;
  /** Lists and imports apps. */
  readonly apps: Apps;
  /** Lists products. */
  readonly products: Products;
  /** Lists what ran. */
  readonly runs: Runs;
  /** Stores secrets. */
  readonly secrets: Secrets;

  /** Contacts no one yet. Throws DuctapeError where an option cannot be used. */
  constructor(options: DuctapeOptions = {}) {
    const settings = settingsOf(options);
    const actions = actionsOf(settings);
    const sessions = sessionsOf(settings);
    this.actions = this.action = this.api = actions;
    this.sessions = this.session = sessions;
    this.processor = Object.freeze({ action: actions, actions, api: actions, sessions, session: sessions });
    this.apps = appsOf(settings);
    this.products = productsOf(settings);
    this.runs = runsOf(settings);
    this.secrets = secretsOf(settings);
  }
}
