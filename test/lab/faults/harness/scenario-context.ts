import { type Environment } from '../../../support/server-process.js';
import { ClientRecord } from './client-record.js';
import { Random } from './random.js';
import { SEED } from './settings.js';
import { PostgresStore, SqliteStore, type Store } from './store.js';
import { TestedServer } from './tested-server.js';

/** A server on a store of one kind. */
export type ServerOn<S extends Store> = TestedServer & { store: S };

/** Context of a scenario. Removes the resources that the scenario creates. */
export class ScenarioContext {
  readonly record = new ClientRecord();
  readonly random: Random;
  private readonly cleanUps: (() => unknown)[] = [];

  constructor(scenario: string) {
    this.random = new Random(SEED, scenario);
  }

  /** Creates a server on SQLite without starting it. */
  sqlite(environment: Environment = {}, folder?: string): ServerOn<SqliteStore> {
    return this.create(new SqliteStore(folder, folder === undefined), environment);
  }

  /** Creates a server on its own PostgreSQL cluster without starting it. */
  async postgres(environment: Environment = {}): Promise<ServerOn<PostgresStore>> {
    return this.create(await PostgresStore.start(), environment);
  }

  /** Creates another server on the same data without starting it. */
  beside<S extends Store>({ store }: { store: S }, environment: Environment = {}): ServerOn<S> {
    const tested = new TestedServer(store, environment);
    this.addCleanUp(() => tested.remove());
    return tested as ServerOn<S>;
  }

  /** Registers a function to run after the scenario, in reverse order. */
  addCleanUp(cleanUp: () => unknown): void {
    this.cleanUps.push(cleanUp);
  }

  /** Runs all registered functions, then throws the first error. Leftovers would disturb later scenarios. */
  async cleanUp(): Promise<void> {
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

  private create<S extends Store>(store: S, environment: Environment): ServerOn<S> {
    this.addCleanUp(() => store.remove());
    return this.beside({ store }, environment);
  }
}
