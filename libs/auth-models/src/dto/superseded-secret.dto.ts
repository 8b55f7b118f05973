/** The secret that a token had before its last rotation, and what it was used for since. */
export class SupersededSecretDto {
  /** When it stops or stopped working, RFC 3339. */
  until: string;

  /** How often it was used since the rotation. */
  uses: number;

  /** When it was last used since the rotation, RFC 3339. */
  lastUsageTime?: string;

  /** The address it was last used from. */
  lastUsageAddress?: string;

  /** What it was last used with, as `User-Agent` says. */
  lastUsageAgent?: string;
}
