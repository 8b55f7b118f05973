import { buildMessage, isISO8601, isRFC3339, ValidateBy } from 'class-validator';
import { DATE_TIME } from './messages.js';

/**
 * Whether a value is an RFC 3339 date and time of an existing day. `t` and `z` may be lower case (section
 * 5.6).
 */
function isDateTime(value: unknown): boolean {
  return (
    isRFC3339(value) && isISO8601((value as string).toUpperCase(), { strict: true, strictSeparator: true })
  );
}

/** Accepts an RFC 3339 date and time. Unlike `IsRFC3339`, it rejects days that do not exist. */
export function IsDateTime(): PropertyDecorator {
  return ValidateBy(
    { name: 'isRfc3339', validator: { validate: isDateTime, defaultMessage: buildMessage(() => '') } },
    DATE_TIME,
  );
}
