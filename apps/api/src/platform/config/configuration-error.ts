/** A configuration the server refuses to start with; the message is the one line the operator sees. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
