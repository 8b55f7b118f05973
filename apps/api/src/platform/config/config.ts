import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { ConfigurationError } from './configuration-error.js';
import { parseDatabaseAddress, showDatabaseAddress, type DatabaseAddress } from './database-address.js';
import { readEnvironment, type Environment } from './environment.js';
import { describeSettings, type Setting } from './settings.js';

/** The configuration: typed, read once at start, never changed. Durations are whole seconds unless named otherwise. */
export class Config {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseAddress;
  readonly databasePool: number;
  readonly statementTimeoutMilliseconds: number;
  /** Folder for what is kept beside the database: lock, audit key, first sign-in. */
  readonly dataDirectory: string;
  readonly adminName: string;
  readonly adminPassword: string | undefined;
  /** The origin that links begin with, without a slash at the end. */
  readonly publicUrl: string;
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly sessionIdleSeconds: number;
  readonly sessionMaxSeconds: number;
  readonly apiTokens: {
    readonly defaultSeconds: number;
    readonly maxSeconds: number;
    /** Whether one may have no end. */
    readonly mayBeEndless: boolean;
    /** Most live ones of one user. */
    readonly perUser: number;
  };
  readonly passwordMinLength: number;
  readonly argon2: { memoryKib: number; passes: number };
  readonly loginLimitPerAccount: number;
  readonly loginLimitPerAddress: number;
  /** Requests by which one user may change something within 24 hours; log-ins are limited alike. */
  readonly writeLimitPerUser: number;
  /** 32 bytes in base64, if configured. */
  readonly auditKey: string | undefined;
  /** How long a verified token is remembered; 0 = not at all. */
  readonly tokenCacheSeconds: number;
  /** Days that entries of the audit trail are kept; 0 = for ever. */
  readonly auditRetentionDays: number;
  /** Who may read the metrics: with `metrics:read`, everybody, or nobody. */
  readonly metrics: 'token' | 'open' | 'off';
  readonly logLevel: string;
  /** Seconds for which a server that stops goes on serving; 0 = not at all. */
  readonly drainSeconds: number;
  readonly shutdownSeconds: number;

  /** Every variable with its effective value and where that came from, secrets left out. */
  readonly settings: readonly Setting[];

  private constructor({ values: environment, sources }: Environment) {
    this.host = environment.HOST;
    this.port = environment.PORT;
    this.database = parseDatabaseAddress(environment.DATABASE_URL);
    this.databasePool = environment.LATCHKEY_DATABASE_POOL;
    this.statementTimeoutMilliseconds = environment.LATCHKEY_STATEMENT_TIMEOUT_MS;
    this.dataDirectory = resolve(
      environment.LATCHKEY_DATA_DIR ??
        (this.database.kind === 'sqlite' ? dirname(this.database.file) : 'data'),
    );
    this.adminName = environment.LATCHKEY_ADMIN_NAME;
    this.adminPassword = environment.LATCHKEY_ADMIN_PASSWORD;
    this.publicUrl = (environment.LATCHKEY_PUBLIC_URL ?? defaultPublicUrl(this.host, this.port)).replace(
      /\/$/,
      '',
    );
    this.trustedProxies = environment.LATCHKEY_TRUSTED_PROXIES;
    this.corsOrigins = environment.LATCHKEY_CORS_ORIGINS.map((origin) => origin.replace(/\/$/, ''));
    this.sessionIdleSeconds = environment.LATCHKEY_SESSION_IDLE_SECONDS;
    this.sessionMaxSeconds = environment.LATCHKEY_SESSION_MAX_SECONDS;
    this.apiTokens = {
      defaultSeconds: environment.LATCHKEY_API_TOKEN_DEFAULT_SECONDS,
      maxSeconds: environment.LATCHKEY_API_TOKEN_MAX_SECONDS,
      mayBeEndless: environment.LATCHKEY_API_TOKEN_NO_EXPIRY,
      perUser: environment.LATCHKEY_API_TOKENS_PER_USER,
    };
    this.passwordMinLength = environment.LATCHKEY_PASSWORD_MIN_LENGTH;
    this.argon2 = {
      memoryKib: environment.LATCHKEY_ARGON2_MEMORY_KIB,
      passes: environment.LATCHKEY_ARGON2_PASSES,
    };
    this.loginLimitPerAccount = environment.LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT;
    this.loginLimitPerAddress = environment.LATCHKEY_LOGIN_LIMIT_PER_ADDRESS;
    this.writeLimitPerUser = environment.LATCHKEY_WRITE_LIMIT_PER_USER;
    this.auditKey = environment.LATCHKEY_AUDIT_KEY;
    this.tokenCacheSeconds = environment.LATCHKEY_TOKEN_CACHE_SECONDS;
    this.auditRetentionDays = environment.LATCHKEY_AUDIT_RETENTION_DAYS;
    this.metrics = environment.LATCHKEY_METRICS;
    this.logLevel = environment.LATCHKEY_LOG_LEVEL;
    this.drainSeconds = environment.LATCHKEY_DRAIN_SECONDS;
    this.shutdownSeconds = environment.LATCHKEY_SHUTDOWN_SECONDS;
    this.settings = describeSettings(environment, sources, {
      DATABASE_URL: showDatabaseAddress(this.database),
      LATCHKEY_DATA_DIR: this.dataDirectory,
      LATCHKEY_PUBLIC_URL: this.publicUrl,
      LATCHKEY_CORS_ORIGINS: this.corsOrigins.join(),
    });
    if (this.database.kind === 'postgres' && this.auditKey === undefined) {
      throw new ConfigurationError(
        'LATCHKEY_AUDIT_KEY: must be set with PostgreSQL; make one with: openssl rand -base64 32',
      );
    }
  }

  /**
   * Reads the configuration from environment variables.
   *
   * @throws ConfigurationError naming the variable that is unknown or wrong.
   */
  static read(source: NodeJS.ProcessEnv): Config {
    return new Config(readEnvironment(source));
  }
}

/** Addresses that stand for all of a machine's; no link can lead to one. */
const WILDCARDS = new Set(['0.0.0.0', '::']);

function defaultPublicUrl(host: string, port: number): string {
  if (WILDCARDS.has(host)) {
    return `http://${hostname()}:${port}`;
  }
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
