import { createHash, createHmac, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const FORM = /^[A-Za-z0-9+/]{43}=$/;

/** Key that seals entries of the audit trail. */
export class SealingKey {
  /** Identifies the key without revealing it. */
  readonly id: string;

  private constructor(private readonly bytes: Buffer) {
    this.id = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  }

  /** Creates a random key. */
  static create(): SealingKey {
    return new SealingKey(randomBytes(KEY_BYTES));
  }

  /** Parses 32 bytes in base64. Returns `undefined` for any other text. */
  static parse(text: string): SealingKey | undefined {
    return FORM.test(text.trim()) ? new SealingKey(Buffer.from(text, 'base64')) : undefined;
  }

  /** The secret key, in base64. */
  get secret(): string {
    return this.bytes.toString('base64');
  }

  /** Returns the HMAC-SHA-256 of a text, in base64url. */
  seal(text: string): string {
    return createHmac('sha256', this.bytes).update(text).digest('base64url');
  }
}
