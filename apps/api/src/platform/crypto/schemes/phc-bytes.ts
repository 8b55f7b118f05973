/** Decodes a field of a PHC string: Base64 without padding, where passlib has `.` for `+`. `undefined` if it is invalid. */
export function phcBytes(text: string | undefined): Buffer | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/.]+$/.test(text) || text.length % 4 === 1) {
    return undefined;
  }
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}
