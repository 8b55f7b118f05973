import { ApplicationError } from '../common/application-error.js';

/**
 * Refuses a query that is not percent-encoded UTF-8: read with replacements it would look for something else, or for
 * everything.
 *
 * @throws ApplicationError `invalid_parameter`.
 */
export function checkQuery(url: string): void {
  const [, query = ''] = url.split(/\?(.*)/s, 2);
  const wrong = query.split('&').filter((parameter) => decode(parameter) === undefined);
  if (wrong.length > 0) {
    throw new ApplicationError('invalid_parameter', { errors: wrong.map(refusalOf) });
  }
}

function refusalOf(parameter: string) {
  const [given = ''] = parameter.split('=', 1);
  const name = decode(given) ?? given;
  return {
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code: 'not_utf8',
    message: `${name} must be UTF-8, percent-encoded`,
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
