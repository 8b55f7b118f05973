import type { AbstractControl, ValidatorFn } from '@angular/forms';
import { FormControl, FormGroup } from '@angular/forms';
import {
  CreateTokenDto,
  formatNetwork,
  parseNetwork,
  RateLimitDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { dtoField } from '../../shared/forms/dto-field';
import { toErrors } from '../../shared/forms/field-error';
import { localTime } from '../../shared/time/format-time';

/** Limits on the use of a token, and its metadata; `null` for none. */
export interface TokenLimits {
  readonly allowedAddresses: string[] | null;
  readonly notBefore: string | null;
  readonly maxUses: number | null;
  readonly rateLimit: RateLimitDto | null;
  readonly metadata: Record<string, unknown> | null;
}

/** Windows of a rate limit to choose from, in seconds. */
export const WINDOWS = [1, 60, 3_600, 86_400] as const;

/** Returns the limits of a token. */
export function limitsOf(token: Partial<UserTokenDto>): TokenLimits {
  return {
    allowedAddresses: token.allowedAddresses ?? null,
    notBefore: token.notBefore ?? null,
    maxUses: token.maxUses ?? null,
    rateLimit: token.rateLimit ?? null,
    metadata: token.metadata ?? null,
  };
}

/** Creates a form for the limits of a token, with a text in each field. */
export function limitsForm(limits: TokenLimits) {
  const { allowedAddresses, notBefore, maxUses, rateLimit, metadata } = limits;
  const field = (value: string, ...validators: ValidatorFn[]) =>
    new FormControl(value, { nonNullable: true, validators });
  return new FormGroup({
    allowedAddresses: field(
      allowedAddresses?.join('\n') ?? '',
      firstOf(areNetworks, parsed(linesOf, dtoField(CreateTokenDto, 'allowedAddresses'))),
    ),
    notBefore: field(notBefore === null ? '' : localTime(notBefore)),
    maxUses: field(maxUses?.toString() ?? '', parsed(numberOf, dtoField(CreateTokenDto, 'maxUses'))),
    limit: field(rateLimit?.limit.toString() ?? '', parsed(numberOf, dtoField(RateLimitDto, 'limit'))),
    windowSeconds: new FormControl<number>(rateLimit?.windowSeconds ?? 60, { nonNullable: true }),
    metadata: field(
      metadata === null ? '' : JSON.stringify(metadata, null, 2),
      firstOf(isJsonObject, parsed(jsonOf, dtoField(CreateTokenDto, 'metadata'))),
    ),
  });
}

export type LimitsForm = ReturnType<typeof limitsForm>;

/** Returns the limits in a valid form. A field that was not edited keeps its value. */
export function limitsIn(form: LimitsForm, before: TokenLimits): TokenLimits {
  const { allowedAddresses, notBefore, maxUses, limit, windowSeconds, metadata } = form.getRawValue();
  const uses = numberOf(limit);
  const start = notBefore === '' ? null : new Date(notBefore).toISOString();
  return {
    allowedAddresses: linesOf(allowedAddresses),
    // The field has no seconds.
    notBefore:
      before.notBefore !== null && localTime(before.notBefore) === notBefore ? before.notBefore : start,
    maxUses: numberOf(maxUses),
    rateLimit: uses === null ? null : { limit: uses, windowSeconds },
    metadata: jsonOf(metadata) as Record<string, unknown> | null,
  };
}

/** Returns the limits that differ; `null` removes one. */
export function changedLimits(before: TokenLimits, after: TokenLimits): Partial<TokenLimits> {
  const names = Object.keys(after) as (keyof TokenLimits)[];
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, after[name]]),
  );
}

/** Validates the parsed value of a text field. */
function parsed(parse: (text: string) => unknown, validator: ValidatorFn): ValidatorFn {
  return ({ value }) => {
    const result = parse(value as string);
    return result === null ? null : validator({ value: result } as AbstractControl);
  };
}

function linesOf(text: string): string[] | null {
  const lines = text.split(/[\s,;]+/).filter(Boolean);
  return lines.length === 0 ? null : lines;
}

/** Returns the value of a number field: `null` if it is empty. */
function numberOf(value: string | number | null): number | null {
  return value === null || value === '' ? null : Number(value);
}

function jsonOf(text: string): unknown {
  try {
    return text.trim() === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Runs a validator only if the previous one accepts the value, because Angular would show the last error. */
function firstOf(one: ValidatorFn, other: ValidatorFn): ValidatorFn {
  return (control) => one(control) ?? other(control);
}

const areNetworks: ValidatorFn = ({ value }) => {
  for (const line of linesOf(value as string) ?? []) {
    const network = parseNetwork(line);
    const address = parseNetwork(line.split('/', 1)[0] ?? '');
    if (network === null || address === null) {
      return toErrors({ rules: ['isNetwork'], message: '' });
    }
    if (network.bytes.some((byte, index) => byte !== address.bytes[index])) {
      return toErrors({ rules: [], message: '', network: formatNetwork(network) });
    }
  }
  return null;
};

const isJsonObject: ValidatorFn = ({ value }) => {
  const text = (value as string).trim();
  const json = jsonOf(text);
  return text === '' || (typeof json === 'object' && json !== null && !Array.isArray(json))
    ? null
    : toErrors({ rules: ['isMetadata'], message: '' });
};
