/** Invalid configuration. The server prints the message, one line, and does not start. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
