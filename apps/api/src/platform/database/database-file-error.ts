/** Problem of a database that is backed up, restored or moved. The message is for the operator. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError';
}
