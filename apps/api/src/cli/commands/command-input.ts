import { Injectable } from '@nestjs/common';
import { ApiValidationPipe } from '../../http/bodies/api-validation.pipe.js';

/** Validates input of the command line with the DTO classes of the API. */
@Injectable()
export class CommandInput {
  constructor(private readonly pipe: ApiValidationPipe) {}

  /** @throws ApplicationError `validation_failed`. */
  check<T>(type: new () => T, value: object): Promise<T> {
    return this.pipe.transform(value, { type: 'body', metatype: type }) as Promise<T>;
  }
}
