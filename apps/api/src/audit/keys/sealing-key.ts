import { createHash, createHmac, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const FORM = /^[A-Za-z0-9+/]{43}=$/;

/** A key that seals entries of the audit trail. */
export class SealingKey {
  /** Names the key without telling it. */
  readonly id: string;

  private constructor(private readonly bytes: Buffer) {
    this.id = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  }

  /** Makes a key that nobody has. */
  static create(): SealingKey {
    return new SealingKey(randomBytes(KEY_BYTES));
  }

  /** Reads a key from 32 bytes in base64; `undefined` if the text holds none. */
  static parse(text: string): SealingKey | undefined {
    return FORM.test(text.trim()) ? new SealingKey(Buffer.from(text, 'base64')) : undefined;
  }

  /** The key itself, in base64. */
  get secret(): string {
    return this.bytes.toString('base64');
  }

  /** HMAC-SHA-256 of a text, base64url. */
  seal(text: string): string {
    return createHmac('sha256', this.bytes).update(text).digest('base64url');
  }
}
