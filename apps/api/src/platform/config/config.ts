import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type SettingDto } from '@latchkey/auth-models';
import { ConfigurationError } from '../../common/application-error.js';
import { parseDatabaseAddress, showDatabaseAddress, type DatabaseAddress } from './database-address.js';
import { describeSettings, type Environment, readEnvironment } from './environment.js';
import { type MailSettings, parseSender, parseSmtpUrl, showSmtpUrl } from './mail-settings.js';
import { readTelemetrySettings, type TelemetrySettings } from './telemetry-settings.js';

/** Server that a verifier asks. */
export interface Upstream {
  /** Origin of the server. */
  readonly url: string;
  readonly token: string;
  /** File with the token, whose content can change. */
  readonly tokenFile: string | undefined;
}

/**
 * Typed configuration, read once at startup. Durations are whole seconds unless the name states another unit.
 */
export class Config {
  readonly host: string;
  readonly port: number;
  readonly database: DatabaseAddress;
  /** Number of processes that serve requests. */
  readonly workers: number;
  readonly databasePool: number;
  readonly statementTimeoutMilliseconds: number;
  /** Folder of the lock file, the audit key and the first password. */
  readonly dataDirectory: string;
  readonly adminName: string;
  readonly adminPassword: string | undefined;
  /** Origin of generated links, without a trailing slash. */
  readonly publicUrl: string;
  readonly hasPublicUrl: boolean;
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  /** Host names, addresses and networks that webhooks may have although they are not public. */
  readonly eventHosts: readonly string[];
  readonly sessionIdleSeconds: number;
  readonly sessionMaxSeconds: number;
  /** Seconds after a login or step-up during which a session may do what requires a fresh proof. */
  readonly freshSeconds: number;
  /** Users whose sessions require a second factor, besides the holders of roles that do. */
  readonly secondFactor: 'optional' | 'administrators' | 'all';
  readonly apiTokens: {
    readonly defaultSeconds: number;
    readonly maxSeconds: number;
    /** Whether API tokens may have no expiry. */
    readonly mayBeEndless: boolean;
    /** Maximum number of live API tokens per user. */
    readonly perUser: number;
  };
  readonly tokenPrefix: string;
  /** Effect of a leak report on a token. */
  readonly leakedTokens: 'revoke' | 'disable';
  readonly passwordMinLength: number;
  readonly argon2: { memoryKib: number; passes: number };
  readonly loginLimitPerAccount: number;
  readonly loginLimitPerAddress: number;
  /** Writing requests per user in 24 hours. Logins have a limit of the same size. */
  readonly writeLimitPerUser: number;
  /** 32 bytes in Base64, if configured. */
  readonly auditKey: string | undefined;
  /** Configured keys for the secrets of second factors, 32 bytes in Base64 each. The first one encrypts. */
  readonly sealKeys: readonly string[];
  /** Server for e-mail, and the sender; `undefined` if the server sends none. */
  readonly mail: MailSettings | undefined;
  /** Lifetime of entries in the cache of verified tokens; 0 disables the cache. */
  readonly tokenCacheSeconds: number;
  /** Days until entries of the audit trail are deleted; 0 keeps them forever. */
  readonly auditRetentionDays: number;
  /** Access to `GET /metrics`: with the permission `metrics:read`, without credentials, or not at all. */
  readonly metrics: 'token' | 'open' | 'off';
  /** Export of traces and metrics; `undefined` if it is off. */
  readonly telemetry: TelemetrySettings | undefined;
  readonly logLevel: string;
  /** Seconds during which a stopping server still accepts requests. */
  readonly drainSeconds: number;
  readonly shutdownSeconds: number;
  /** Server that `latchkey verifier` asks, with the token for it; `undefined` unless both are set. */
  readonly upstream: Upstream | undefined;

  /** All variables with their effective values and sources, without secrets. */
  readonly settings: readonly SettingDto[];

