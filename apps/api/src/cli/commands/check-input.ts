import { ApiValidationPipe } from '../../representation/api-validation.pipe.js';

const PIPE = new ApiValidationPipe();

/**
 * Input of the command line, checked by the class that checks it in the API.
 *
 * @throws ApplicationError `validation_failed`.
 */
export function checkInput<T>(type: new () => T, value: object): Promise<T> {
  return PIPE.transform(value, { type: 'body', metatype: type }) as Promise<T>;
}
