import { Injectable } from '@nestjs/common';
import { ApiValidationPipe } from '../../http/bodies/api-validation.pipe.js';

/** Input of the command line, checked by the class that checks it in the API. */
@Injectable()
export class CommandInput {
  constructor(private readonly pipe: ApiValidationPipe) {}

  /** @throws ApplicationError `validation_failed`. */
  check<T>(type: new () => T, value: object): Promise<T> {
    return this.pipe.transform(value, { type: 'body', metatype: type }) as Promise<T>;
  }
}
