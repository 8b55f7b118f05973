/** What is wrong with a database file that somebody backs up, restores or moves; the message is for them. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError';
}
