import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type DataSource } from 'typeorm';
import { Config } from '../config/config.js';
import { Database } from './database.js';
import { Writes } from './writes.js';

/** Opens the database, and closes it after all other modules have stopped. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  /** @param entities entities of the levels above, which this module may not import. */
  static forRoot(entities: (new () => unknown)[]): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [readingModule()],
      providers: [
        {
          provide: Database,
          inject: [Config],
          useFactory: (config: Config) => Database.open(config, entities),
        },
        Writes,
      ],
      exports: [Database, Writes],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

/** Provides repositories for reading, on the data source that {@link Database} opened. */
function readingModule(): DynamicModule {
  let reader: DataSource | undefined;
  return TypeOrmModule.forRootAsync({
    inject: [Database],
    useFactory: (database: Database) => {
      reader = database.reader;
      return { ...reader.options, retryAttempts: 0 };
    },
    dataSourceFactory: () =>
      reader ? Promise.resolve(reader) : Promise.reject(new Error('No database is open')),
  });
}