  private constructor(
    { values: environment, sources, files }: Environment,
    telemetry: TelemetrySettings | undefined,
  ) {
    this.host = environment.HOST;
    this.port = environment.PORT;
    this.database = parseDatabaseAddress(environment.DATABASE_URL);
    this.workers = environment.LATCHKEY_WORKERS;
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
    this.hasPublicUrl = environment.LATCHKEY_PUBLIC_URL !== undefined;
    this.trustedProxies = environment.LATCHKEY_TRUSTED_PROXIES;
    this.corsOrigins = environment.LATCHKEY_CORS_ORIGINS.map((origin) => origin.replace(/\/$/, ''));
    this.eventHosts = environment.LATCHKEY_EVENT_HOSTS;
    this.sessionIdleSeconds = environment.LATCHKEY_SESSION_IDLE_SECONDS;
    this.sessionMaxSeconds = environment.LATCHKEY_SESSION_MAX_SECONDS;
    this.freshSeconds = environment.LATCHKEY_FRESH_SECONDS;
    this.secondFactor = environment.LATCHKEY_SECOND_FACTOR;
    this.apiTokens = {
      defaultSeconds: environment.LATCHKEY_API_TOKEN_DEFAULT_SECONDS,
      maxSeconds: environment.LATCHKEY_API_TOKEN_MAX_SECONDS,
      mayBeEndless: environment.LATCHKEY_API_TOKEN_NO_EXPIRY,
      perUser: environment.LATCHKEY_API_TOKENS_PER_USER,
    };
    this.tokenPrefix = environment.LATCHKEY_TOKEN_PREFIX;
    this.leakedTokens = environment.LATCHKEY_LEAKED_TOKENS;
    this.passwordMinLength = environment.LATCHKEY_PASSWORD_MIN_LENGTH;
    this.argon2 = {
      memoryKib: environment.LATCHKEY_ARGON2_MEMORY_KIB,
      passes: environment.LATCHKEY_ARGON2_PASSES,
    };
    this.loginLimitPerAccount = environment.LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT;
    this.loginLimitPerAddress = environment.LATCHKEY_LOGIN_LIMIT_PER_ADDRESS;
    this.writeLimitPerUser = environment.LATCHKEY_WRITE_LIMIT_PER_USER;
    this.auditKey = environment.LATCHKEY_AUDIT_KEY;
    this.sealKeys = environment.LATCHKEY_SEAL_KEY;
    this.mail = mailSettings(environment);
    this.tokenCacheSeconds = environment.LATCHKEY_TOKEN_CACHE_SECONDS;
    this.auditRetentionDays = environment.LATCHKEY_AUDIT_RETENTION_DAYS;
    this.metrics = environment.LATCHKEY_METRICS;
    this.telemetry = telemetry;
    this.logLevel = environment.LATCHKEY_LOG_LEVEL;
    this.drainSeconds = environment.LATCHKEY_DRAIN_SECONDS;
    this.shutdownSeconds = environment.LATCHKEY_SHUTDOWN_SECONDS;
    const { LATCHKEY_URL: url, LATCHKEY_TOKEN: token } = environment;
    this.upstream = url && token ? { url, token, tokenFile: files.get('LATCHKEY_TOKEN') } : undefined;
    this.settings = describeSettings(environment, sources, {
      DATABASE_URL: showDatabaseAddress(this.database),
      LATCHKEY_DATA_DIR: this.dataDirectory,
      LATCHKEY_PUBLIC_URL: this.publicUrl,
      LATCHKEY_CORS_ORIGINS: this.corsOrigins.join(),
      LATCHKEY_SMTP_URL: this.mail ? showSmtpUrl(this.mail) : '',
    });
  }

  /** Reads the configuration of a server from environment variables. */
  static read(source: NodeJS.ProcessEnv): Config {
    const config = new Config(readEnvironment(source), readTelemetrySettings(source));
    config.checkDatabase();
    config.checkMail();
    return config;
  }

  /** Reads the configuration of `latchkey verifier`, which has no database. */
  static readForVerifier(source: NodeJS.ProcessEnv): Config {
    const config = new Config(readEnvironment(source), readTelemetrySettings(source));
    if (!config.upstream) {
      throw new ConfigurationError(
        'LATCHKEY_URL and LATCHKEY_TOKEN_FILE: must be set for latchkey verifier; set the origin of the Latchkey server, such as https://auth.example.com, and a file with a token that has the permission tokens:introspect',
      );
    }
    return config;
  }

  /** Whether anyone can read the metrics of this process. */
  get hasMetrics(): boolean {
    return this.metrics !== 'off' || this.telemetry?.metrics !== undefined;
  }

  private checkMail(): void {
    if (this.mail && !this.hasPublicUrl) {
      throw new ConfigurationError(
        'LATCHKEY_PUBLIC_URL: must be set to send e-mail, because messages contain links; set it to the origin of the server, such as https://auth.example.com',
      );
    }
  }

  private checkDatabase(): void {
    if (this.database.kind === 'sqlite' && this.workers > 1) {
      throw new ConfigurationError(
        'LATCHKEY_WORKERS: several workers need PostgreSQL; set DATABASE_URL to a PostgreSQL database, or remove LATCHKEY_WORKERS',
      );
    }
    if (this.database.kind === 'postgres' && this.auditKey === undefined) {
      throw new ConfigurationError(
        'LATCHKEY_AUDIT_KEY: must be set with PostgreSQL; create one with: openssl rand -base64 32',
      );
    }
  }
}

function mailSettings(values: {
  LATCHKEY_SMTP_URL?: string | undefined;
  LATCHKEY_MAIL_FROM?: string | undefined;
}): MailSettings | undefined {
  const { LATCHKEY_SMTP_URL: url, LATCHKEY_MAIL_FROM: from } = values;
  if (url === undefined && from === undefined) {
    return undefined;
  }
  const server = parseSmtpUrl(url ?? '');
  const sender = parseSender(from ?? '');
  if (!server || !sender) {
    const missing = server ? 'LATCHKEY_MAIL_FROM' : 'LATCHKEY_SMTP_URL';
    throw new ConfigurationError(
      `${missing}: must be set to send e-mail; set both LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM, or neither`,
    );
  }
  return { ...server, sender };
}

/** Addresses that listen on all interfaces. Links cannot use them. */
export const WILDCARDS = new Set(['0.0.0.0', '::']);

function defaultPublicUrl(host: string, port: number): string {
  if (WILDCARDS.has(host)) {
    return `http://${hostname()}:${port}`;
  }
  // URLs have no zones (WHATWG URL, section 4.3).
  const [address = host] = host.split('%');
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
