import { Inject, Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { translateDriverError } from '../platform/database/driver-errors.js';
import { ConfigurationError } from '../platform/config/configuration-error.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';
import { PermissionRegistry } from '../identity/permissions/permission-registry.js';
import { toFailure, type CommandFailure } from './command-failure.js';
import { commandLinePrincipal } from './command-line-principal.js';
import { type Command, type ReportProgress } from './command.js';
import { type CommandOutcome, type CommandRequest } from './socket/messages.js';

/** Injection token of all {@link Command}s. */
export const COMMANDS = Symbol('COMMANDS');

/** Runs commands by name, in the running server or in the process of the command line. */
@Injectable()
export class CommandRunner {
  constructor(
    @Inject(COMMANDS) private readonly commands: readonly Command[],
    private readonly permissions: PermissionRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Runs a command. Returns errors as outcomes and never throws. */
  async run(
    { command, options, user, traceId }: Omit<CommandRequest, 'build'>,
    report: ReportProgress,
  ): Promise<CommandOutcome> {
    const actor = commandLinePrincipal(user, traceId, this.permissions.names());
    try {
      const known = this.commands.find(({ name }) => name === command);
      if (!known) {
        throw new ApplicationError('not_found', { detail: `Unknown command: ${command}.` });
      }
      return { result: await known.run(options as never, { actor, report }) };
    } catch (error) {
      return { error: this.failureOf(error, command, traceId) };
    }
  }

  private failureOf(error: unknown, command: string, traceId: string): CommandFailure {
    if (error instanceof ConfigurationError) {
      return { code: 'configuration', message: error.message };
    }
    const rejection = error instanceof ApplicationError ? error : translateDriverError(error);
    if (rejection) {
      return toFailure(rejection);
    }
    this.logger.error({ err: error, command, traceId }, 'A command failed');
    return {
      code: 'internal_error',
      message: `An internal error occurred. Search the server's log for ${traceId}. If no server runs, repeat the command with LATCHKEY_LOG_LEVEL=debug.`,
    };
  }
}
