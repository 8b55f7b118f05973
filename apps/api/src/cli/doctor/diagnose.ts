import { existsSync } from 'node:fs';
import { ConfigurationError } from '../../common/application-error.js';
import { LATCHKEY } from '../../common/program-name.js';
import { Config } from '../../platform/config/config.js';
import { ENV_FILE } from '../../platform/config/environment-file.js';
import { peekInto } from '../../platform/database/peek.js';
import { checkSqliteDriver } from '../../platform/database/sqlite/sqlite-data-source.js';
import { type UntrustedProxy } from '../../http/server/untrusted-proxies.service.js';
import { checkConfig } from '../check-config.js';
import { callServer, findRunningServer, isServerListening } from '../client/running-server.js';
import { type ListeningAddress } from '../server/running-server.controller.js';
import { asSentence, CommandError } from '../command-error.js';
import { checkAccount } from '../database-file.js';
import { readSettings } from '../read-settings.js';
import { checkBackups } from './backups.js';
import { checkDatabase } from './database-checks.js';
import { checkDisk, checkFiles, closedFolder } from './files.js';
import {
  CHECKS,
  ok,
  problem,
  skipped,
  warning,
  type Finding,
  type Findings,
  type Result,
} from './finding.js';
import { checkMail } from './mail.js';
import { checkProxies, checkTls } from './network.js';
import { checkNode } from './node-release.js';

const FIX = `Fix this, then run ${LATCHKEY} doctor again.`;

/**
 * Runs all checks, with a running or a stopped server, and also if it cannot start. Changes nothing.
 *
 * @param environmentFile settings file, by default `.env`.
 * @param format describes a number of bytes.
 */
export async function diagnose(
  environment: NodeJS.ProcessEnv,
  environmentFile: string | undefined,
  format: (bytes: number) => string,
): Promise<Finding[]> {
  const found: Findings = { node: attempt(() => checkNode(process.versions.node, new Date())) };
  const config = readConfig(environment, environmentFile, found);
  if (config) {
    const hasDriver = checkDriver(config, found);
    found.disk = attempt(() => checkDisk(config, format));
    const closed = closedFolder(config);
    if (closed) {
      const isClosed = problem(closed.message, closed.advice);
      found.tls = attempt(() => checkTls(config, undefined));
      Object.assign(found, { start: isClosed, files: isClosed, database: skipped(closed.message) });
    } else {
      found.start = await checkStart(config);
      found.files = attempt(() => checkFiles(config, environmentFile ?? ENV_FILE, environment));
      found.backups = attempt(() => checkBackups(config, new Date()));
      Object.assign(found, hasDriver && (await checkContent(config)), await checkNetwork(config));
    }
    found.mail = await checkMail(config);
  }
  return CHECKS.map((check) => ({
    check,
    ...(found[check] ?? skipped('Could not run. Fix the problems above first.')),
  }));
}

function readConfig(
  environment: NodeJS.ProcessEnv,
  environmentFile: string | undefined,
  found: Findings,
): Config | undefined {
  try {
    const reason = readSettings(environment, environmentFile);
    const config = Config.read(environment);
    found.settings =
      reason === undefined
        ? ok('The settings are valid.')
        : warning(
            `The settings are valid, but ${ENV_FILE} in this folder was ignored, because ${reason}.`,
            `If your server reads it, run: ${LATCHKEY} --environment-file ${ENV_FILE} doctor`,
          );
    return config;
  } catch (error) {
    found.settings = problem(messageOf(error), 'Correct it in the environment or in the settings file.');
    return undefined;
  }
}

/**
 * Whether there is a driver for the database. Its absence, due to the version of Node, replaces the verdict
 * on Node.
 */
function checkDriver({ database }: Config, found: Findings): boolean {
  try {
    if (database.kind === 'sqlite') {
      checkSqliteDriver();
    }
    return true;
  } catch (error) {
    found.node = problem(messageOf(error), FIX);
    return false;
  }
}

async function checkStart(config: Config): Promise<Result> {
  const otherAccount = otherAccountOf(config);
  if (otherAccount !== undefined) {
    return skipped(otherAccount);
  }
  try {
    await checkConfig(config);
    const isRunning = (await findRunningServer(config)) !== undefined;
    return ok(
      isRunning
        ? 'The server is running, and would start again with these settings.'
        : 'The server would start with these settings.',
    );
  } catch (error) {
    return problem(messageOf(error), 'Fix this before the next start of the server.');
  }
}

/**
 * Returns the message about an SQLite database that belongs to another account; `undefined` if it does not.
 */
function otherAccountOf({ database }: Config): string | undefined {
  try {
    if (database.kind === 'sqlite' && existsSync(database.file)) {
      checkAccount(database.file);
    }
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function checkContent(config: Config): Promise<Findings> {
  const { database } = config;
  if (database.kind === 'sqlite' && !existsSync(database.file)) {
    const none = skipped('There is no database yet.');
    return {
      database: ok(`There is no database yet. The first start creates ${database.file}.`),
      ...{ clock: none, 'audit key': none, 'seal key': none, tokens: none, events: none },
    };
  }
  const otherAccount = otherAccountOf(config);
  if (database.kind === 'sqlite' && otherAccount !== undefined && !existsSync(`${database.file}-shm`)) {
    // No process has the database open, so SQLite would create its files as this account.
    return { database: skipped(otherAccount) };
  }
  try {
    return await peekInto(config, (peek) => checkDatabase(config, peek));
  } catch (error) {
    return { database: problem(messageOf(error), FIX) };
  }
}

async function checkNetwork(config: Config): Promise<Findings> {
  const { database } = config;
  let seen: (ListeningAddress & { proxies: UntrustedProxy[] }) | undefined;
  let failure: unknown;
  try {
    seen =
      database.kind === 'sqlite' && existsSync(database.file) && (await isServerListening(database.file))
        ? await callServer(database.file, async (client) => ({
            ...(await client.get<ListeningAddress>('/operator/address')),
            proxies: await client.get<UntrustedProxy[]>('/operator/untrusted-proxies'),
          }))
        : undefined;
  } catch (error) {
    failure = error;
  }
  return {
    tls: attempt(() => checkTls(config, seen?.address)),
    proxies:
      failure === undefined
        ? attempt(() => checkProxies(config, seen?.proxies))
        : warning(
            messageOf(failure),
            `Run ${LATCHKEY} doctor with the same account and version as the server.`,
          ),
  };
}

/** Error codes when this account is not allowed to read a file. */
const NOT_ALLOWED = new Set(['EACCES', 'EPERM']);

/** Runs a check. An error becomes a problem, and the other checks still run. */
export function attempt(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    return problem(
      messageOf(error),
      NOT_ALLOWED.has((error as NodeJS.ErrnoException).code ?? '')
        ? `Run ${LATCHKEY} doctor with the same account as the server.`
        : FIX,
    );
  }
}

function messageOf(error: unknown): string {
  const isKnown = error instanceof ConfigurationError || error instanceof CommandError;
  const text = error instanceof Error ? error.message : String(error);
  return isKnown ? asSentence(text) : `Unexpected error: ${text}`;
}
