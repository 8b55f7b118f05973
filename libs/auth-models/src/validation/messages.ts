/** What is said of a value that is not of its member's type, or is nothing where something is wanted, in plain words. */
const says = (sentence: string) => ({ message: `$property ${sentence}` });

export const WHOLE_NUMBER = says('must be a whole number');
export const TRUE_OR_FALSE = says('must be true or false');
export const LIST = says('must be a list');
export const NO_REPETITION = says('must not have anything twice');
export const NOT_EMPTY = says('must not be empty');
export const E_MAIL_ADDRESS = says('must be an e-mail address, such as anna@example.org');
export const INSTANT = says('must be a time with its zone, such as 2026-12-31T23:59:59Z');
