import { ERROR_CODES, type ProblemErrorDto } from '@latchkey/auth-models';
import { type ApplicationError } from '../common/application-error.js';

/** Why a command failed, as it travels and as `--json` prints it. */
export interface CommandFailure {
  /** One of the API's error codes, `configuration`, or `command_line` where the program itself refuses. */
  code: string;
  /** What went wrong and what to do next. */
  message: string;
  /** What is wrong with each part of the input. */
  errors?: ProblemErrorDto[];
}

/** A failure on its way to whoever typed the command. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(readonly failure: CommandFailure) {
    super(failure.message);
  }

  /** A refusal of the program itself. */
  static of(message: string): CommandError {
    return new CommandError({ code: 'command_line', message });
  }
}

/** A refusal of the services below, as the command line tells it. */
export function toFailure({ code, options: { detail, errors } }: ApplicationError): CommandFailure {
  // Of input that is refused, the API says what becomes of a body.
  const sentence = code === 'validation_failed' && errors ? notPossible(errors) : ERROR_CODES[code];
  return { code, message: detail ?? sentence, ...(errors && { errors }) };
}

function notPossible(errors: readonly ProblemErrorDto[]): string {
  return `This is not possible: ${errors.map(({ message }) => message).join('; ')}.`;
}
