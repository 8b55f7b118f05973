/**
 * Options with messages in plain English, where the default message of class-validator is hard to understand.
 */
const message = (text: string) => ({ message: `$property ${text}` });

export const WHOLE_NUMBER = message('must be a whole number');
export const TRUE_OR_FALSE = message('must be true or false');
export const LIST = message('must be a list');
export const NO_DUPLICATES = message('must not contain duplicates');
export const NOT_EMPTY = message('must not be empty');
export const EMAIL_ADDRESS = message('must be an e-mail address, such as anna@example.org');
export const DATE_TIME = message('must be a date and time with a time zone, such as 2026-12-31T23:59:59Z');
