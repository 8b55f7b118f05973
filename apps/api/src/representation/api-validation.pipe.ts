import { Injectable, ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { type ProblemErrorDto } from '@latchkey/auth-models';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { ApplicationError } from '../common/application-error.js';
import { isPrototypeMember, isStorableText } from './check-plain-json.js';

/** Validates bodies and queries with the classes of auth-models: 422 for a body, 400 for a parameter. */
@Injectable()
export class ApiValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      // Thrown as they are, and turned into a refusal by what was validated; see `validated`.
      exceptionFactory: (errors) => errors,
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body') {
      return this.validated(
        value,
        metadata,
        (errors) => new ApplicationError('validation_failed', { errors }),
      );
    }
    checkText(value, metadata);
    checkNames(value, metadata);
    return this.validated(value, metadata, (errors) => invalidParameter(errors, metadata));
  }

  private async validated(
    value: unknown,
    metadata: ArgumentMetadata,
    refusal: (errors: ProblemErrorDto[]) => ApplicationError,
  ): Promise<unknown> {
    try {
      return await super.transform(value, metadata);
    } catch (errors) {
      throw Array.isArray(errors)
        ? refusal((errors as ValidationError[]).flatMap((error) => flatten(error)))
        : errors;
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

/** Refuses names that the validator would drop without a word. */
function checkNames(value: unknown, metadata: ArgumentMetadata): void {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const errors = names.filter(isPrototypeMember).map((name) => unknownMember(`/${name}`, name));
  if (errors.length > 0) {
    throw invalidParameter(errors, metadata);
  }
}

function unknownMember(pointer: string, name: string): ProblemErrorDto {
  return { pointer, code: 'unknown_member', message: `there is no member ${name}` };
}

function invalidParameter(errors: ProblemErrorDto[], { metatype }: ArgumentMetadata): ApplicationError {
  const isUnknown = errors.some(({ code }) => code === 'unknown_member');
  const detail =
    isUnknown && metatype ? `The parameters here are ${parametersOf(metatype).join(', ')}.` : undefined;
  return new ApplicationError('invalid_parameter', { errors, detail });
}

function parametersOf(dto: NonNullable<ArgumentMetadata['metatype']>): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))].sort();
}

function flatten(error: ValidationError, parent = ''): ProblemErrorDto[] {
  const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) =>
    rule === 'whitelistValidation'
      ? unknownMember(pointer, error.property)
      : { pointer, code: rule.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase(), message },
  );
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, pointer))];
}
