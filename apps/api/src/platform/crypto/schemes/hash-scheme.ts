/** One way of hashing passwords, known by the form of its hashes. */
export interface HashScheme {
  /** What people call it. */
  readonly name: string;

  /** Whether a text is a hash of this scheme, by its beginning. */
  claims(hash: string): boolean;

  /**
   * What is wrong with a hash that another system made: its form, or that checking it would take too long or too much
   * memory; `undefined` = nothing.
   */
  flaw(hash: string): string | undefined;

  /** Whether a password belongs to a hash that has no flaw. The password is as it was typed. */
  verify(hash: string, password: string): Promise<boolean>;
}
