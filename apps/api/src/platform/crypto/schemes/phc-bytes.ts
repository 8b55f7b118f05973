/** The bytes of a PHC string's field: Base64 without padding; passlib writes `.` for `+`. `undefined` = no such text. */
export function phcBytes(text: string | undefined): Buffer | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/.]+$/.test(text) || text.length % 4 === 1) {
    return undefined;
  }
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}
