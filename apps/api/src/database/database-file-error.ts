/** What is wrong with a database file that somebody backs up or restores; the message is for them. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError';
}
