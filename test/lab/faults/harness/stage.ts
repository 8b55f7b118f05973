import { type Environment } from '../../../support/server-process.js';
import { Ledger } from './ledger.js';
import { Random } from './random.js';
import { SEED } from './settings.js';
import { PostgresStore, SqliteStore, type Store } from './store.js';
import { Subject } from './subject.js';

/** A server on a store of one kind. */
export type On<S extends Store> = Subject & { store: S };

/** Where a scenario is played: what it makes here is removed when it is over. */
export class Stage {
  readonly ledger = new Ledger();
  readonly random: Random;
  private readonly cleanUps: (() => unknown)[] = [];

  /** @param main the build of the server; absent = the one that is delivered. */
  constructor(
    scenario: string,
    private readonly main?: string,
  ) {
    this.random = new Random(SEED, scenario);
  }

  /** A server on SQLite, not started yet. */
  sqlite(environment: Environment = {}, folder?: string): On<SqliteStore> {
    return this.subject(new SqliteStore(folder, folder === undefined), environment);
  }

  /** A server on a PostgreSQL cluster of its own, not started yet. */
  async postgres(environment: Environment = {}): Promise<On<PostgresStore>> {
    return this.subject(await PostgresStore.start(), environment);
  }

  /** Another server on the same data, not started yet. */
  beside<S extends Store>({ store }: { store: S }, environment: Environment = {}): On<S> {
    const subject = new Subject(store, this.main, environment);
    this.later(() => subject.remove());
    return subject as On<S>;
  }

  /** Has something done when the scenario is over. The last comes first. */
  later(cleanUp: () => unknown): void {
    this.cleanUps.push(cleanUp);
  }

  /** Does all of that, and then throws what went wrong first: whatever is left goes on beside all that is played next. */
  async clear(): Promise<void> {
    const errors: unknown[] = [];
    for (const cleanUp of this.cleanUps.reverse()) {
      try {
        await cleanUp();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) {
      throw errors[0];
    }
  }

  private subject<S extends Store>(store: S, environment: Environment): On<S> {
    this.later(() => store.remove());
    return this.beside({ store }, environment);
  }
}
