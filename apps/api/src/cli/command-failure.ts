import { ERROR_CODES, type ProblemErrorDto } from '@latchkey/auth-models';
import { type ApplicationError } from '../common/application-error.js';

/** Error of a command, as sent through the socket and printed by `--json`. */
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

/** Converts an error of the services to the error that the command line prints. */
export function toFailure({ code, options: { detail, errors } }: ApplicationError): CommandFailure {
  // The API's sentence for this code speaks of a request body.
  const sentence = code === 'validation_failed' && errors ? notPossible(errors) : ERROR_CODES[code];
  return { code, message: detail ?? sentence, ...(errors && { errors }) };
}

function notPossible(errors: readonly ProblemErrorDto[]): string {
  return `Invalid input: ${errors.map(({ message }) => message).join('; ')}.`;
}
