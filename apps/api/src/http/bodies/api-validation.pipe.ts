import { Injectable, ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { type ProblemErrorDto, type ValidationPolicy, withPolicy } from '@latchkey/auth-models';
import { validate, type ValidationError, type ValidatorOptions } from 'class-validator';
import { ApplicationError } from '../../common/application-error.js';
import { Config } from '../../platform/config/config.js';
import { serverPolicy } from '../policy/server-policy.js';
import { isPrototypeMember, isStorableText } from './check-input.js';
import { failuresOf, knownMembers, membersOf, unknownMember } from './member-failures.js';

/** Validates bodies and queries with the classes of auth-models: 422 for a body, 400 for a parameter. */
@Injectable()
export class ApiValidationPipe extends ValidationPipe {
  private readonly policy: ValidationPolicy;

  constructor(config: Config) {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      // The error messages depend on the value and its class. Neither is sent back.
      validationError: { target: true, value: true },
      // Thrown unchanged. `validated` turns them into an ApplicationError.
      exceptionFactory: (errors) => errors,
    });
    this.policy = serverPolicy(config);
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body') {
      return this.validated(
        value,
        metadata,
        (errors, detail) => new ApplicationError('validation_failed', { errors, detail }),
      );
    }
    if (metadata.type === 'custom') {
      // Created by a decorator from validated input.
      return value;
    }
    checkText(value, metadata);
    checkNames(value, metadata);
    checkRepeated(value, metadata);
    return this.validated(value, metadata, (errors) => invalidParameter(errors, metadata));
  }

  protected override validate(dto: object, options?: ValidatorOptions): Promise<ValidationError[]> {
    return validate(withPolicy(dto, this.policy), options);
  }

  private async validated(
    value: unknown,
    metadata: ArgumentMetadata,
    toError: (errors: ProblemErrorDto[], detail?: string) => ApplicationError,
  ): Promise<unknown> {
    try {
      return await super.transform(value, metadata);
    } catch (thrown) {
      if (!Array.isArray(thrown)) {
        throw thrown;
      }
      const errors = thrown as ValidationError[];
      throw toError(failuresOf(errors), knownMembers(errors));
    }
  }
}

function checkText(value: unknown, { data }: ArgumentMetadata): void {
  const texts: [string, unknown][] =
    typeof value === 'object' && value !== null ? Object.entries(value) : [[data ?? '', value]];
  const errors = texts
    .filter(([, text]) => [text].flat().some((one) => typeof one === 'string' && !isStorableText(one)))
    .map(([name]) => ({
      pointer: `/${name}`,
      code: 'not_text',
      message: `${name} must be text without NUL and unpaired surrogates`,
    }));
  if (errors.length > 0) {
    throw new ApplicationError('invalid_parameter', { errors });
  }
}

/** Rejects names that the validator would drop silently. */
function checkNames(value: unknown, metadata: ArgumentMetadata): void {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const errors = names.filter(isPrototypeMember).map((name) => unknownMember(`/${name}`, name));
  if (errors.length > 0) {
    throw invalidParameter(errors, metadata);
  }
}

/** Rejects known parameters that are sent more than once. The validator rejects unknown ones. */
function checkRepeated(value: unknown, metadata: ArgumentMetadata): void {
  const { type, metatype } = metadata;
  if (type !== 'query' || typeof value !== 'object' || value === null) {
    return;
  }
  const repeated = Object.entries(value).filter(([, texts]) => Array.isArray(texts));
  const known = repeated.length === 0 ? [] : membersOf(metatype);
  const errors = repeated
    .filter(([name]) => known.includes(name))
    .map(([name, { length }]: [string, string[]]) => ({
      pointer: `/${name}`,
      code: 'duplicate_member',
      message: `${name} is sent ${length === 2 ? 'twice' : `${length} times`}; send it once`,
    }));
  if (errors.length > 0) {
    throw invalidParameter(errors, metadata);
  }
}

function invalidParameter(errors: ProblemErrorDto[], { metatype }: ArgumentMetadata): ApplicationError {
  const isUnknown = errors.some(({ code }) => code === 'unknown_member');
  const detail = isUnknown && metatype ? `Known parameters: ${membersOf(metatype).join(', ')}.` : undefined;
  return new ApplicationError('invalid_parameter', { errors, detail });
}
