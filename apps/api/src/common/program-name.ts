/**
 * Command that starts this program, for advice. npm does not put a program that it installs into a folder on
 * the PATH.
 */
export const LATCHKEY = process.env.npm_command === undefined ? 'latchkey' : 'npx --no-install latchkey';
