import { ApplicationError } from '../../common/application-error.js';
import { memberPointer, NAME_MAX_LENGTH, VALUES_MAX } from './check-plain-json.js';

/**
 * Rejects a query that is not percent-encoded UTF-8, as decoding it with replacement characters would change its meaning.
 * Also rejects too many parameters and long names, before each of them is processed.
 *
 * @throws ApplicationError `invalid_parameter`.
 */
export function checkQuery(url: string): void {
  const [, query = ''] = url.split(/\?(.*)/s, 2);
  const parameters = query.split('&');
  if (parameters.length > VALUES_MAX || parameters.some((one) => nameOf(one).length > NAME_MAX_LENGTH)) {
    throw new ApplicationError('invalid_parameter', {
      detail: `A query may have at most ${VALUES_MAX} parameters, with names of at most ${NAME_MAX_LENGTH} characters.`,
    });
  }
  const wrong = parameters.filter((parameter) => decode(parameter) === undefined);
  if (wrong.length > 0) {
    throw new ApplicationError('invalid_parameter', { errors: wrong.map(errorOf) });
  }
}

function errorOf(parameter: string) {
  const name = nameOf(parameter);
  return {
    pointer: memberPointer('', name),
    code: 'not_utf8',
    message: `${name} must be UTF-8, percent-encoded`,
  };
}

function nameOf(parameter: string): string {
  const [given = ''] = parameter.split('=', 1);
  return decode(given) ?? given;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
