import { type ProblemDto, type ProblemErrorDto } from '@latchkey/auth-models';
import { ERROR_CODES } from '@latchkey/auth-models/lists';
import { CREATE_TOKEN_INSTEAD, REPEAT_WITH_FORCE } from '../common/request-advice.js';

/** Error of a command, as printed by `--json`. */
export interface CommandFailure {
  /** An error code of the API, `configuration`, or `command_line` for errors of the program itself. */
  code: string;
  /** The error and its remedy. */
  message: string;
  /** Errors by input member. */
  errors?: ProblemErrorDto[];
}

/** Error that the program prints for the user. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(readonly failure: CommandFailure) {
    super(failure.message);
  }

  /** Creates an error of the program itself, with code `command_line`. */
  static of(message: string): CommandError {
    return new CommandError({ code: 'command_line', message });
  }
}

/** Advice in errors of the API that names a request, and the equivalent for the command line. */
const ADVICE: readonly [string, string][] = [
  [REPEAT_WITH_FORCE, 'repeat the command with --force'],
  [CREATE_TOKEN_INSTEAD, 'Create a token with create-token instead'],
];

/** Converts a problem of the API to the error that the command line prints. */
export function toFailure({ code, detail, traceId, errors }: ProblemDto): CommandFailure {
  return { code, message: messageOf({ code, detail, traceId, errors }), ...(errors && { errors }) };
}

/** Adds a full stop, unless the text ends like a sentence. */
export function asSentence(text: string): string {
  return text.replace(/(?<![.?…])$/, '.');
}

function messageOf({
  code,
  detail,
  traceId,
  errors,
}: Pick<ProblemDto, 'code' | 'detail' | 'traceId' | 'errors'>): string {
  if (code === 'internal_error') {
    return `An internal error occurred. Search the server's log for ${traceId}. If no server runs, repeat the command with LATCHKEY_LOG_LEVEL=debug.`;
  }
  // The API's sentence speaks of a request body.
  return errors && detail.startsWith(ERROR_CODES.validation_failed)
    ? asSentence(`Invalid input: ${errors.map(({ message }) => message).join('; ')}`)
    : ADVICE.reduce((text, [request, command]) => text.replace(request, command), detail);
}
