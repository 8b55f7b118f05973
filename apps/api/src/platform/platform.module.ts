import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type DataSource } from 'typeorm';
import { Clock } from '../common/clock.service.js';
import { Config } from './config/config.js';
import { HashQueue } from './crypto/hash-queue.service.js';
import { Passwords } from './crypto/passwords.service.js';
import { DatabaseHealth } from './database/database-health.service.js';
import { Database } from './database/database.js';
import { lastBackupSeconds } from './database/sqlite/last-backup.js';
import { Writes } from './database/writes.service.js';
import { LOGGER, type Logger } from './logging/logger.js';
import { Mailer } from './mail/mailer.service.js';
import { Metrics } from './metrics/metrics.service.js';
import { activeTelemetry } from './telemetry/telemetry.js';
import { Replicas } from './replicas/replicas.service.js';
import { RevocationListener } from './replicas/revocation-listener.service.js';

/** Parts of the application that exist before it. */
interface PlatformParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Entities of the levels above, which this module may not import. */
  readonly entities: (new () => unknown)[];
}

/**
 * Provides the platform to all modules. Opens the database and closes it after all other modules have
 * stopped.
 */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    { database: settings }: Config,
    metrics: Metrics,
  ) {
    new Set([database.reader, database.writer]).forEach((source) =>
      activeTelemetry()?.observeStatements(source),
    );
    if (settings.kind === 'sqlite') {
      metrics.gauge(
        'latchkey_last_backup_timestamp_seconds',
        'Time of the last backup with latchkey backup; 0 if there is none, or its record cannot be read.',
        () => lastBackupSeconds(settings.file),
      );
    }
  }

  static forRoot({ config, logger, metrics, entities }: PlatformParts): DynamicModule {
    return {
      module: PlatformModule,
      imports: [readingModule()],
      providers: [
        { provide: Config, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: Metrics, useValue: metrics },
        { provide: Database, useFactory: () => Database.open(config, entities) },
        Clock,
        DatabaseHealth,
        HashQueue,
        Mailer,
        Passwords,
        Replicas,
        RevocationListener,
        Writes,
      ],
      exports: [
        Clock,
        Config,
        Database,
        DatabaseHealth,
        LOGGER,
        Mailer,
        Metrics,
        Passwords,
        Replicas,
        RevocationListener,
        Writes,
      ],
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
